"""Turns a trained Keras classifier into a folder that TensorFlow Serving and the model server load.

Asked: `source` (.keras, .h5 or a SavedModel's folder), `target` (FOLDER/NAME/VERSION), and optionally
`scaling`, `resample`, `fit`, `size`, `input_name`, `output_name`, `images`, `onnx`; an empty text is not
given. Tells `stage`s, then what it wrote.

The folder holds a SavedModel, the same as ONNX, and warm-up requests. Both formats are run as their
servers run them and compared with Keras on pictures; where one differs, nothing is left behind.
"""

import dataclasses
import shutil
import signal
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import protocol
from converter import compare, encoded, network, onnx_graphs, pictures, saved_model, scaling, warmup
from converter.options import Options


def convert(options: Options) -> dict[str, object]:
    """What was written, and how far it is from Keras; with `faults` nothing is.

    Raises ValueError, and leaves nothing behind, for what cannot be served.
    """
    target = options.target
    if target.exists():
        raise ValueError(f"{target} is there already: a version is never overwritten")
    files = pictures.files_in(options.images) if options.images else pictures.drawn()
    protocol.tell(stage=f"loading {options.source.name}")
    found = network.load(options.source, options.size)
    found = dataclasses.replace(
        found,
        input_name=options.input_name or found.input_name,
        output_name=options.output_name or found.output_name,
    )
    if found.input_name == found.output_name:
        raise ValueError(f'Expected different names but input and output are both "{found.input_name}"')
    target.parent.mkdir(parents=True, exist_ok=True)
    # Beside the target, so that it appears there at once and whole; servers look at numbers alone.
    fresh = Path(tempfile.mkdtemp(prefix=f".{target.name}-", dir=target.parent))
    try:
        fresh.chmod(0o755)
        _write(fresh, found, options)
        protocol.tell(stage=f"comparing with Keras on {len(files)} pictures")
        differences = compare.compare(found, fresh, files, options.scaling, options.resample)
        faults = list(compare.faults(differences))
        requests = warmup.write(fresh, target.parent.name)
        if not faults:
            fresh.rename(target)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    return {
        "folder": str(target),
        "input": {"name": found.input_name, "dtype": found.dtype.name, "shape": found.spec.shape.as_list()},
        "output": {"name": found.output_name, "shape": [None, found.classes]},
        "differences": [dataclasses.asdict(each) for each in differences],
        "pictures": len(files),
        "warmup_requests": requests,
        "notes": list(_notes(options, found, files)),
        "faults": faults,
    }


def _write(folder: Path, found: network.Network, options: Options) -> None:
    protocol.tell(stage="writing the SavedModel")
    saved_model.save(found, folder, options.scaling, options.resample, options.fit)
    if options.onnx:
        protocol.tell(stage="writing ONNX")
        onnx_graphs.save(found, folder, options.scaling)


def _notes(options: Options, found: network.Network, files: list[bytes]) -> Iterator[str]:
    """What is not there, or not exact, and why."""
    if options.scaling is None:
        yield "only serving_default: serving_uint8 and serving_bytes need to know the scaling"
    elif reason := encoded.unsupported(options.resample, options.fit):
        yield f"no serving_bytes: {reason}"
    elif options.resample not in encoded.EXACT:
        cost = compare.cost_of_near_filter(found, files, options.scaling, options.resample)
        yield (
            f"serving_bytes is not exact: tf.image rounds {options.resample} otherwise than Pillow, "
            f"which moved scores by up to {cost:.1e}"
        )


def main(asked: dict) -> None:
    # As for an interrupt, what was begun is taken away.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        result = convert(Options.of(asked))
        protocol.tell(**result)
        sys.exit(1 if result["faults"] else 0)
    except (ValueError, OSError) as error:
        protocol.tell(refusal=str(error))
        sys.exit(1)


protocol.run(main)

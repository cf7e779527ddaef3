"""Proves that every file of the export computes what the trained network computes.

    python -m export.check --weights run/weights.pt --data DATASET

Run in models/clothing-model. The SavedModel is loaded as TensorFlow Serving loads it (a session, the tag
"serve", tensors by the names in the SignatureDef) and as Python does; the ONNX graphs with ONNX
Runtime. All are compared with torch on validation photographs and on noise, in batches of several
sizes. Exits 1 at the first thing that is not as it should be.
"""

import argparse
import json
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import onnxruntime
import tensorflow as tf

from export.calibration import network_logits
from export.export import RECORD, ROOT
from export.folded import fold, load_network
from export.keras_model import INPUT_NAME, OUTPUT_NAME, SIZE, build_keras_model, preprocess
from training.data import CLASSES, load_split, serving_view

TOLERANCE = 2e-4
BATCHES = (1, 2, 7)
MAX_BYTES = 10_000_000
SAVED_MODEL_FILES = ("saved_model.pb", "fingerprint.pb", "variables")
ONNX_FILES = ("model.onnx", "serving_uint8.onnx", "model.onnx.data")

Classify = Callable[[np.ndarray], np.ndarray]


def require(holds: bool, message: str) -> None:
    if not holds:
        raise SystemExit(f"FAILED: {message}")


def session_signatures(folder: Path) -> dict[str, Classify]:
    """The signatures as TensorFlow Serving runs them; checks their names, types and shapes."""
    session = tf.compat.v1.Session(graph=tf.Graph())
    with session.graph.as_default():
        meta_graph = tf.compat.v1.saved_model.load(session, ["serve"], str(folder))

    def classifier(name: str, dtype: tf.DType) -> Classify:
        signature = meta_graph.signature_def[name]
        require(list(signature.inputs) == [INPUT_NAME], f"{name} has the input {INPUT_NAME}")
        require(list(signature.outputs) == [OUTPUT_NAME], f"{name} has the output {OUTPUT_NAME}")
        source, result = signature.inputs[INPUT_NAME], signature.outputs[OUTPUT_NAME]
        shapes = [[dim.size for dim in end.tensor_shape.dim] for end in (source, result)]
        require(shapes == [[-1, SIZE, SIZE, 3], [-1, len(CLASSES)]], f"{name} has shapes {shapes}")
        require(source.dtype == dtype.as_datatype_enum, f"{name} takes {dtype.name}")
        require(result.dtype == tf.float32.as_datatype_enum, f"{name} gives float32")
        return lambda batch: session.run(result.name, {source.name: batch})

    return {
        "serving_default": classifier("serving_default", tf.float32),
        "serving_uint8": classifier("serving_uint8", tf.uint8),
    }


def onnx_classifier(path: Path) -> Classify:
    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    (source,), (result,) = session.get_inputs(), session.get_outputs()
    require(source.name == INPUT_NAME and source.shape[1:] == [SIZE, SIZE, 3], f"{path.name} input")
    require(
        result.name == OUTPUT_NAME and result.shape[1:] == [len(CLASSES)], f"{path.name} output"
    )
    return lambda batch: session.run([OUTPUT_NAME], {INPUT_NAME: batch})[0]


def classifiers(folder: Path, keras_model) -> Iterator[tuple[str, Classify, Classify]]:
    """Name, classifier of scaled float32 images, classifier of uint8 pixels."""
    session = session_signatures(folder)
    yield "SavedModel, session", session["serving_default"], session["serving_uint8"]
    loaded = tf.saved_model.load(str(folder)).signatures

    def eager(name: str) -> Classify:
        function = loaded[name]
        return lambda batch: function(**{INPUT_NAME: tf.constant(batch)})[OUTPUT_NAME].numpy()

    yield "SavedModel, tf.saved_model.load", eager("serving_default"), eager("serving_uint8")
    run_onnx = onnx_classifier(folder / "model.onnx")
    yield "ONNX Runtime", run_onnx, onnx_classifier(folder / "serving_uint8.onnx")

    def run_keras(batch: np.ndarray) -> np.ndarray:
        return keras_model.predict_on_batch(batch)

    yield "Keras", run_keras, lambda pixels: run_keras(preprocess(pixels))


def check_sizes(folder: Path) -> None:
    for kind, names in (("SavedModel", SAVED_MODEL_FILES), ("ONNX", ONNX_FILES)):
        paths = [folder / name for name in names]
        files = [file for path in paths for file in ([path] if path.is_file() else path.iterdir())]
        size = sum(file.stat().st_size for file in files)
        print(f"{kind}: {size} bytes")
        require(size <= MAX_BYTES, f"{kind} takes at most {MAX_BYTES} bytes")


def check_traces(folder: Path) -> None:
    """No file tells on which machine, from which code, it was made."""
    places = [Path.cwd(), sys.prefix, tempfile.gettempdir()]
    traces = [b"site-packages", b".py", *(str(place).encode() for place in places)]
    for file in folder.rglob("*"):
        # Weights are arbitrary bytes: in them a short text may stand by chance.
        if file.is_file() and ".data" not in file.name:
            content = file.read_bytes()
            found = [trace.decode() for trace in traces if trace in content]
            require(not found, f"{file.name} should not contain {found}")


def check_spec() -> None:
    spec = (ROOT / "model.yaml").read_text(encoding="utf-8")
    require(f"labels: [{', '.join(CLASSES)}]" in spec, "model.yaml has the labels in their order")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--weights", type=Path, required=True)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--images", type=int, default=48)
    args = parser.parse_args()

    record = json.loads(RECORD.read_text(encoding="utf-8"))
    mirror, temperature = record["mirror"], record["temperature"]
    folder = ROOT / str(record["model_version"])
    check_spec()
    check_sizes(folder)
    check_traces(folder)

    net = load_network(args.weights)
    images, _, _ = load_split(args.data / "validation")
    rng = np.random.default_rng(0)
    chosen = rng.choice(len(images), args.images, replace=False)
    noise = rng.integers(0, 256, (8, SIZE, SIZE, 3), np.uint8)
    noise[0], noise[1] = 0, 255
    pixels = np.concatenate([np.stack([serving_view(images[i]) for i in chosen]), noise])
    plain, mirrored = network_logits(net, pixels)
    expected = ((plain + mirrored) / 2 if mirror else plain) / temperature

    keras_model = build_keras_model(fold(net, temperature), mirror)
    for name, run_float, run_pixels in classifiers(folder, keras_model):
        worst, between = 0.0, 0.0
        for size in BATCHES:
            for start in range(0, len(pixels), size):
                part = slice(start, start + size)
                logits = run_float(preprocess(pixels[part]))
                require(logits.dtype == np.float32, f"{name} gives float32")
                require(logits.shape == expected[part].shape, f"{name} gives {logits.shape}")
                worst = max(worst, float(np.abs(logits - expected[part]).max()))
                between = max(between, float(np.abs(run_pixels(pixels[part]) - logits).max()))
        print(f"{name}: against torch {worst:.2e}, uint8 against float32 {between:.2e}")
        require(worst <= TOLERANCE, f"{name} differs from torch by at most {TOLERANCE}")
        require(between == 0, f"{name} answers pixels and scaled pixels alike")
    print(f"{len(pixels)} images in batches of {BATCHES}: all within {TOLERANCE} of torch")


if __name__ == "__main__":
    main()

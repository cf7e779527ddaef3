"""Writes ../vectors/resize.json: SHA-256 of what Pillow, Keras and TensorFlow make of drawn pictures.

With --check nothing is written: the vectors are made again and compared with those in the file.
"""

import argparse
import hashlib
import io
import json
import os
import pathlib
import platform
import sys

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras  # noqa: E402
import numpy as np  # noqa: E402
import PIL  # noqa: E402
import tensorflow as tf  # noqa: E402

from drawing import draw_source  # noqa: E402
from reference import FITS, PILLOW, SCALINGS, TENSORFLOW, resized, scaled  # noqa: E402

VECTORS = pathlib.Path(__file__).parent.parent / "vectors"
SOURCES = (
    *((1, 1), (1, 500), (500, 1), (17, 23), (299, 299), (300, 299)),
    *((320, 213), (213, 320), (1280, 960)),
)
"""Width and height."""
TARGETS = ((299, 299), (224, 224), (96, 96), (150, 180), (1, 1), (640, 480))
"""Height and width."""
UPSCALED = (640, 480)
"""Stretched only but from one source: large results make the comparison slow."""
SINGLE_CASES = (
    *(((4000, 3000), (299, 299), resample, "stretch") for resample in (*PILLOW, *TENSORFLOW)),
    ((4000, 3000), (150, 180), "nearest", "crop"),
    ((4000, 3000), (150, 180), "bicubic", "crop"),
    ((4000, 3000), (224, 224), "bilinear", "pad"),
    ((4000, 3000), (224, 224), "tf-bilinear", "crop"),
    ((4000, 3000), (1, 1), "lanczos", "stretch"),
    # Coefficients of one axis outnumber what is held at once.
    ((200000, 2), (96, 96), "lanczos", "stretch"),
    ((2, 200000), (96, 96), "bicubic", "stretch"),
)
ENCODED = (
    "baseline-420-300x299.jpeg",
    "progressive-420-299x299.jpeg",
    "gray-300x299.jpeg",
    "cmyk-300x299.jpeg",
    "exif-orientation-6-17x23.jpeg",
    "large-420-4000x3000.jpeg",
    "rgb-8-300x299.png",
    "gray-16-interlaced-300x299.png",
    "palette-4-1x500.png",
    "rgb-alpha-8-17x23.png",
    "lossy-60-300x299.webp",
    "lossless-alpha-300x299.webp",
    "colours-256-interlaced-300x299.gif",
    "frame-smaller-17x23.gif",
    "palette-8-300x299.bmp",
    "rgb-predictor-lzw-300x299.tiff",
    "ccitt-group4-0-300x299.tiff",
)
"""Pictures of the decode vectors that go the whole way from bytes to tensor."""
SPECS = {
    "299x299 nearest stretch tf": ((299, 299), "nearest", "stretch", "tf"),
    "224x224 bilinear stretch caffe": ((224, 224), "bilinear", "stretch", "caffe"),
    "150x180 lanczos crop torch": ((150, 180), "lanczos", "crop", "torch"),
    "96x64 bicubic crop none": ((96, 64), "bicubic", "crop", "none"),
}
"""What they are preprocessed to, as `keras.utils.load_img` can be told."""


def digest(values: np.ndarray) -> str:
    assert values.dtype in (np.uint8, np.float32), values.dtype
    return hashlib.sha256(np.ascontiguousarray(values).tobytes()).hexdigest()


def resize_vectors() -> dict:
    vectors = {}
    for source in SOURCES:
        pixels = draw_source(*source)
        for size in TARGETS:
            row = {}
            for resample in (*PILLOW, *TENSORFLOW):
                for fit in FITS if size != UPSCALED or source == (320, 213) else FITS[:1]:
                    try:
                        row[f"{resample} {fit}"] = digest(resized(pixels, size, resample, fit))
                    except tf.errors.InvalidArgumentError:
                        # resize_with_pad refuses a picture of which a side would vanish.
                        assert fit == "pad" and resample in TENSORFLOW
            vectors[case_name(source, size)] = row
    drawn = {source: draw_source(*source) for source, *_ in SINGLE_CASES}
    for source, size, resample, fit in SINGLE_CASES:
        row = vectors.setdefault(case_name(source, size), {})
        row[f"{resample} {fit}"] = digest(resized(drawn[source], size, resample, fit))
    return vectors


def case_name(source: tuple[int, int], size: tuple[int, int]) -> str:
    return f"{source[0]}x{source[1]} to {size[1]}x{size[0]}"


def scaling_vectors() -> dict:
    """Of bytes, and of bicubic's floats, which lie outside 0..255 too."""
    pixels = draw_source(299, 299)
    floats = resized(pixels, (224, 224), "tf-bicubic", "stretch")
    return {
        name: {"bytes": digest(scaled(pixels, scaling)), "floats": digest(scaled(floats, scaling))}
        for name, scaling in SCALINGS.items()
    }


def file_vectors() -> dict:
    return {name: tensors((VECTORS / "decode" / name).read_bytes()) for name in ENCODED}


def tensors(encoded: bytes) -> dict:
    row = {}
    for name, (size, resample, fit, scaling) in SPECS.items():
        image = keras.utils.load_img(
            io.BytesIO(encoded),
            target_size=size,
            interpolation=resample,
            keep_aspect_ratio=fit == "crop",
        )
        row[name] = digest(scaled(keras.utils.img_to_array(image), scaling))
    return row


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="compare, write nothing")
    arguments = parser.parse_args()
    made = {
        "versions": {
            "python": platform.python_version(),
            "pillow": PIL.__version__,
            "keras": keras.__version__,
            "tensorflow": tf.__version__,
            "numpy": np.__version__,
            "machine": platform.machine(),
        },
        "resize": resize_vectors(),
        "scaling": scaling_vectors(),
        "files": file_vectors(),
    }
    path = VECTORS / "resize.json"
    if not arguments.check:
        path.parent.mkdir(exist_ok=True)
        path.write_text(json.dumps(made, indent=2) + "\n")
        return
    kept = json.loads(path.read_text())
    print(f"kept: {kept['versions']}\nhere: {made['versions']}")
    changed = [
        f"{part}: {case}: {name}"
        for part in ("resize", "scaling", "files")
        for case in made[part].keys() | kept[part].keys()
        for name in made[part].get(case, {}).keys() | kept[part].get(case, {}).keys()
        if made[part].get(case, {}).get(name) != kept[part].get(case, {}).get(name)
    ]
    if changed:
        sys.exit("\n".join(["not the same:", *sorted(changed)]))
    print("the same")


if __name__ == "__main__":
    main()

"""Measures what the usual mistakes in preprocessing cost on the validation split, as docs/keras.md shows.

    python -m evaluate.mistakes --data DATASET        in models/clothing-model
"""

import argparse
from collections.abc import Callable
from pathlib import Path

import numpy as np
from keras.applications.imagenet_utils import preprocess_input
from PIL import Image, ImageDraw

from evaluate.metrics import figures_of
from evaluate.session import INPUT_NAME, SERVABLE, open_session
from training.data import load_split

SIZE = (299, 299)
Prepare = Callable[[Image.Image], np.ndarray]


def pixels(image: Image.Image, resample: Image.Resampling = Image.Resampling.NEAREST) -> np.ndarray:
    """float32 [299, 299, 3], 0..255."""
    return np.asarray(image.convert("RGB").resize(SIZE, resample), np.float32)


def scaled(values: np.ndarray, mode: str = "tf") -> np.ndarray:
    return preprocess_input(values.copy(), data_format="channels_last", mode=mode)


def see_through(image: Image.Image) -> Image.Image:
    """The picture with everything outside of an oval transparent, as cut-outs are."""
    alpha = Image.new("L", image.size)
    ImageDraw.Draw(alpha).ellipse((0, 0, *image.size), fill=255)
    cut_out = image.convert("RGBA")
    cut_out.putalpha(alpha)
    return cut_out


def blended(image: Image.Image, colour: str) -> Image.Image:
    cut_out = see_through(image)
    background = Image.new("RGBA", image.size, colour)
    return Image.alpha_composite(background, cut_out)


MISTAKES: dict[str, Prepare] = {
    "none: as the spec says": lambda i: scaled(pixels(i)),
    "red and blue swapped (BGR, OpenCV's order)": lambda i: scaled(pixels(i))[..., ::-1],
    "`unit` in place of `tf`: 0..1 for -1..1": lambda i: pixels(i) / np.float32(255),
    "`torch` in place of `tf`": lambda i: scaled(pixels(i), "torch"),
    "`caffe` in place of `tf`": lambda i: scaled(pixels(i), "caffe"),
    "`none` in place of `tf`: not scaled": pixels,
    "scaled twice": lambda i: scaled(scaled(pixels(i))),
    "`bilinear` in place of `nearest`": lambda i: scaled(pixels(i, Image.Resampling.BILINEAR)),
    "`lanczos` in place of `nearest`": lambda i: scaled(pixels(i, Image.Resampling.LANCZOS)),
    "height and width swapped": lambda i: scaled(pixels(i)).transpose(1, 0, 2),
    "EXIF orientation not heeded: the picture lies": lambda i: scaled(
        pixels(i.transpose(Image.Transpose.ROTATE_90))
    ),
    "cut-out, alpha dropped (as Keras and the gateway do)": lambda i: scaled(pixels(see_through(i))),
    "cut-out, blended with white": lambda i: scaled(pixels(blended(i, "white"))),
    "cut-out, blended with black": lambda i: scaled(pixels(blended(i, "black"))),
}


def softmax(logits: np.ndarray) -> np.ndarray:
    odds = np.exp(logits - logits.max(1, keepdims=True))
    return odds / odds.sum(1, keepdims=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, required=True)
    args = parser.parse_args()

    arrays, labels, _ = load_split(args.data / "validation")
    images = [Image.fromarray(array) for array in arrays]
    session = open_session(SERVABLE / "model.onnx", threads=2)

    def tell(name: str, scores: np.ndarray) -> None:
        figures = figures_of(scores, labels)
        changed = (scores.argmax(1) != usual.argmax(1)).mean()
        print(f"| {name} | {figures.accuracy:.1%} | {changed:.1%} | {scores.max(1).mean():.2f} |", flush=True)

    usual = None
    print("| mistake | accuracy | other answers | mean best probability |\n| --- | ---: | ---: | ---: |")
    for name, prepare in MISTAKES.items():
        batches = (images[start : start + 16] for start in range(0, len(images), 16))
        answers = [
            session.run(None, {INPUT_NAME: np.stack([prepare(image) for image in batch])})[0]
            for batch in batches
        ]
        scores = softmax(np.concatenate(answers).astype(np.float64))
        usual = scores if usual is None else usual
        tell(name, scores)
    tell("`scores: logits` of a model that gives probabilities: softmax twice", softmax(usual))


if __name__ == "__main__":
    main()

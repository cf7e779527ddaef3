"""Measures what other pictures, and other ways to prepare them, cost on the validation split.

    python -m evaluate.robustness --data DATASET --card

Run in models/clothing-model. The photographs are at most 320 pixels long; how large ones fare is shown on
enlarged copies, with and without the noise that a camera's own large photographs have.
"""

import argparse
import io
from collections.abc import Callable
from pathlib import Path

import numpy as np
from PIL import Image, ImageEnhance, ImageOps

import card
from evaluate.metrics import figures_of
from evaluate.session import SERVABLE, open_session, scores_of
from training.data import load_split

SIZE = (299, 299)
NEAREST = Image.Resampling.NEAREST
Change = Callable[[Image.Image], Image.Image]


def served(image: Image.Image, resample: Image.Resampling = NEAREST) -> Image.Image:
    """As model.yaml has it: stretched to 299×299."""
    return image.resize(SIZE, resample)


def jpeg(image: Image.Image, quality: int) -> Image.Image:
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=quality)
    return Image.open(buffer)


def enlarged(image: Image.Image, noise: float) -> Image.Image:
    """A JPEG of four times the width and height, with noise of that standard deviation."""
    large = image.resize((image.width * 4, image.height * 4), Image.Resampling.LANCZOS)
    grain = np.random.default_rng(0).normal(0, noise, (large.height, large.width, 1))
    pixels = np.clip(np.asarray(large) + grain, 0, 255).astype(np.uint8)
    return jpeg(Image.fromarray(pixels), 90)


def decoded_fast(image: Image.Image, least: tuple[int, int] = SIZE) -> Image.Image:
    """Scaled in the DCT domain to no less than `least`."""
    image.draft("RGB", least)
    return image


def central_square(image: Image.Image) -> Image.Image:
    side = min(image.size)
    return ImageOps.fit(image, (side, side), NEAREST)


CHANGES: dict[str, Change] = {
    "as served": served,
    "mirrored": lambda i: served(ImageOps.mirror(i)),
    "resample: box": lambda i: served(i, Image.Resampling.BOX),
    "resample: bilinear": lambda i: served(i, Image.Resampling.BILINEAR),
    "resample: bicubic": lambda i: served(i, Image.Resampling.BICUBIC),
    "resample: lanczos": lambda i: served(i, Image.Resampling.LANCZOS),
    "fit: crop": lambda i: served(central_square(i)),
    "fit: pad": lambda i: ImageOps.pad(i, SIZE, NEAREST),
    "middle 80 % of width and height": lambda i: served(
        ImageOps.crop(i, (i.width // 10, i.height // 10, i.width // 10, i.height // 10))
    ),
    "halved, nearest": lambda i: served(i.resize((i.width // 2, i.height // 2), NEAREST)),
    "halved, DCT-scaled": lambda i: served(
        decoded_fast(jpeg(i, 95), (i.width // 2, i.height // 2))
    ),
    "enlarged 4×": lambda i: served(enlarged(i, 0)),
    "enlarged 4×, DCT-scaled": lambda i: served(decoded_fast(enlarged(i, 0))),
    "enlarged 4×, noise 20": lambda i: served(enlarged(i, 20)),
    "enlarged 4×, noise 20, DCT-scaled": lambda i: served(decoded_fast(enlarged(i, 20))),
    "enlarged 4×, noise 20, resample: bilinear": lambda i: served(
        enlarged(i, 20), Image.Resampling.BILINEAR
    ),
    "JPEG quality 50": lambda i: served(jpeg(i, 50)),
    "JPEG quality 20": lambda i: served(jpeg(i, 20)),
    "brightness × 0.6": lambda i: served(ImageEnhance.Brightness(i).enhance(0.6)),
    "brightness × 1.4": lambda i: served(ImageEnhance.Brightness(i).enhance(1.4)),
    "without colour": lambda i: served(ImageOps.grayscale(i).convert("RGB")),
    "turned by 90°": lambda i: served(i.transpose(Image.Transpose.ROTATE_90)),
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--card", action="store_true", help="fill the card's section")
    args = parser.parse_args()

    arrays, labels, _ = load_split(args.data / "validation")
    images = [Image.fromarray(array) for array in arrays]
    session = open_session(SERVABLE / "serving_uint8.onnx", threads=2)
    rows, usual = [], None
    for name, change in CHANGES.items():
        pixels = np.stack([np.asarray(change(image).convert("RGB")) for image in images])
        scores = scores_of(session, pixels)
        usual = scores if usual is None else usual
        figures = figures_of(scores, labels)
        changed = (scores.argmax(1) != usual.argmax(1)).mean()
        rows.append((name, f"{figures.accuracy:.1%}", f"{figures.log_loss:.3f}", f"{changed:.1%}"))
        print(*rows[-1], sep="\t", flush=True)
    if args.card:
        header = ["picture or preparation", "accuracy", "log loss", "other answer than as served"]
        card.fill_section("robustness", card.table(header, rows))


if __name__ == "__main__":
    main()

"""Draws the samples of the page and the golden pictures, of seeds that no set has.

    python -m training.draw_samples        in examples/shapes-model
"""

from pathlib import Path

import numpy as np
from PIL import Image

from training.shapes import LABELS
from training.shapes import draw as draw_any

ROOT = Path(__file__).parents[1]


def draw(label: str, rng: np.random.Generator) -> Image.Image:
    """Small ones: they are kept in the repository."""
    return draw_any(label, rng, widest=220)


def main() -> None:
    rng = np.random.default_rng(6)
    for label in LABELS:
        draw(label, rng).save(ROOT / "samples" / f"{label}.jpg", quality=80)
    golden = ROOT / "golden"
    draw("ring", rng).save(golden / "ring.jpg", quality=80)
    draw("star", rng).save(golden / "star-444.jpg", quality=75, subsampling=0)
    draw("triangle", rng).quantize(16).save(golden / "triangle-palette.png")
    draw("cross", rng).convert("L").save(golden / "cross-gray.jpg", quality=85)
    draw("circle", rng).save(golden / "circle.webp", quality=80)
    square = draw("square", rng).convert("RGBA")
    # Alpha is dropped, not blended.
    square.putalpha(200)
    square.resize((64, 64)).save(golden / "square-small-alpha.png")
    turned = draw("crescent", rng)
    exif = Image.Exif()
    # Orientation, which Keras and the gateway ignore.
    exif[0x0112] = 6
    turned.save(golden / "crescent-turned.jpg", quality=85, exif=exif)


if __name__ == "__main__":
    main()

"""Makes the golden pictures from the drawn ones in samples/: many formats, modes and sizes.

    python -m golden.pictures

Run in models/clothing-model. Run again only to change the set: the golden vectors belong to the files' bytes.
"""

from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image, ImageChops, ImageDraw

FOLDER = Path(__file__).parent
SAMPLES = FOLDER.parent / "samples"
ORIENTATION = 0x0112


def sample(name: str, width: int, height: int) -> Image.Image:
    with Image.open(SAMPLES / f"{name}.jpg") as image:
        return image.convert("RGB").resize((width, height), Image.Resampling.LANCZOS)


def with_alpha(image: Image.Image) -> Image.Image:
    """Opaque in an ellipse, fading to nothing at the corners; the hidden colours remain."""
    mask = Image.radial_gradient("L").resize(image.size)
    mask = ImageChops.invert(mask)
    ImageDraw.Draw(mask).ellipse((40, 40, image.width - 40, image.height - 40), fill=255)
    image = image.copy()
    image.putalpha(mask)
    return image


def sixteen_bit(image: Image.Image) -> Image.Image:
    """Gray, 0…65535, most of it above the 255 at which Pillow clips."""
    gray = np.asarray(image.convert("L"), np.uint16)
    return Image.fromarray(gray * 4)


def orientation(value: int) -> Image.Exif:
    exif = Image.Exif()
    exif[ORIENTATION] = value
    return exif


def main() -> None:
    def save(image: Image.Image, name: str, **options: Any) -> None:
        image.save(FOLDER / name, **options)

    save(sample("dress", 480, 560), "dress.jpg", quality=85, subsampling="4:2:0")
    save(sample("hat", 480, 560), "hat-progressive.jpg", quality=85, progressive=True)
    save(sample("longsleeve", 401, 467), "longsleeve-422.jpg", quality=85, subsampling="4:2:2")
    save(sample("pants", 600, 400), "pants-444.jpg", quality=80, subsampling="4:4:4")
    save(sample("shoes", 299, 299), "shoes.jpg", quality=90)
    save(sample("skirt", 333, 389).convert("L"), "skirt-gray.jpg", quality=85)
    save(sample("t-shirt", 240, 280).convert("CMYK"), "t-shirt-cmyk.jpg", quality=85)
    save(sample("shorts", 360, 420), "shorts-turned.jpg", quality=85, exif=orientation(6))
    save(sample("t-shirt", 200, 233), "t-shirt.png", optimize=True)
    save(sample("dress", 300, 350).quantize(64), "dress-palette.png", optimize=True)
    save(with_alpha(sample("hat", 200, 233)), "hat-alpha.png", optimize=True)
    save(sixteen_bit(sample("pants", 180, 210)), "pants-16bit.png", optimize=True)
    save(sample("shorts", 31, 57), "shorts-small.png", optimize=True)
    save(sample("skirt", 480, 560), "skirt.webp", quality=80)
    save(sample("shoes", 160, 187), "shoes-lossless.webp", lossless=True)
    save(with_alpha(sample("longsleeve", 320, 373)), "longsleeve-alpha.webp", quality=80)
    save(sample("t-shirt", 300, 350).quantize(32), "t-shirt.gif")
    save(sample("pants", 120, 140), "pants-lzw.tiff", compression="tiff_lzw")
    size = sum(file.stat().st_size for file in FOLDER.iterdir() if file.suffix not in (".py",))
    print(f"{size} bytes")


if __name__ == "__main__":
    main()

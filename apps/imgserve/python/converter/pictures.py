"""The pictures that every format is asked with: people's own, or drawn ones."""

import io
from collections.abc import Sequence
from pathlib import Path

import keras
import numpy as np
from PIL import Image, ImageDraw

from converter import encoded
from converter.options import PILLOW

MOST = 16
_SUFFIXES = (".bmp", ".gif", ".jpeg", ".jpg", ".png", ".webp")



def files_in(folder: Path) -> list[bytes]:
    """At most MOST, evenly spread. Raises ValueError for a folder that has none."""
    paths = sorted(path for path in folder.rglob("*") if path.suffix.lower() in _SUFFIXES)
    if not paths:
        raise ValueError(f"Expected pictures ({', '.join(_SUFFIXES)}) in {folder} but there are none")
    chosen = np.unique(np.linspace(0, len(paths) - 1, MOST).astype(int))
    return [paths[index].read_bytes() for index in chosen]


def drawn() -> list[bytes]:
    """Coloured ellipses on gradients, and noise: JPEG and PNG of several sizes."""
    rng = np.random.default_rng(0)
    files = []
    for index, (width, height) in enumerate([(400, 300), (300, 401), (640, 480), (97, 131), (224, 224)]):
        gradient = np.linspace(0, 255, width)[None, :, None] * np.linspace(0.2, 1, height)[:, None, None]
        noise = rng.normal(0, 12, (height, width, 3))
        picture = Image.fromarray(np.clip(gradient * rng.uniform(0.3, 1, 3) + noise, 0, 255).astype(np.uint8))
        box = (width // 5, height // 5, width * 3 // 4, height * 3 // 4)
        ImageDraw.Draw(picture).ellipse(box, fill=tuple(rng.integers(0, 256, 3).tolist()))
        files.append(_encoded(picture, "PNG" if index == 3 else "JPEG"))
    files.append(_encoded(Image.fromarray(rng.integers(0, 256, (256, 256, 3), np.uint8)), "PNG"))
    return files


def prepare(files: Sequence[bytes], size: tuple[int, int], resample: str) -> np.ndarray:
    """[N, *size, 3], stretched as a Keras notebook would: uint8, or float32 of what does not round."""
    if resample not in PILLOW:
        return prepare_near(files, size, resample)
    return np.stack(
        [
            keras.utils.load_img(io.BytesIO(file), target_size=size, interpolation=resample)
            for file in files
        ]
    )


def prepare_near(files: Sequence[bytes], size: tuple[int, int], resample: str) -> np.ndarray:
    """The same with tf.image's filter of the name, or the one that is nearest to Pillow's."""
    resize = encoded.resizer(resample, size)
    return np.stack([resize(np.asarray(keras.utils.load_img(io.BytesIO(file)))) for file in files])


def _encoded(picture: Image.Image, kind: str) -> bytes:
    out = io.BytesIO()
    picture.save(out, kind, quality=90)
    return out.getvalue()

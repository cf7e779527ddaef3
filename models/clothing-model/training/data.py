"""Photographs in memory, and the random views of them that the network is trained on.

The service resizes with Pillow's NEAREST to 299×299 and the network's first layer averages 2×2
pixels. A training view does the same: nearest-neighbour samples on a grid of twice the network's
resolution, averaged 2×2, with the grid moved by a random affine map.
"""

from pathlib import Path

import numpy as np
from PIL import Image

CLASSES = (
    "dress",
    "hat",
    "longsleeve",
    "outwear",
    "pants",
    "shirt",
    "shoes",
    "shorts",
    "skirt",
    "t-shirt",
)


def load_split(folder: Path) -> tuple[list[np.ndarray], np.ndarray, list[str]]:
    """Images as uint8 [H, W, 3], labels as indices into CLASSES, and their relative paths."""
    images, labels, names = [], [], []
    for index, name in enumerate(CLASSES):
        for path in sorted((folder / name).iterdir()):
            images.append(np.asarray(Image.open(path).convert("RGB")))
            labels.append(index)
            names.append(f"{name}/{path.name}")
    return images, np.array(labels), names


def serving_view(image: np.ndarray, size: int = 299) -> np.ndarray:
    """What the gateway sends for `resample: nearest`, `fit: stretch`: uint8 [size, size, 3]."""
    return np.asarray(Image.fromarray(image).resize((size, size), Image.Resampling.NEAREST))


def random_view(image: np.ndarray, size: int, rng: np.random.Generator) -> np.ndarray:
    """A random crop, flip, turn and shear of the image: float32 [size, size, 3], 0…255."""
    height, width = image.shape[:2]
    grid = 2 * size
    area = rng.uniform(0.3, 1.0)
    ratio = np.exp(rng.uniform(np.log(0.75), np.log(1 / 0.75)))
    crop_w, crop_h = min(1.0, np.sqrt(area * ratio)), min(1.0, np.sqrt(area / ratio))
    left, top = rng.uniform(0, 1 - crop_w), rng.uniform(0, 1 - crop_h)
    u = left + crop_w * (np.arange(grid, dtype=np.float32) + 0.5) / grid
    v = top + crop_h * (np.arange(grid, dtype=np.float32) + 0.5) / grid
    if rng.random() < 0.5:
        u = u[::-1]
    if rng.random() < 0.5:
        angle, shear = np.deg2rad(rng.uniform(-15, 15)), rng.uniform(-0.15, 0.15)
        cos, sin = np.cos(angle), np.sin(angle)
        uu, vv = u[None, :] - 0.5, v[:, None] - 0.5
        x = ((cos + shear * sin) * uu + (shear * cos - sin) * vv + 0.5) * width
        y = (sin * uu + cos * vv + 0.5) * height
    else:
        x = np.broadcast_to(u[None, :] * width, (grid, grid))
        y = np.broadcast_to(v[:, None] * height, (grid, grid))
    if rng.random() < 0.35:
        # Large photographs lose most of their pixels to NEAREST; jitter imitates that aliasing.
        reach = rng.uniform(0.3, 1.8)
        x = x + rng.uniform(-reach, reach, (grid, grid)).astype(np.float32)
        y = y + rng.uniform(-reach, reach, (grid, grid)).astype(np.float32)
    flat = np.clip(y, 0, height - 1).astype(np.int32) * width + np.clip(x, 0, width - 1).astype(
        np.int32
    )
    samples = image.reshape(-1, 3)[flat]
    pairs = samples[0::2].astype(np.float32) + samples[1::2]
    return (pairs[:, 0::2] + pairs[:, 1::2]) * 0.25


def random_colour(batch: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Brightness, contrast, saturation and channel gains, per image; [N, S, S, 3], 0…255."""
    n = len(batch)

    def strength(amount: float) -> np.ndarray:
        return rng.uniform(1 - amount, 1 + amount, (n, 1, 1, 1)).astype(np.float32)

    batch = batch * strength(0.35)
    mean = batch.mean((1, 2, 3), keepdims=True)
    batch = (batch - mean) * strength(0.35) + mean
    gray = batch.mean(3, keepdims=True)
    saturation = strength(0.5)
    saturation[rng.random(n) < 0.08] = 0
    batch = (batch - gray) * saturation + gray
    batch = batch * rng.uniform(0.9, 1.1, (n, 1, 1, 3)).astype(np.float32)
    return np.clip(batch, 0, 255)

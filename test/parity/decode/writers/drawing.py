"""Pictures drawn from nothing: all vectors start here."""

import numpy as np


def photo(width, height, seed=0, noise=None):
    """A photograph-like RGB picture: slow gradients, edges, texture and grain; uint8 HWC."""
    rng = np.random.default_rng(seed)
    y, x = np.mgrid[0:height, 0:width].astype(np.float64)
    u, v = x / max(width - 1, 1), y / max(height - 1, 1)
    picture = np.stack([220 * u, 40 + 180 * v, 235 - 110 * (u + v)], axis=-1)
    for _ in range(6):
        cx, cy, radius = rng.uniform(0, 1), rng.uniform(0, 1), rng.uniform(0.05, 0.3)
        inside = (u - cx) ** 2 + (v - cy) ** 2 < radius**2
        picture[inside] = rng.uniform(0, 255, 3)
    fx, fy = rng.uniform(5, 60, 2)
    picture += (18 * np.sin(fx * u + fy * v))[..., None]
    # Grain does not pack: large pictures go without.
    noise = (12 if width * height < 20000 else 0) if noise is None else noise
    if noise:
        picture += rng.normal(0, noise, picture.shape)
    return np.clip(np.rint(picture), 0, 255).astype(np.uint8)


def gradient(width, height):
    """A smooth RGB picture that every codec packs well; uint8 HWC."""
    x = (np.arange(width) * 255 // max(width - 1, 1)).astype(np.uint8)
    y = (np.arange(height) * 255 // max(height - 1, 1)).astype(np.uint8)
    picture = np.empty((height, width, 3), np.uint8)
    picture[..., 0], picture[..., 1], picture[..., 2] = x[None, :], y[:, None], 128
    return picture


def noise(shape, seed, levels=256, dtype=np.uint8):
    """Independent values 0..levels-1."""
    return np.random.default_rng(seed).integers(0, levels, shape).astype(dtype)


def indices(width, height, levels, seed=0):
    """Palette indices in blobs, with some grain; uint8 HW."""
    rng = np.random.default_rng(seed)
    y, x = np.mgrid[0:height, 0:width]
    value = (x * levels // max(width, 1) + y * 3 // max(height, 1) + (x // 5) * (y // 7)) % levels
    grain = rng.random((height, width)) < 0.1
    value[grain] = rng.integers(0, levels, int(grain.sum()))
    return value.astype(np.uint8)


def palette(levels, seed=0):
    """Random colours; uint8 (levels, 3)."""
    return noise((levels, 3), seed + 1000)

"""The pictures that the resize vectors are made of; `source.ts` draws the same."""

import numpy as np


def draw_source(width: int, height: int) -> np.ndarray:
    """Tiles of noise, gradients, hard edges and soft texture, uint8 HWC."""
    y, x = np.mgrid[0:height, 0:width]
    noise = _hash(np.arange(width * height * 3, dtype=np.uint32)).reshape(height, width, 3) & 255
    gradients = np.stack(
        [x * 255 // width, y * 255 // height, (x + y) * 255 // (width + height)], axis=-1
    )
    tile = (((x >> 4) + (y >> 4) * 3) & 3)[..., np.newaxis]
    return np.select(
        [tile == 0, tile == 1, tile == 2],
        [noise, gradients, (noise & 1) * 255],
        (noise >> 5) + 112,
    ).astype(np.uint8)


def _hash(values: np.ndarray) -> np.ndarray:
    mixed = values * np.uint32(0x85EBCA6B)
    mixed ^= mixed >> np.uint32(15)
    mixed *= np.uint32(0xC2B2AE35)
    return mixed ^ (mixed >> np.uint32(13))

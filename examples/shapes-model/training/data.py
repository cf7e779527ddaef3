"""Sets of drawn pictures as the network sees them."""

import io

import numpy as np
from keras.applications.imagenet_utils import preprocess_input
from keras.utils import img_to_array, load_img

from training.shapes import LABELS, draw, encode

SIZE = (96, 96)
# Apart from each other, so that nothing that is tested was trained on.
SEEDS = {"train": 1, "validation": 2, "test": 3}


def tensor_of(file: bytes) -> np.ndarray:
    """float32 [96, 96, 3]: bicubic, scaled as `torch`; model.yaml says the same."""
    image = load_img(io.BytesIO(file), target_size=SIZE, interpolation="bicubic")
    return preprocess_input(img_to_array(image, dtype="float32"), mode="torch")


def drawn_set(split: str, count: int) -> tuple[np.ndarray, np.ndarray]:
    """float32 [count, 96, 96, 3] and the labels' numbers, int [count]; as many of each shape."""
    rng = np.random.default_rng(SEEDS[split])
    numbers = np.arange(count) % len(LABELS)
    files = (encode(draw(LABELS[number], rng), rng) for number in numbers)
    return np.stack([tensor_of(file) for file in files]), numbers

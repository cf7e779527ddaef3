"""The scalings of a model spec, computed in the graph from uint8 pixels."""

from collections.abc import Callable

import numpy as np
import tensorflow as tf
from keras.applications import imagenet_utils

NAMES = ("none", "unit", "tf", "torch", "caffe")


def scaler(scaling: str) -> Callable[[tf.Tensor], tf.Tensor]:
    """uint8 [..., 3] RGB → float32 [..., 3], bit for bit what Keras computes in NumPy.

    `scaling` is one of NAMES or "SCALE,OFFSET", the Rescaling layer's. By table: a graph's own
    arithmetic would not do, since TensorFlow turns a division by a constant into a product, which
    rounds otherwise. Raises ValueError for another scaling.
    """
    table = tf.constant(_table(scaling).reshape(-1))
    channels = tf.constant([0, 1, 2], tf.int32)

    def scale(pixels: tf.Tensor) -> tf.Tensor:
        if scaling == "caffe":
            pixels = pixels[..., ::-1]
        return tf.gather(table, tf.cast(pixels, tf.int32) * 3 + channels)

    return scale


def _table(scaling: str) -> np.ndarray:
    """float32 [256, 3]: what becomes of each byte in each channel, in the output's order."""
    values = np.repeat(np.arange(256, dtype=np.float32)[:, None], 3, axis=1)
    if scaling == "none":
        return values
    if scaling == "unit":
        return values / np.float32(255)
    if scaling in NAMES:
        return imagenet_utils.preprocess_input(values, data_format="channels_last", mode=scaling)
    try:
        scale, offset = (np.float32(number) for number in scaling.split(","))
    except ValueError:
        expected = f"one of {', '.join(NAMES)}, or two numbers SCALE,OFFSET"
        raise ValueError(f'Expected the scaling to be {expected} but received "{scaling}"') from None
    return values * scale + offset

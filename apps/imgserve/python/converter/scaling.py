"""The scalings of a model spec: as a table of all bytes, and for floats that were never bytes."""

import json
from collections.abc import Callable

import numpy as np
import tensorflow as tf
from keras.applications import imagenet_utils

NAMES = ("none", "unit", "tf", "torch", "caffe")
_EXPECTED = f'one of {", ".join(NAMES)}, SCALE,OFFSET, or {{"scale": …, "offset": …}}'
_CAFFE_MEAN = (103.939, 116.779, 123.68)
_TORCH_MEAN = (0.485, 0.456, 0.406)
_TORCH_DEVIATION = (0.229, 0.224, 0.225)


def table_of(scaling: str) -> np.ndarray:
    """float32 [256, 3]: what becomes of each byte in each channel of the output, as NumPy rounds it.

    `scaling` is one of NAMES, "SCALE,OFFSET" of the Rescaling layer, or a model spec's mapping as JSON.
    By table, because a graph's own arithmetic would not do: TensorFlow turns a division by a constant
    into a product, which rounds otherwise. Raises ValueError for another scaling.
    """
    values = np.repeat(np.arange(256, dtype=np.float32)[:, None], 3, axis=1)
    if scaling == "none":
        return values
    if scaling == "unit":
        return values / np.float32(255)
    if scaling == "caffe":
        # The bytes come blue first already.
        return values - np.float32(_CAFFE_MEAN)
    if scaling in NAMES:
        return imagenet_utils.preprocess_input(values, data_format="channels_last", mode=scaling)
    scale, offset = _rescaling(scaling)
    return values * scale + offset


def is_bgr(scaling: str) -> bool:
    """Whether the output's first channel is blue."""
    return scaling == "caffe"


def byte_scaler(scaling: str) -> Callable[[tf.Tensor], tf.Tensor]:
    """uint8 [..., 3] RGB → float32 [..., 3] in a TensorFlow graph; ValueError as `table_of`."""
    table = tf.constant(table_of(scaling).reshape(-1))
    channels = tf.constant([0, 1, 2], tf.int32)

    def scale(pixels: tf.Tensor) -> tf.Tensor:
        ordered = pixels[..., ::-1] if is_bgr(scaling) else pixels
        return tf.gather(table, tf.cast(ordered, tf.int32) * 3 + channels)

    return scale


class FloatScaler(tf.Module):
    """float32 [..., 3] RGB in 0..255 → float32 [..., 3], for resamplings that do not round to bytes.

    Holds what it divides by as variables, which a saved graph cannot turn into products.
    """

    def __init__(self, scaling: str) -> None:
        super().__init__()
        self._is_bgr = is_bgr(scaling)
        scale, offset = (1, 0) if scaling in NAMES else _rescaling(scaling)
        divisor, mean, deviation = {
            "unit": (255, 0, 1),
            "tf": (127.5, 1, 1),
            "torch": (255, _TORCH_MEAN, _TORCH_DEVIATION),
            "caffe": (1, _CAFFE_MEAN, 1),
        }.get(scaling, (1, 0, 1))
        self._scale, self._offset = np.float32(scale), np.float32(offset)
        self._divisor = tf.Variable(divisor, trainable=False, dtype=tf.float32, name="divisor")
        self._mean = np.float32(mean)
        self._deviation = tf.Variable(deviation, trainable=False, dtype=tf.float32, name="deviation")

    def __call__(self, values: tf.Tensor) -> tf.Tensor:
        ordered = values[..., ::-1] if self._is_bgr else values
        rescaled = ordered * self._scale + self._offset
        return (rescaled / self._divisor - self._mean) / self._deviation


def _rescaling(text: str) -> tuple[np.ndarray, np.ndarray]:
    try:
        if text.startswith("{"):
            mapping = json.loads(text)
            scale, offset = mapping["scale"], mapping["offset"]
        else:
            scale, offset = (float(number) for number in text.split(","))
        pair = np.broadcast_to(np.float32(scale), 3), np.broadcast_to(np.float32(offset), 3)
        if not np.isfinite(pair).all():
            raise ValueError
    except (ValueError, TypeError, KeyError):
        raise ValueError(f'Expected the scaling to be {_EXPECTED} but received "{text}"') from None
    return pair

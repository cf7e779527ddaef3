"""What Pillow, Keras and TensorFlow make of an image file by a model's spec.

Nothing here is the gateway's: these are the functions whose result the spec promises.
"""

from typing import Any

import keras
import numpy as np
import tensorflow as tf
from keras.applications.imagenet_utils import preprocess_input
from PIL import Image, ImageOps

PILLOW = {
    "nearest": Image.Resampling.NEAREST,
    "box": Image.Resampling.BOX,
    "bilinear": Image.Resampling.BILINEAR,
    "hamming": Image.Resampling.HAMMING,
    "bicubic": Image.Resampling.BICUBIC,
    "lanczos": Image.Resampling.LANCZOS,
}


def decode(path: str) -> Image.Image:
    """RGB: the first frame, alpha dropped, EXIF orientation and ICC profile left alone."""
    with Image.open(path) as image:
        return image.convert("RGB")


def resize(path: str, image: Image.Image, spec: dict[str, Any]) -> np.ndarray:
    """uint8 [h, w, 3], or float32 where TensorFlow's resampling gives that."""
    height, width = spec["size"]
    resample, fit = spec["resample"], spec["fit"]
    if resample.startswith("tf-"):
        return _resize_by_tensorflow(np.asarray(image), (height, width), resample[3:], fit)
    if fit == "pad":
        return np.asarray(ImageOps.pad(image, (width, height), PILLOW[resample]))
    loaded = keras.utils.load_img(
        path,
        target_size=(height, width),
        interpolation=resample,
        keep_aspect_ratio=fit == "crop",
    )
    return np.asarray(loaded)


def _resize_by_tensorflow(
    pixels: np.ndarray, size: tuple[int, int], method: str, fit: str
) -> np.ndarray:
    if fit == "crop":
        values = pixels if method == "nearest" else pixels.astype("float32")
        return keras.preprocessing.image.smart_resize(values, size, interpolation=method)
    if fit == "pad":
        return tf.image.resize_with_pad(pixels, *size, method=method, antialias=False).numpy()
    return tf.image.resize(pixels, size, method=method, antialias=False).numpy()


def scale(values: np.ndarray, scaling: str | dict[str, Any]) -> np.ndarray:
    """float32, of a copy: `preprocess_input` works in place."""
    values = values.astype("float32")
    if scaling == "none":
        return values
    if scaling == "unit":
        return values / 255.0
    if isinstance(scaling, str):
        return preprocess_input(values, data_format="channels_last", mode=scaling)
    return np.asarray(keras.layers.Rescaling(scaling["scale"], scaling["offset"])(values))

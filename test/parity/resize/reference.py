"""What Pillow, Keras and TensorFlow give for a spec's `resample`, `fit` and `scaling`."""

import io

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
TENSORFLOW = {
    "tf-nearest": "nearest",
    "tf-bilinear": "bilinear",
    "tf-bicubic": "bicubic",
    "tf-area": "area",
}
FITS = ("stretch", "crop", "pad")
SCALINGS = {
    "tf": "tf",
    "torch": "torch",
    "caffe": "caffe",
    "unit": "unit",
    "none": "none",
    "rescaling by 1/255": {"scale": 1 / 255, "offset": 0},
    "rescaling to -1..1": {"scale": 1 / 127.5, "offset": -1},
    "rescaling by channel": {"scale": [0.017, 0.0175, 0.0174], "offset": [-2.1, -2.0, -1.8]},
}


def resized(pixels: np.ndarray, size: tuple[int, int], resample: str, fit: str) -> np.ndarray:
    """uint8, or float32 where TensorFlow gives that."""
    if resample in PILLOW:
        return np.asarray(_pillow(Image.fromarray(pixels), size, resample, fit))
    return _tensorflow(pixels, size, TENSORFLOW[resample], fit)


def _pillow(image: Image.Image, size: tuple[int, int], resample: str, fit: str) -> Image.Image:
    height, width = size
    if fit == "pad":
        return ImageOps.pad(image, (width, height), PILLOW[resample])
    if fit == "stretch":
        return image.resize((width, height), PILLOW[resample])
    file = io.BytesIO()
    image.save(file, "BMP")
    file.seek(0)
    return keras.utils.load_img(
        file, target_size=size, interpolation=resample, keep_aspect_ratio=True
    )


def _tensorflow(pixels: np.ndarray, size: tuple[int, int], method: str, fit: str) -> np.ndarray:
    if fit == "crop":
        values = pixels if method == "nearest" else pixels.astype("float32")
        return keras.preprocessing.image.smart_resize(values, size, interpolation=method)
    if fit == "pad":
        return tf.image.resize_with_pad(pixels, *size, method=method, antialias=False).numpy()
    return tf.image.resize(pixels, size, method=method, antialias=False).numpy()


def scaled(values: np.ndarray, scaling) -> np.ndarray:
    """float32, of a copy: `preprocess_input` works in place."""
    values = values.astype("float32")
    if scaling == "none":
        return values
    if scaling == "unit":
        return values / 255.0
    if isinstance(scaling, str):
        return preprocess_input(values.copy(), data_format="channels_last", mode=scaling)
    return np.asarray(keras.layers.Rescaling(scaling["scale"], scaling["offset"])(values))

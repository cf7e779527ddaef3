"""The way of an image file to the network's input inside of a TensorFlow graph."""

from collections.abc import Callable

import tensorflow as tf

from converter import scaling

# Filters of tf.image that, antialiased, are Pillow's up to the rounding of fixed-point sums.
_NEAR = {"bilinear": "bilinear", "bicubic": "bicubic", "lanczos": "lanczos3"}
_TF = {"tf-nearest": "nearest", "tf-bilinear": "bilinear", "tf-bicubic": "bicubic", "tf-area": "area"}
# Whose pixels are the spec's, bit for bit.
EXACT = ("nearest", *_TF)


def unsupported(resample: str, fit: str) -> str | None:
    """Why a graph cannot prepare files as the spec says; None where it can."""
    if resample not in (*EXACT, *_NEAR):
        return f"TensorFlow has no {resample} filter"
    if fit != "stretch":
        return f"fit: {fit} is not done in a graph"
    return None


def preparer(
    resample: str, scaling_name: str, size: tuple[int, int]
) -> Callable[[tf.Tensor], tf.Tensor]:
    """string [N] → float32 [N, height, width, 3]; for what `unsupported` lets through."""
    prepare = resizer(resample, size)
    is_float = resample in _TF and resample != "tf-nearest"
    scale = scaling.FloatScaler(scaling_name) if is_float else scaling.byte_scaler(scaling_name)
    resized = tf.TensorSpec([*size, 3], tf.float32 if is_float else tf.uint8)

    def call(files: tf.Tensor) -> tf.Tensor:
        return scale(tf.map_fn(lambda file: prepare(decode(file)), files, fn_output_signature=resized))

    # What a module has to hold.
    call.scaler = scale
    return call


def decode(file: tf.Tensor) -> tf.Tensor:
    """uint8 [height, width, 3], as Pillow decodes JPEG, 8-bit PNG, BMP, GIF and opaque WebP.

    The accurate DCT is libjpeg's own choice, and not TensorFlow's, whose pixels differ by up to 7 levels.
    """
    pixels = tf.cond(
        tf.io.is_jpeg(file),
        lambda: tf.io.decode_jpeg(file, channels=3, dct_method="INTEGER_ACCURATE"),
        lambda: tf.io.decode_image(file, channels=3, expand_animations=False),
    )
    return tf.ensure_shape(pixels, [None, None, 3])


def resizer(resample: str, size: tuple[int, int]) -> Callable[[tf.Tensor], tf.Tensor]:
    """uint8 [height, width, 3] → [*size, 3], float32 where the filter does not round, else uint8."""
    if resample == "nearest":
        return lambda pixels: _nearest(_nearest(pixels, size[0], 0), size[1], 1)
    if resample in _TF:
        return lambda pixels: tf.image.resize(pixels, size, _TF[resample])

    def near(pixels: tf.Tensor) -> tf.Tensor:
        floats = tf.image.resize(pixels, size, _NEAR[resample], antialias=True)
        return tf.cast(tf.clip_by_value(tf.round(floats), 0, 255), tf.uint8)

    return near


def _nearest(pixels: tf.Tensor, target: int, axis: int) -> tf.Tensor:
    """As Pillow: the place in the source is a running sum of steps, with its rounding errors."""
    length = tf.shape(pixels)[axis]
    step = tf.cast(length, tf.float64) / target
    places = tf.cumsum(tf.concat([[step / 2], tf.fill([target - 1], step)], 0))
    return tf.gather(pixels, tf.minimum(tf.cast(places, tf.int32), length - 1), axis=axis)

"""Writes the SavedModel that TensorFlow Serving loads."""

from pathlib import Path

import keras
import tensorflow as tf

from export.keras_model import INPUT_NAME, OUTPUT_NAME, SIZE


def save(model: keras.Model, folder: Path) -> None:
    """`saved_model.pb` and `variables/`, tag serve, into `folder`.

    Signatures: `serving_default` (float32 in [-1, 1]) and `serving_uint8` (raw pixels, scaled by
    x / 127.5 - 1 as Keras does); both map `input_8` [-1, 299, 299, 3] to `dense_7` [-1, classes].

    A Keras 3 model saved as it is restores its variables into copies, which TensorFlow Serving's
    C++ loader does not find ("Could not find variable"); a plain module with the bare variables
    has none.
    """
    shape = [None, SIZE, SIZE, 3]

    # A constant divisor would become a product with 1 / 127.5, which rounds 111 of 256 values otherwise.
    divisor = tf.Variable(127.5, trainable=False, name="divisor")

    @tf.function(input_signature=[tf.TensorSpec(shape, tf.float32, name=INPUT_NAME)])
    def classify(images: tf.Tensor) -> dict[str, tf.Tensor]:
        return {OUTPUT_NAME: model(images, training=False)}

    @tf.function(input_signature=[tf.TensorSpec(shape, tf.uint8, name=INPUT_NAME)])
    def classify_pixels(pixels: tf.Tensor) -> dict[str, tf.Tensor]:
        return classify(tf.cast(pixels, tf.float32) / divisor - 1.0)

    module = tf.Module()
    module.variables_ = [divisor, *(variable.value for variable in model.variables)]
    tf.saved_model.save(
        module,
        str(folder),
        signatures={"serving_default": classify, "serving_uint8": classify_pixels},
        options=tf.saved_model.SaveOptions(save_debug_info=False),
    )

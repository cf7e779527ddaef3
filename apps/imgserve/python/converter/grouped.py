"""Grouped convolutions without XLA.

Keras compiles them with XLA on TensorFlow, whose own kernel has no groups on a CPU. TensorFlow Serving's
images are built without that compiler and ONNX has no such call, so a traced graph holds what both have:
a depthwise convolution, or one convolution for each group.
"""

import tensorflow as tf
from keras.src import backend
from keras.src.backend.tensorflow import nn

_conv = nn.conv


def _conv_in_groups(
    inputs, kernel, strides=1, padding="valid", data_format=None, dilation_rate=1
):
    def conv(function, images, weights):
        return function(images, weights, _pair(strides), padding, data_format, _pair(dilation_rate))

    channels, in_group = inputs.shape[-1], kernel.shape[-2]
    is_last = backend.standardize_data_format(data_format) == "channels_last"
    # Run at once, it is Keras' own, which the graph is held against.
    if tf.executing_eagerly() or not is_last or len(inputs.shape) != 4 or channels == in_group:
        return _conv(inputs, kernel, strides, padding, data_format, dilation_rate)
    kernel = tf.convert_to_tensor(kernel)
    groups = channels // in_group
    # TensorFlow's depthwise kernel steps as far down as across.
    if in_group == 1 and len(set(_pair(strides))) == 1:
        shape = [*kernel.shape[:2], groups, kernel.shape[-1] // groups]
        return conv(nn.depthwise_conv, inputs, tf.reshape(kernel, shape))
    parts = zip(tf.split(inputs, groups, -1), tf.split(kernel, groups, -1))
    return tf.concat([conv(_conv, part, own) for part, own in parts], -1)


def _pair(sizes: int | list[int] | tuple[int, ...]) -> tuple[int, ...]:
    return (sizes, sizes) if isinstance(sizes, int) else tuple(sizes)


def install() -> None:
    """For every model that is traced from here on."""
    nn.conv = _conv_in_groups

"""The folded network as a Keras 3 model."""

import keras
import numpy as np
from keras import layers

from export.folded import Block, Conv, FoldedNet

INPUT_NAME = "input_8"
OUTPUT_NAME = "dense_7"
SIZE = 299


def _conv(x: keras.KerasTensor, conv: Conv, name: str, activation: str | None = None):
    if conv.weight.shape[2] > 1:
        # "same" would put the padding of an even-sized, strided input on one side only.
        x = layers.ZeroPadding2D(1, name=f"{name}_pad")(x)
    layer = layers.Conv2D(
        conv.weight.shape[0],
        conv.weight.shape[2],
        strides=conv.stride,
        activation=activation,
        name=name,
    )
    y = layer(x)
    layer.set_weights([conv.weight.transpose(2, 3, 1, 0), conv.bias])
    return y


def _block(x: keras.KerasTensor, block: Block, name: str):
    y = _conv(x, block.conv1, f"{name}_conv1", "relu")
    y = _conv(y, block.conv2, f"{name}_conv2")
    scale = layers.GlobalAveragePooling2D(keepdims=True, name=f"{name}_pool")(y)
    scale = _conv(scale, block.squeeze, f"{name}_squeeze", "relu")
    scale = _conv(scale, block.excite, f"{name}_excite", "sigmoid")
    y = layers.Multiply(name=f"{name}_scale")([y, scale])
    if block.project is not None:
        if block.conv1.stride != 1:
            x = layers.AveragePooling2D(2, padding="same", name=f"{name}_shrink")(x)
        x = _conv(x, block.project, f"{name}_project")
    x = layers.Add(name=f"{name}_add")([x, y])
    return layers.ReLU(name=f"{name}_relu")(x)


def build_keras_model(net: FoldedNet, mirror: bool) -> keras.Model:
    """float32 `input_8` [N, 299, 299, 3] in [-1, 1] → logits `dense_7` [N, classes].

    With `mirror` the logits are the mean of the image's and its mirror image's. The head is linear,
    so its inputs are averaged instead of its outputs.
    """
    image = keras.Input((SIZE, SIZE, 3), name=INPUT_NAME)
    x = layers.AveragePooling2D(2, padding="same", name="average")(image)
    if mirror:
        x = keras.ops.concatenate([x, keras.ops.flip(x, axis=2)], axis=0)
    for index, conv in enumerate(net.stem):
        x = _conv(x, conv, f"stem{index}", "relu")
    for index, block in enumerate(net.blocks):
        x = _block(x, block, f"block{index}")
    x = layers.GlobalAveragePooling2D(name="features")(x)
    if mirror:
        features = net.head_weight.shape[1]
        x = keras.ops.mean(keras.ops.reshape(x, (2, -1, features)), axis=0)
    head = layers.Dense(net.head_weight.shape[0], name=OUTPUT_NAME)
    logits = head(x)
    head.set_weights([net.head_weight.T, net.head_bias])
    return keras.Model(image, logits, name="clothing_model")


def preprocess(pixels: np.ndarray) -> np.ndarray:
    """keras.applications' mode "tf": 0…255 → float32 in [-1, 1], rounded after each step."""
    return pixels.astype(np.float32) / np.float32(127.5) - np.float32(1)

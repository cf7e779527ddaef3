"""Layers as Keras 2 wrote them into .h5 files: with arguments that Keras 3 no longer takes."""

from keras import layers


def _without(layer: type, *names: str) -> type:
    """The layer, deaf to arguments that never meant anything for it."""

    class Layer(layer):
        @classmethod
        def from_config(cls, config: dict) -> layers.Layer:
            # Keras' own, so that nothing is left of this class.
            return layer(**{name: value for name, value in config.items() if name not in names})

    Layer.__name__ = layer.__name__
    return Layer


_OF_CONVOLUTION = ("groups", "kernel_initializer", "kernel_regularizer", "kernel_constraint")
LAYERS = {
    "DepthwiseConv2D": _without(layers.DepthwiseConv2D, *_OF_CONVOLUTION),
    "SeparableConv2D": _without(layers.SeparableConv2D, *_OF_CONVOLUTION),
}

"""An image classifier as its file holds it: one picture's pixels in, one row of scores out."""

import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import keras
import tensorflow as tf

from converter import grouped, keras2
from converter.unreadable import reason_of

# Elements from which a variable counts as large.
_LARGE = 2**14


@dataclass(frozen=True)
class Network:
    """`call` maps float32 (or what `dtype` says) [N, height, width, 3] to [N, classes]."""

    call: Callable[[tf.Tensor], tf.Tensor]
    # What a module has to hold so that the graph's variables are saved.
    variables: list[tf.Variable]
    # The large ones, and `call` with other values in their place.
    weights: list[tf.Variable]
    call_with: Callable[[tf.Tensor, tuple[tf.Tensor, ...]], tf.Tensor]
    input_name: str
    output_name: str
    dtype: tf.DType
    height: int
    width: int
    classes: int

    @property
    def spec(self) -> tf.TensorSpec:
        return tf.TensorSpec([None, self.height, self.width, 3], self.dtype, name=self.input_name)


def load(path: Path, size: tuple[int, int] | None) -> Network:
    """Raises ValueError, which names what is wrong, for a file that holds no such network.

    `size` is height and width, for networks that leave them open.
    """
    if not path.exists():
        raise ValueError(f"{path} is not there")
    grouped.install()
    return _from_saved_model(path, size) if path.is_dir() else _from_keras(path, size)


def _from_keras(path: Path, size: tuple[int, int] | None) -> Network:
    if path.suffix not in (".keras", ".h5", ".hdf5"):
        raise ValueError(f"Expected a .keras or .h5 file or a SavedModel's folder but received {path.name}")
    try:
        old = {} if path.suffix == ".keras" else keras2.LAYERS
        model = keras.models.load_model(path, custom_objects=old, compile=False)
    except Exception as error:  # Keras raises of every kind, with the reason in the text.
        raise ValueError(reason_of(path, error)) from error
    if not getattr(model, "inputs", None):
        raise ValueError(
            f"Expected a model with known inputs but {path.name} was never built: "
            "give its first layer an Input, or call it once before it is saved"
        )
    inputs = {_alias(tensor.name): tensor for tensor in model.inputs}
    outputs = {_alias(name): t for name, t in zip(_output_names(model), model.outputs, strict=True)}

    def call(images: tf.Tensor) -> tf.Tensor:
        return tf.nest.flatten(model(images, training=False))[0]

    large = [each for each in model.variables if math.prod(each.shape) >= _LARGE]

    def call_with(images: tf.Tensor, weights: tuple[tf.Tensor, ...]) -> tf.Tensor:
        with keras.StatelessScope(state_mapping=list(zip(large, weights, strict=True))):
            return call(images)

    return _network(
        path.name,
        _Calls(call, call_with, [each.value for each in model.variables], [each.value for each in large]),
        {alias: (tensor.dtype, tensor.shape) for alias, tensor in inputs.items()},
        {alias: tensor.shape for alias, tensor in outputs.items()},
        size,
    )


def _from_saved_model(path: Path, size: tuple[int, int] | None) -> Network:
    try:
        loaded = tf.saved_model.load(str(path))
    except Exception as error:
        raise ValueError(f"TensorFlow {tf.__version__} cannot load {path.name}: {error}") from error
    function = loaded.signatures.get("serving_default")
    if function is None:
        names = ", ".join(loaded.signatures) or "none"
        raise ValueError(f"Expected the signature serving_default in {path.name} but it has {names}")
    inputs = function.structured_input_signature[1]
    alias, output = next(iter(inputs), ""), next(iter(function.structured_outputs), "")

    def call(images: tf.Tensor) -> tf.Tensor:
        # The function's variables live as long as the object that it was loaded with.
        return loaded.signatures["serving_default"](**{alias: images})[output]

    return _network(
        path.name,
        _Calls(call, lambda images, _: call(images), list(function.graph.variables), []),
        {name: (spec.dtype.name, spec.shape) for name, spec in inputs.items()},
        {name: spec.shape for name, spec in function.structured_outputs.items()},
        size,
    )


@dataclass(frozen=True)
class _Calls:
    call: Callable
    call_with: Callable
    variables: list[tf.Variable]
    weights: list[tf.Variable]


def _network(name: str, calls: _Calls, inputs: dict, outputs: dict, size: tuple[int, int] | None) -> Network:
    """`inputs` are dtypes and shapes by alias, `outputs` shapes."""
    if len(inputs) != 1:
        raise ValueError(f"Expected one input, a picture, but {name} has {len(inputs)}: {', '.join(inputs)}")
    if len(outputs) != 1:
        raise ValueError(f"Expected one output, scores, but {name} has {len(outputs)}: {', '.join(outputs)}")
    (input_name, (dtype, shape)), (output_name, scores) = *inputs.items(), *outputs.items()
    shape = [None] * 4 if shape.__class__ is tf.TensorShape and shape.rank is None else list(shape)
    if len(shape) != 4:
        raise ValueError(f"Expected pictures [N, height, width, 3] but {input_name} of {name} takes {shape}")
    if shape[-1] != 3:
        first = " (channels come first: only channels last can be served)" if shape[1] == 3 else ""
        raise ValueError(f"Expected pictures [N, height, width, 3] but {name} takes {shape}{first}")
    if shape[0] is not None:
        raise ValueError(f"Expected batches of any size but {name} takes {shape}: save it without batch_size")
    height, width = _size(name, shape[1:3], size)
    scores = list(scores)
    if len(scores) != 2:
        raise ValueError(
            f"Expected scores [N, classes] but {output_name} of {name} gives {scores}: "
            "a classifier ends with its classes (include_top=True, or pooling and a Dense layer)"
        )
    if scores[1] is None:
        # Old SavedModels do not tell; the network does.
        scores[1] = int(calls.call(tf.zeros([1, height, width, 3], dtype)).shape[1])
    return Network(
        call=calls.call,
        variables=calls.variables,
        weights=calls.weights,
        call_with=calls.call_with,
        input_name=input_name,
        output_name=output_name,
        dtype=tf.as_dtype(dtype),
        height=height,
        width=width,
        classes=scores[1],
    )


def _size(name: str, shape: list[int | None], size: tuple[int, int] | None) -> tuple[int, int]:
    if None in shape and size is None:
        raise ValueError(f"Expected height and width but {name} leaves them open: say --size HEIGHTxWIDTH")
    height, width = (own or given for own, given in zip(shape, size or shape))
    if size is not None and (height, width) != size:
        raise ValueError(f"Expected the size {height}x{width} of {name} but received {size[0]}x{size[1]}")
    return height, width


def _output_names(model: keras.Model) -> list[str]:
    """The last layers' names; a model within the model gives its own."""
    return getattr(model, "output_names", None) or [model.layers[-1].name]


def _alias(name: str) -> str:
    """Older files name tensors "dense_7/Softmax:0"."""
    return re.sub(r"\W", "_", name.split(":")[0].split("/")[0])

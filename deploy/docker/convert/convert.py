"""Turns a Keras file into a SavedModel that TensorFlow Serving loads, with warm-up requests.

    python convert.py MODEL.keras|MODEL.h5 FOLDER/NAME/VERSION [--dtype …] [--scaling …] [--size …]

The inputs' and outputs' aliases are the names that the model has for them. A Keras 3 model saved as it
is would restore its variables into copies, which TensorFlow Serving does not find; so a bare module
that holds the variables is saved. The result is loaded as TensorFlow Serving loads it and compared
with Keras; where the two differ, nothing is left behind.
"""

import argparse
import shutil
from collections.abc import Callable
from pathlib import Path

import keras
import numpy as np
import tensorflow as tf

import scaling
import warmup

# Other operations' order may round otherwise; a wrong weight or scaling is far beyond.
TOLERANCE = 1e-4
CHECKED_BATCHES = (1, 3)


def load(path: Path) -> keras.Model:
    """Raises ValueError where Keras 3 cannot read the file, or where it has no fixed inputs."""
    try:
        model = keras.models.load_model(path, compile=False)
    except Exception as error:  # Keras raises of every kind, with the reason in the text.
        raise ValueError(f"Keras {keras.__version__} cannot load {path.name}: {error}") from error
    if not getattr(model, "inputs", None):
        raise ValueError(f"Expected a model with known inputs but {path.name} was built without")
    return model


def input_specs(model: keras.Model, size: int | None) -> dict[str, tf.TensorSpec]:
    """By alias. `size` stands for height and width where the model leaves them open."""

    def shape(dims: tuple[int | None, ...]) -> list[int | None]:
        fixed = len(dims) == 4 and size is not None
        return [None, *(size if dim is None and fixed else dim for dim in dims[1:])]

    specs = [
        tf.TensorSpec(shape(tensor.shape), tensor.dtype, name=alias_of(tensor.name))
        for tensor in model.inputs
    ]
    return {spec.name: spec for spec in specs}


def output_aliases(model: keras.Model) -> list[str]:
    """The last layers' names; a model within the model gives its own."""
    names = getattr(model, "output_names", None) or [model.layers[-1].name]
    aliases = [alias_of(name) for name in names]
    if len(set(aliases)) != len(aliases) or len(aliases) != len(model.outputs):
        raise ValueError(f"Expected outputs of different names but received {aliases}")
    return aliases


def alias_of(name: str) -> str:
    """Older files name tensors "dense_7/Softmax:0"."""
    return name.split(":")[0].split("/")[0]


def signatures(
    model: keras.Model, dtype: str, scaling_name: str | None, size: int | None
) -> dict[str, tf.types.experimental.PolymorphicFunction]:
    """`serving_default` of the dtype; with uint8 also `serving_float32`, the network's own inputs."""
    specs = input_specs(model, size)
    aliases = output_aliases(model)

    def call(tensors: dict[str, tf.Tensor]) -> dict[str, tf.Tensor]:
        ordered = [tensors[alias] for alias in specs]
        outputs = model(ordered if len(ordered) > 1 else ordered[0], training=False)
        return dict(zip(aliases, tf.nest.flatten(outputs), strict=True))

    def signature(own: dict[str, tf.TensorSpec], prepare: Callable) -> object:
        # Keyword arguments, because a signature's aliases are its arguments' names.
        function = tf.function(lambda **tensors: call(prepare(tensors)))
        return function.get_concrete_function(**own)

    plain = signature(specs, lambda tensors: tensors)
    if dtype == "float32":
        if scaling_name is not None:
            raise ValueError("Expected --scaling with --dtype uint8 only: float32 comes scaled")
        return {"serving_default": plain}

    if scaling_name is None:
        raise ValueError("Expected --scaling with --dtype uint8: the graph has to scale the pixels")
    alias, spec = next(iter(specs.items()))
    if len(specs) != 1 or spec.shape.rank != 4 or spec.shape[-1] != 3:
        raise ValueError(f"Expected one input [N, height, width, 3] but received {list(specs.values())}")
    scale = scaling.scaler(scaling_name)
    pixels = {alias: tf.TensorSpec(spec.shape, tf.uint8, name=alias)}
    scaled = signature(pixels, lambda tensors: {alias: tf.cast(scale(tensors[alias]), spec.dtype)})
    return {"serving_default": scaled, "serving_float32": plain}


def save(model: keras.Model, found: dict[str, object], folder: Path) -> None:
    module = tf.Module()
    module.variables_ = [variable.value for variable in model.variables]
    options = tf.saved_model.SaveOptions(save_debug_info=False)
    tf.saved_model.save(module, str(folder), signatures=found, options=options)


def check(model: keras.Model, found: dict[str, object], folder: Path, size: int | None) -> float:
    """The largest difference between Keras and the saved graph, on noise; ValueError above TOLERANCE."""
    session = tf.compat.v1.Session(graph=tf.Graph())
    with session.graph.as_default():
        graph = tf.compat.v1.saved_model.load(session, ["serve"], str(folder))
    rng = np.random.default_rng(0)
    worst = 0.0
    for name, function in found.items():
        definition = graph.signature_def[name]
        for batch in CHECKED_BATCHES:
            inputs = {
                alias: _noise(rng, spec, batch, size or 64)
                for alias, spec in function.structured_input_signature[1].items()
            }
            feeds = {definition.inputs[alias].name: value for alias, value in inputs.items()}
            fetches = {alias: info.name for alias, info in definition.outputs.items()}
            served = session.run(fetches, feeds)
            expected = function(**{alias: tf.constant(value) for alias, value in inputs.items()})
            for alias, value in expected.items():
                worst = max(worst, float(np.abs(served[alias] - value.numpy()).max()))
            # Not by the functions that were saved: the model itself.
            if name != "serving_default" or len(found) == 1:
                ordered = list(inputs.values())
                direct = model(ordered if len(ordered) > 1 else ordered[0], training=False)
                for alias, value in zip(output_aliases(model), tf.nest.flatten(direct), strict=True):
                    worst = max(worst, float(np.abs(served[alias] - value.numpy()).max()))
    if not worst <= TOLERANCE:
        raise ValueError(f"Expected the SavedModel to answer as Keras does but it differs by {worst}")
    return worst


def _noise(rng: np.random.Generator, spec: tf.TensorSpec, batch: int, size: int) -> np.ndarray:
    shape = [batch, *(size if dim is None else dim for dim in spec.shape[1:])]
    if spec.dtype == tf.uint8:
        return rng.integers(0, 256, shape, np.uint8)
    if spec.dtype.is_floating:
        return rng.uniform(-1, 1, shape).astype(spec.dtype.as_numpy_dtype)
    return np.ones(shape, spec.dtype.as_numpy_dtype)


def convert(source: Path, target: Path, dtype: str, scaling_name: str | None, size: int | None) -> None:
    """Raises ValueError, and leaves no folder behind, for what cannot be served."""
    if not target.name.isdecimal() or int(target.name) == 0:
        raise ValueError(f'Expected the version to be a whole number from 1 but received "{target.name}"')
    if target.exists():
        raise ValueError(f"{target} is there already")
    model = load(source)
    found = signatures(model, dtype, scaling_name, size)
    try:
        save(model, found, target)
        worst = check(model, found, target, size)
        requests = warmup.write(target, target.parent.name, size=size)
    except BaseException:
        shutil.rmtree(target, ignore_errors=True)
        raise
    for name, definition in warmup.signatures(target).items():
        print(f"{name}: {_describe(definition.inputs)} -> {_describe(definition.outputs)}")
    print(f"{target}: equal to Keras within {worst:.1e}; {requests} warm-up requests")


def _describe(tensors) -> str:
    return ", ".join(
        f"{alias} {tf.as_dtype(info.dtype).name} {[dim.size for dim in info.tensor_shape.dim]}"
        for alias, info in tensors.items()
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("source", type=Path, help=".keras or .h5")
    parser.add_argument("target", type=Path, help="FOLDER/NAME/VERSION")
    parser.add_argument("--dtype", choices=("float32", "uint8"), default="float32")
    parser.add_argument("--scaling", default="", help=f"{', '.join(scaling.NAMES)} or SCALE,OFFSET")
    parser.add_argument("--size", default="", help="height and width, where the model leaves them open")
    args = parser.parse_args()
    if args.size and not args.size.isdecimal():
        parser.error(f'--size: expected a whole number but received "{args.size}"')
    try:
        # An empty string is a build argument that was not given.
        size = int(args.size) if args.size else None
        convert(args.source, args.target, args.dtype, args.scaling or None, size)
    except ValueError as error:
        raise SystemExit(str(error)) from error


if __name__ == "__main__":
    main()

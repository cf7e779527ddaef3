"""Writes the SavedModel that TensorFlow Serving loads, and runs it as TensorFlow Serving does."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import tensorflow as tf

from converter import encoded
from converter import scaling
from converter.network import Network


def save(
    network: Network, folder: Path, scaling_name: str | None, resample: str, fit: str
) -> list[str]:
    """Returns the signatures' names, `serving_default` first.

    `serving_uint8` (pixels) and `serving_bytes` (image files) are there where the scaling is known.

    A Keras 3 model saved as it is restores its variables into copies, which TensorFlow Serving's C++
    loader does not find ("Could not find variable"); a plain module with the bare variables has none.
    """
    module = tf.Module()
    module.variables_ = network.variables
    prepared: dict[str, tuple[tf.TensorSpec, Callable]] = {
        "serving_default": (network.spec, lambda images: images)
    }
    if scaling_name is not None:
        pixels = tf.TensorSpec(network.spec.shape, tf.uint8, name=network.input_name)
        prepared["serving_uint8"] = (pixels, scaling.byte_scaler(scaling_name))
        if encoded.unsupported(resample, fit) is None:
            files = tf.TensorSpec([None], tf.string, name=network.input_name)
            prepare = encoded.preparer(resample, scaling_name, (network.height, network.width))
            module.scaler_ = prepare.scaler
            prepared["serving_bytes"] = (files, prepare)
    found = {
        name: tf.function(_signature(network, prepare)).get_concrete_function(
            **{network.input_name: spec}
        )
        for name, (spec, prepare) in prepared.items()
    }
    options = tf.saved_model.SaveOptions(save_debug_info=False)
    tf.saved_model.save(module, str(folder), signatures=found, options=options)
    return list(found)


def _signature(network: Network, prepare: Callable) -> Callable:
    # Keyword arguments, because a signature's aliases are its arguments' names.
    def signature(**tensors: tf.Tensor) -> dict[str, tf.Tensor]:
        images = tf.cast(prepare(tensors[network.input_name]), network.dtype)
        return {network.output_name: network.call(images)}

    return signature


def session_signatures(folder: Path) -> dict[str, Callable[[np.ndarray], np.ndarray]]:
    """The signatures of one input and one output, run by the names of their tensors, in a session."""
    session = tf.compat.v1.Session(graph=tf.Graph())
    with session.graph.as_default():
        graph = tf.compat.v1.saved_model.load(session, ["serve"], str(folder))

    def runner(definition) -> Callable[[np.ndarray], np.ndarray]:
        (fed,), (fetched,) = definition.inputs.values(), definition.outputs.values()
        return lambda batch: session.run(fetched.name, {fed.name: batch})

    return {
        name: runner(definition)
        for name, definition in graph.signature_def.items()
        if not name.startswith("__")
    }

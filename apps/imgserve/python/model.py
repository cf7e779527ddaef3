"""The model that says what is right: a Keras file, or a SavedModel as TensorFlow Serving runs it."""

from collections.abc import Callable

import keras
import numpy as np
import tensorflow as tf

from protocol import refuse

Predict = Callable[[object], np.ndarray]
"""A batch of one, as the model takes it, to its outputs [labels]."""

DTYPES = {
    tf.float32: "DT_FLOAT",
    tf.float16: "DT_HALF",
    tf.uint8: "DT_UINT8",
    tf.string: "DT_STRING",
}


def open_keras(path: str) -> tuple[Predict, str]:
    """Its predictions, and the dtype that it takes, by TensorFlow's name."""
    try:
        model = keras.saving.load_model(path, compile=False)
    except (OSError, ValueError, TypeError, ImportError) as error:
        refuse(f"{path}: Keras {keras.__version__} cannot load it: {_first_line(error)}")
    if len(model.inputs) != 1 or len(model.outputs) != 1:
        refuse(f"{path}: expected a model of one input and one output")
    dtype = tf.as_dtype(model.inputs[0].dtype)
    # Layers convert what they are given; a Keras model is fed floats unless it wants bytes or files.
    name = DTYPES.get(dtype, "DT_FLOAT")

    def predict(batch: object) -> np.ndarray:
        return np.asarray(model(tf.constant(batch), training=False))[0]

    return predict, name


def open_saved_model(path: str, signature_name: str) -> tuple[Predict, str]:
    """The same for a signature, in a session, by the names in its SignatureDef."""
    session = tf.compat.v1.Session(graph=tf.Graph())
    try:
        with session.graph.as_default():
            graph = tf.compat.v1.saved_model.load(session, ["serve"], path)
    except (OSError, RuntimeError, tf.errors.OpError) as error:
        refuse(f"{path}: TensorFlow {tf.__version__} cannot load it: {_first_line(error)}")
    if signature_name not in graph.signature_def:
        names = ", ".join(name for name in graph.signature_def if not name.startswith("__"))
        refuse(f"{path}: the signature {signature_name} is not among {names}")
    signature = graph.signature_def[signature_name]
    if len(signature.inputs) != 1 or len(signature.outputs) != 1:
        refuse(f"{path}: expected one input and one output of the signature {signature_name}")
    (source,), (result,) = signature.inputs.values(), signature.outputs.values()
    dtype = DTYPES.get(tf.as_dtype(source.dtype))
    if dtype is None:
        names = ", ".join(DTYPES.values())
        refuse(f"{path}: expected an input of {names} but it is {tf.as_dtype(source.dtype).name}")

    def predict(batch: object) -> np.ndarray:
        return session.run(result.name, {source.name: batch})[0]

    return predict, dtype


def _first_line(error: Exception) -> str:
    return str(error).strip().split("\n")[0]

"""Writes the ONNX graphs that the model server loads, which share one file of weights."""

import logging
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import tensorflow as tf
import tf2onnx
from onnx import TensorProto, helper, numpy_helper
from onnx.external_data_helper import set_external_data
from tf2onnx.optimizer.transpose_optimizer import TransposeOptimizer

from converter import scaling
from converter.network import Network

OPSET = 18
IR_VERSION = 8
# The model server takes a signature's name from its file's.
FILES = {"serving_default": "model.onnx", "serving_uint8": "serving_uint8.onnx"}
DATA_FILE = "model.onnx.data"
_WEIGHT = "large_weight_"
# Smaller tensors stay in the graph, where shapes are worked out from them.
LEAST_BYTES = 1024
# Weights start at multiples of this, so that they can be used where the file is mapped.
ALIGNMENT = 64


def save(network: Network, folder: Path, scaling_name: str | None) -> list[str]:
    """Returns the signatures' names. Raises ValueError for operations that ONNX has not."""
    model = _convert(network)
    (folder / DATA_FILE).write_bytes(_move_out(model.graph.initializer))
    _write(model, folder / FILES["serving_default"])
    if scaling_name is None or network.dtype == tf.uint8:
        return ["serving_default"]
    _prepend_scaling(model.graph, network, scaling_name)
    _write(model, folder / FILES["serving_uint8"])
    return ["serving_default", "serving_uint8"]


def runners(folder: Path) -> dict[str, Callable[[np.ndarray], np.ndarray]]:
    """The signatures in the folder, by ONNX Runtime on the CPU."""

    def runner(path: Path) -> Callable[[np.ndarray], np.ndarray]:
        session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
        name = session.get_inputs()[0].name
        return lambda batch: session.run(None, {name: batch})[0]

    return {name: runner(folder / file) for name, file in FILES.items() if (folder / file).exists()}


_add_handler = TransposeOptimizer._add_handler


def _add_handler_for_scalars(self: TransposeOptimizer, transpose, node) -> bool:
    """tf2onnx takes a scalar after a convolution (hard swish) for a bias, and gives up all its transposes."""
    added = node.inputs[1]
    if added.is_const() and added.get_tensor_value(as_list=False).shape == ():
        return self._handle_node_having_branches(transpose, node)
    return _add_handler(self, transpose, node)


TransposeOptimizer._add_handler = _add_handler_for_scalars


def _convert(network: Network) -> onnx.ModelProto:
    # Names of their own: the alias may be a layer's too.
    images = tf.TensorSpec(network.spec.shape, network.dtype, name="images")
    weights = [
        tf.TensorSpec(weight.shape, weight.dtype, name=f"{_WEIGHT}{index}")
        for index, weight in enumerate(network.weights)
    ]
    specs = [images, *weights]
    function = tf.function(lambda images, *given: network.call_with(images, given), input_signature=specs)
    logging.getLogger("tf2onnx").setLevel(logging.ERROR)
    try:
        model, _ = tf2onnx.convert.from_function(function, specs, opset=OPSET)
    except Exception as error:  # tf2onnx raises of every kind.
        raise ValueError(f"tf2onnx {tf2onnx.__version__} cannot make ONNX of it: {error}") from error
    _replace_erfc(model.graph)
    foreign = sorted({n.op_type for n in model.graph.node if n.domain or not onnx.defs.has(n.op_type, OPSET)})
    if foreign:
        # An exported model may hold calls that Keras compiles with XLA.
        is_compiled = "StatefulPartitionedCall" in foreign
        hint = "convert the .keras or .h5 file instead" if is_compiled else "--no-onnx does without"
        raise ValueError(f"ONNX has no operation for {', '.join(foreign)}: {hint}")
    graph = model.graph
    _fill_inputs(graph, network, function.get_concrete_function(*specs))
    _fold_transposes(graph)
    _rename(graph, graph.input[0].name, network.input_name)
    _rename(graph, graph.output[0].name, network.output_name)
    _declare(graph.input[0], [network.height, network.width, 3])
    _declare(graph.output[0], [network.classes])
    graph.name = "classifier"
    model.ir_version = IR_VERSION
    del model.opset_import[:]
    model.opset_import.append(helper.make_opsetid("", OPSET))
    return model


def _replace_erfc(graph: onnx.GraphProto) -> None:
    """TensorFlow's gelu is of erfc, which ONNX has not: 1 - erf."""
    for index in reversed([i for i, node in enumerate(graph.node) if node.op_type == "Erfc"]):
        node = graph.node[index]
        erf, one = f"{node.output[0]}__erf", f"{node.output[0]}__one"
        graph.initializer.append(numpy_helper.from_array(np.array(1, np.float32), one))
        graph.node.insert(index + 1, helper.make_node("Sub", [one, erf], list(node.output)))
        node.CopyFrom(helper.make_node("Erf", list(node.input), [erf]))


def _fill_inputs(graph: onnx.GraphProto, network: Network, concrete) -> None:
    """Puts values where tf2onnx left inputs.

    Large weights are inputs on purpose: as constants they would be copied some 60 times over.
    Constants that a layer made outside of the function (Normalization) come out as inputs by themselves.
    """
    captured = {inner.name: outer for outer, inner in concrete.graph.captures}
    for value in list(graph.input)[1:]:
        name = value.name.split(":")[0]
        is_weight = name.startswith(_WEIGHT)
        tensor = network.weights[int(name.removeprefix(_WEIGHT))] if is_weight else captured[value.name]
        graph.initializer.append(numpy_helper.from_array(tensor.numpy(), value.name))
        graph.input.remove(value)


def _fold_transposes(graph: onnx.GraphProto) -> None:
    """Kernels are kept as ONNX wants them, and not turned at each start."""
    weights = {weight.name: weight for weight in graph.initializer}
    uses = Counter(name for node in graph.node for name in node.input)
    for node in list(graph.node):
        if node.op_type != "Transpose" or node.input[0] not in weights or uses[node.input[0]] != 1:
            continue
        weight = weights[node.input[0]]
        order = helper.get_node_attr_value(node, "perm")
        turned = np.ascontiguousarray(numpy_helper.to_array(weight).transpose(order))
        weight.CopyFrom(numpy_helper.from_array(turned, node.output[0]))
        graph.node.remove(node)


def _rename(graph: onnx.GraphProto, old: str, new: str) -> None:
    """Gives a value its alias, and another name to who has that one already."""
    if old == new:
        return
    names = {old: new, new: f"{new}__inner"}
    for node in graph.node:
        for values in (node.input, node.output):
            values[:] = [names.get(value, value) for value in values]
    for value in (*graph.input, *graph.output, *graph.initializer, *graph.value_info):
        value.name = names.get(value.name, value.name)


def _declare(value: onnx.ValueInfoProto, row: list[int]) -> None:
    dims = value.type.tensor_type.shape.dim
    del dims[:]
    dims.add(dim_param="batch")
    for size in row:
        dims.add(dim_value=size)


def _prepend_scaling(graph: onnx.GraphProto, network: Network, scaling_name: str) -> None:
    """Puts the bytes' table before the network, whose weights stay where they are."""
    alias = network.input_name
    for node in graph.node:
        node.input[:] = ["scaled" if name == alias else name for name in node.input]
    graph.input[0].type.tensor_type.elem_type = TensorProto.UINT8
    table = scaling.table_of(scaling_name)
    channels = np.arange(3, dtype=np.int32)
    constants = {
        "scaling_table": table.astype(helper.tensor_dtype_to_np_dtype(_elem_type(network))).reshape(-1),
        "scaling_channels": channels,
        "scaling_three": np.array(3, np.int32),
    }
    nodes = []
    if scaling.is_bgr(scaling_name):
        constants["scaling_order"] = channels[::-1].copy()
        nodes.append(helper.make_node("Gather", [alias, "scaling_order"], ["ordered"], axis=3))
    nodes += [
        helper.make_node("Cast", ["ordered" if nodes else alias], ["bytes"], to=TensorProto.INT32),
        helper.make_node("Mul", ["bytes", "scaling_three"], ["rows"]),
        helper.make_node("Add", ["rows", "scaling_channels"], ["places"]),
        helper.make_node("Gather", ["scaling_table", "places"], ["scaled"]),
    ]
    for index, node in enumerate([*nodes, *graph.node]):
        if index < len(nodes):
            graph.node.insert(index, node)
    graph.initializer.extend(numpy_helper.from_array(value, name) for name, value in constants.items())


def _elem_type(network: Network) -> int:
    return helper.np_dtype_to_tensor_dtype(np.dtype(network.dtype.as_numpy_dtype))


def _move_out(weights) -> bytes:
    """Replaces the tensors' data by references into the returned bytes."""
    data = bytearray()
    for tensor in weights:
        raw = numpy_helper.to_array(tensor).tobytes()
        if len(raw) < LEAST_BYTES:
            continue
        data += bytes(-len(data) % ALIGNMENT)
        # Only what has raw data can be made external.
        tensor.CopyFrom(numpy_helper.from_array(numpy_helper.to_array(tensor), tensor.name))
        set_external_data(tensor, DATA_FILE, offset=len(data), length=len(raw))
        tensor.ClearField("raw_data")
        data += raw
    return bytes(data)


def _write(model: onnx.ModelProto, path: Path) -> None:
    path.write_bytes(model.SerializeToString(deterministic=True))
    onnx.checker.check_model(str(path), full_check=True)

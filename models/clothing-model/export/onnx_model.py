"""Writes the two ONNX graphs, which share one file of weights."""

from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from onnx.external_data_helper import set_external_data

from export.folded import Block, Conv, FoldedNet
from export.keras_model import INPUT_NAME, OUTPUT_NAME, SIZE

OPSET = 17
IR_VERSION = 8
DATA_FILE = "model.onnx.data"
# Weights start at multiples of this, so that they can be used where the file is mapped.
ALIGNMENT = 64


class _Graph:
    """Nodes and initializers in the order in which they are made."""

    def __init__(self) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.weights: list[onnx.TensorProto] = []
        self.constants: list[onnx.TensorProto] = []

    def add(self, op: str, inputs: list[str], output: str, **attributes: object) -> str:
        self.nodes.append(helper.make_node(op, inputs, [output], name=output, **attributes))
        return output

    def weight(self, value: np.ndarray, name: str) -> str:
        self.weights.append(numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name

    def constant(self, value: np.ndarray, name: str) -> str:
        self.constants.append(numpy_helper.from_array(value, name))
        return name

    def conv(self, x: str, conv: Conv, name: str) -> str:
        kernel = conv.weight.shape[2]
        weight = self.weight(conv.weight, f"{name}_weight")
        bias = self.weight(conv.bias, f"{name}_bias")
        return self.add(
            "Conv",
            [x, weight, bias],
            name,
            kernel_shape=[kernel, kernel],
            strides=[conv.stride, conv.stride],
            pads=[kernel // 2] * 4,
        )

    def average(self, x: str, name: str) -> str:
        """2×2 means; at an odd edge, of the pixels that exist."""
        return self.add(
            "AveragePool",
            [x],
            name,
            kernel_shape=[2, 2],
            strides=[2, 2],
            auto_pad="SAME_UPPER",
            count_include_pad=0,
        )

    def block(self, x: str, block: Block, name: str) -> str:
        y = self.add("Relu", [self.conv(x, block.conv1, f"{name}_conv1")], f"{name}_relu1")
        y = self.conv(y, block.conv2, f"{name}_conv2")
        scale = self.add("GlobalAveragePool", [y], f"{name}_pool")
        scale = self.conv(scale, block.squeeze, f"{name}_squeeze")
        scale = self.add("Relu", [scale], f"{name}_squeezed")
        scale = self.conv(scale, block.excite, f"{name}_excite")
        scale = self.add("Sigmoid", [scale], f"{name}_attention")
        y = self.add("Mul", [y, scale], f"{name}_scaled")
        if block.project is not None:
            if block.conv1.stride != 1:
                x = self.average(x, f"{name}_shrink")
            x = self.conv(x, block.project, f"{name}_project")
        return self.add("Relu", [self.add("Add", [x, y], f"{name}_sum")], f"{name}_out")


def _build(net: FoldedNet, mirror: bool, pixels: bool) -> _Graph:
    graph = _Graph()
    x = graph.add("Transpose", [INPUT_NAME], "channels_first", perm=[0, 3, 1, 2])
    if pixels:
        x = graph.add("Cast", [x], "pixels", to=TensorProto.FLOAT)
        # Two nodes, as Keras's preprocess_input rounds twice.
        divisor = graph.constant(np.array(127.5, np.float32), "divisor")
        x = graph.add("Div", [x, divisor], "divided")
        x = graph.add("Sub", [x, graph.constant(np.array(1, np.float32), "one")], "scaled")
    x = graph.average(x, "average")
    if mirror:
        limits = [(-1, "last"), (-(2**31), "before_first"), (3, "width_axis"), (-1, "backwards")]
        names = [graph.constant(np.array([value], np.int64), name) for value, name in limits]
        x = graph.add("Concat", [x, graph.add("Slice", [x, *names], "mirrored")], "both", axis=0)
    for index, conv in enumerate(net.stem):
        x = graph.add("Relu", [graph.conv(x, conv, f"stem{index}")], f"stem{index}_relu")
    for index, block in enumerate(net.blocks):
        x = graph.block(x, block, f"block{index}")
    x = graph.add("Flatten", [graph.add("GlobalAveragePool", [x], "pooled")], "features")
    if mirror:
        shape = np.array([2, -1, net.head_weight.shape[1]], np.int64)
        x = graph.add("Reshape", [x, graph.constant(shape, "pair_shape")], "pairs")
        x = graph.add("ReduceMean", [x], "mean_features", axes=[0], keepdims=0)
    weight = graph.weight(net.head_weight, "head_weight")
    bias = graph.weight(net.head_bias, "head_bias")
    graph.add("Gemm", [x, weight, bias], OUTPUT_NAME, transB=1)
    return graph


def _move_out(weights: list[onnx.TensorProto]) -> bytes:
    """Replaces the tensors' data by references into the returned bytes."""
    data = bytearray()
    for tensor in weights:
        data += bytes(-len(data) % ALIGNMENT)
        raw = tensor.raw_data
        set_external_data(tensor, DATA_FILE, offset=len(data), length=len(raw))
        tensor.ClearField("raw_data")
        data += raw
    return bytes(data)


def save(net: FoldedNet, mirror: bool, folder: Path) -> None:
    """`model.onnx` (float32 in [-1, 1]) and `serving_uint8.onnx` (raw pixels) into `folder`.

    Both map `input_8` [batch, 299, 299, 3] to `dense_7` [batch, classes] and read their weights
    from `model.onnx.data` beside them.
    """
    for file_name, pixels in (("model.onnx", False), ("serving_uint8.onnx", True)):
        graph = _build(net, mirror, pixels)
        (folder / DATA_FILE).write_bytes(_move_out(graph.weights))
        dtype = TensorProto.UINT8 if pixels else TensorProto.FLOAT
        classes = len(net.head_bias)
        proto = helper.make_graph(
            graph.nodes,
            "clothing_model",
            [helper.make_tensor_value_info(INPUT_NAME, dtype, ["batch", SIZE, SIZE, 3])],
            [helper.make_tensor_value_info(OUTPUT_NAME, TensorProto.FLOAT, ["batch", classes])],
            graph.weights + graph.constants,
        )
        model = helper.make_model(
            proto, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=IR_VERSION
        )
        path = folder / file_name
        path.write_bytes(model.SerializeToString(deterministic=True))
        onnx.checker.check_model(str(path), full_check=True)

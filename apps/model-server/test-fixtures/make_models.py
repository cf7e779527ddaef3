"""Writes the ONNX models that the model server's tests load.

    python make_models.py

Needs the `onnx` package only. Every model is a few hundred bytes; what it does is said where it is
made, so that a test's expected numbers can be read off.
"""

from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

FOLDER = Path(__file__).parent
OPSET = 17


def save(name, nodes, inputs, outputs, constants=(), **options):
    """inputs and outputs: (alias, element type, shape); a string in a shape is a symbolic size."""
    graph = helper.make_graph(
        nodes,
        name,
        [helper.make_tensor_value_info(*value) for value in inputs],
        [helper.make_tensor_value_info(*value) for value in outputs],
        [numpy_helper.from_array(np.asarray(value), key) for key, value in constants],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=8)
    onnx.checker.check_model(model)
    onnx.save(model, str(FOLDER / f"{name}.onnx"), **options)


def affine(name, scale, offset):
    """y = scale * x + offset over rows of three floats."""
    save(
        name,
        [helper.make_node("Mul", ["x", "scale"], ["xs"]), helper.make_node("Add", ["xs", "offset"], ["y"])],
        [("x", TensorProto.FLOAT, ["batch", 3])],
        [("y", TensorProto.FLOAT, ["batch", 3])],
        [("scale", np.float32(scale)), ("offset", np.float32(offset))],
    )


affine("half_plus_two", 0.5, 2)
affine("half_plus_three", 0.5, 3)

# Raw pixels in, their sum as float out; the symbolic sizes of input and output differ in name.
save(
    "pixel_sum_uint8",
    [
        helper.make_node("Cast", ["pixels"], ["floats"], to=TensorProto.FLOAT),
        helper.make_node("ReduceSum", ["floats", "axes"], ["sum"], keepdims=0),
    ],
    [("pixels", TensorProto.UINT8, ["n", 2, 2, 3])],
    [("sum", TensorProto.FLOAT, ["m"])],
    [("axes", np.array([1, 2, 3], np.int64))],
)

# A classifier of pictures: a score per channel, on which every pixel of it tells, each by another weight; exact
# in whatever order it is summed.
save(
    "weighted_colours",
    [
        helper.make_node("Cast", ["pixels"], ["floats"], to=TensorProto.FLOAT),
        helper.make_node("Mul", ["floats", "weights"], ["weighted"]),
        helper.make_node("ReduceSum", ["weighted", "axes"], ["sums"], keepdims=0),
        helper.make_node("Mul", ["sums", "scale"], ["scores"]),
    ],
    [("pixels", TensorProto.UINT8, ["n", 16, 16, 3])],
    [("scores", TensorProto.FLOAT, ["n", 3])],
    [
        ("weights", np.arange(1, 257, dtype=np.float32).reshape(1, 16, 16, 1)),
        ("scale", np.float32(2**-24)),
        ("axes", np.array([1, 2], np.int64)),
    ],
)

# Doubles halves (float16).
save(
    "double_float16",
    [helper.make_node("Add", ["x", "x"], ["y"])],
    [("x", TensorProto.FLOAT16, ["batch", 2])],
    [("y", TensorProto.FLOAT16, ["batch", 2])],
)

# Strings through unchanged.
save(
    "identity_string",
    [helper.make_node("Identity", ["text"], ["same"])],
    [("text", TensorProto.STRING, ["batch"])],
    [("same", TensorProto.STRING, ["batch"])],
)

# Every other element type through unchanged, one pair of aliases each.
NUMERIC = ["DOUBLE", "INT8", "INT16", "INT32", "INT64", "UINT8", "UINT16", "UINT32", "UINT64", "BOOL"]
save(
    "identity_numeric",
    [helper.make_node("Identity", [f"in_{t.lower()}"], [f"out_{t.lower()}"]) for t in NUMERIC],
    [(f"in_{t.lower()}", TensorProto.DataType.Value(t), ["batch", 2]) for t in NUMERIC],
    [(f"out_{t.lower()}", TensorProto.DataType.Value(t), ["batch", 2]) for t in NUMERIC],
)

# Two inputs, two outputs.
save(
    "sum_and_difference",
    [helper.make_node("Add", ["a", "b"], ["sum"]), helper.make_node("Sub", ["a", "b"], ["difference"])],
    [("a", TensorProto.FLOAT, ["batch", 2]), ("b", TensorProto.FLOAT, ["batch", 2])],
    [("sum", TensorProto.FLOAT, ["batch", 2]), ("difference", TensorProto.FLOAT, ["batch", 2])],
)

# A batch of exactly four.
save(
    "fixed_batch",
    [helper.make_node("Neg", ["x"], ["y"])],
    [("x", TensorProto.FLOAT, [4, 2])],
    [("y", TensorProto.FLOAT, [4, 2])],
)

# An output without a row per input row: joined requests could not be told apart.
save(
    "total",
    [helper.make_node("ReduceSum", ["x"], ["total"], keepdims=0)],
    [("x", TensorProto.FLOAT, ["batch", 2])],
    [("total", TensorProto.FLOAT, [])],
)

# The declared sizes hide it: one output row per three elements.
save(
    "rows_of_three",
    [helper.make_node("Reshape", ["x", "shape"], ["rows"])],
    [("x", TensorProto.FLOAT, ["n", "k"])],
    [("rows", TensorProto.FLOAT, ["m", 3])],
    [("shape", np.array([-1, 3], np.int64))],
)

# y = x, after enough matrix products to take a while. The zero keeps the value and the optimizer
# from knowing it.
save(
    "slow",
    [
        helper.make_node("ReduceMin", ["x"], ["least"], keepdims=0),
        helper.make_node("Expand", ["least", "size"], ["m0"]),
        *[helper.make_node("MatMul", [f"m{i}", "m0"], [f"m{i + 1}"]) for i in range(6)],
        helper.make_node("ReduceMin", ["m6"], ["huge"], keepdims=0),
        helper.make_node("Mul", ["huge", "zero"], ["nothing"]),
        helper.make_node("Add", ["x", "nothing"], ["y"]),
    ],
    [("x", TensorProto.FLOAT, ["batch", 1])],
    [("y", TensorProto.FLOAT, ["batch", 1])],
    [("size", np.array([1000, 1000], np.int64)), ("zero", np.float32(0))],
)

# y = x + weights, the weights in a file of their own beside the model.
(FOLDER / "external_data.bin").unlink(missing_ok=True)
save(
    "external_data",
    [helper.make_node("Add", ["x", "weights"], ["y"])],
    [("x", TensorProto.FLOAT, ["batch", 512])],
    [("y", TensorProto.FLOAT, ["batch", 512])],
    [("weights", np.arange(512, dtype=np.float32))],
    save_as_external_data=True,
    location="external_data.bin",
    size_threshold=1024,
)

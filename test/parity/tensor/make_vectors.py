"""Writes vectors.json: tensors as TensorFlow itself encodes and decodes them.

    python make_vectors.py && npx prettier --write vectors.json    # or --check

Needs tensorflow (its Python and its C++ runtime both take part) and, with it, numpy and ml_dtypes.
"""

import base64
import hashlib
import json
import pathlib
import sys

import ml_dtypes
import numpy as np
import tensorflow as tf
from tensorflow.core.framework import tensor_pb2

DTYPES = ["float32", "float64", "float16", "bfloat16", "int8", "int16", "int32", "int64",
          "uint8", "uint16", "uint32", "uint64", "bool"]


def b64(data):
    return base64.b64encode(data).decode()


def values_of(dtype, count):
    """Distinct values that fill the type's range, extremes included."""
    kind = tf.as_dtype(dtype)
    numpy_type = kind.as_numpy_dtype
    if kind.is_bool:
        return np.arange(count) % 3 == 0
    if kind.is_integer:
        low, high = int(kind.min), int(kind.max)
        return np.array([low + (high - low) * i // max(count - 1, 1) for i in range(count)], numpy_type)
    return np.array([(i - 2.5) * 1.37 ** i for i in range(count)]).astype(numpy_type)


def decoded(proto):
    """What C++ (and, where it can, Python) reads from a message."""
    tensor = tf.io.parse_tensor(proto.SerializeToString(), tf.as_dtype(proto.dtype)).numpy()
    if proto.dtype != tf.string.as_datatype_enum:
        assert np.array_equal(tensor.view(np.uint8) if tensor.ndim else tensor,
                              tf.make_ndarray(proto).view(np.uint8) if tensor.ndim else tf.make_ndarray(proto))
    return tensor


def vector(name, proto, array):
    out = {"name": name, "dtype": "DT_" + dtype_name(proto.dtype),
           "shape": list(np.shape(array)), "proto": b64(proto.SerializeToString())}
    if proto.dtype == tf.string.as_datatype_enum:
        flat = np.array(array, dtype=object).reshape(-1)
        out["strings"] = [b64(text) for text in flat]
    else:
        out["data"] = b64(np.asarray(array).tobytes())
    # What an encoder that writes tensor_content (strings: string_val) must give, byte for byte.
    out["canonical"] = bool(proto.tensor_content or proto.string_val)
    return out


def dtype_name(number):
    from tensorflow.core.framework import types_pb2
    return types_pb2.DataType.Name(number)[3:]


def tensors():
    for dtype in DTYPES:
        for shape in [(), (1,), (2, 3), (0, 3), (1, 2, 2, 2)]:
            array = values_of(dtype, int(np.prod(shape))).reshape(shape)
            name = f"{dtype} {list(shape)}"
            yield vector(f"make_tensor_proto {name}", tf.make_tensor_proto(array), array)
            message = tensor_pb2.TensorProto.FromString(tf.io.serialize_tensor(tf.constant(array)).numpy())
            yield vector(f"serialize_tensor {name}", message, array)
        field = tf.make_tensor_proto(values_of(dtype, 1)[0])
        for shape in [(4,), (2, 2, 1)]:
            field.tensor_shape.CopyFrom(tf.TensorShape(shape).as_proto())
            yield vector(f"one value repeats {dtype} {list(shape)}", field, decoded(field))
        empty = tensor_pb2.TensorProto(dtype=field.dtype, tensor_shape=tf.TensorShape((3,)).as_proto())
        yield vector(f"no values are zeros {dtype}", empty, decoded(empty))

    # As TensorFlow Serving answers: every element in its *_val field.
    for dtype, field in [("float32", "float_val"), ("float64", "double_val"), ("int32", "int_val"),
                         ("int64", "int64_val"), ("uint8", "int_val"), ("bool", "bool_val"),
                         ("uint32", "uint32_val"), ("uint64", "uint64_val")]:
        array = values_of(dtype, 10)
        proto = tensor_pb2.TensorProto(dtype=tf.as_dtype(dtype).as_datatype_enum,
                                       tensor_shape=tf.TensorShape((2, 5)).as_proto())
        getattr(proto, field).extend(array.tolist())
        yield vector(f"{field} {dtype}", proto, decoded(proto))
    for dtype in ["float16", "bfloat16"]:
        array = values_of(dtype, 10)
        proto = tensor_pb2.TensorProto(dtype=tf.as_dtype(dtype).as_datatype_enum,
                                       tensor_shape=tf.TensorShape((10,)).as_proto())
        proto.half_val.extend(array.view(np.uint16).tolist())
        yield vector(f"half_val {dtype}", proto, decoded(proto))
    partial = tensor_pb2.TensorProto(dtype=1, tensor_shape=tf.TensorShape((2, 3)).as_proto(),
                                     float_val=[1.5, -2.5, 3.25])
    yield vector("the last of three values repeats", partial, decoded(partial))
    narrow = tensor_pb2.TensorProto(dtype=6, tensor_shape=tf.TensorShape((3,)).as_proto(), int_val=[300, -129, 127])
    wrapped = tf.io.parse_tensor(narrow.SerializeToString(), tf.int8).numpy()
    yield vector("values outside of int8 wrap around", narrow, wrapped)

    texts = np.array([[b"", b"\xff\xd8\xff"], ["für".encode(), b"x" * 300]], dtype=object)
    yield vector("make_tensor_proto string", tf.make_tensor_proto(texts), texts)
    message = tensor_pb2.TensorProto.FromString(tf.io.serialize_tensor(tf.constant(texts)).numpy())
    yield vector("serialize_tensor string", message, texts)
    scalar = tf.make_tensor_proto(b"one")
    yield vector("make_tensor_proto string scalar", scalar, np.array(b"one", dtype=object))
    scalar.tensor_shape.CopyFrom(tf.TensorShape((3,)).as_proto())
    yield {**vector("one string repeats", scalar, decoded(scalar)), "canonical": False}
    # port::EncodeStringList, which C++ reads from tensor_content.
    listed = tensor_pb2.TensorProto(dtype=7, tensor_shape=tf.TensorShape((3,)).as_proto(),
                                    tensor_content=b"\x02\x00\xac\x02" + b"ab" + b"y" * 300)
    yield {**vector("strings in tensor_content", listed, decoded(listed)), "canonical": False}


def refused():
    def proto(dtype, dims, **fields):
        shape = {"dim": [{"size": size} for size in dims]}
        return tensor_pb2.TensorProto(dtype=dtype, tensor_shape=shape, **fields)

    cases = {
        "a byte too few": proto(1, [2], tensor_content=bytes(7)),
        "a byte too many": proto(1, [2], tensor_content=bytes(9)),
        "a negative dimension": proto(1, [-1], tensor_content=bytes(4)),
        "more than 2^63 elements": proto(1, [1 << 62, 1 << 62]),
        "DT_INVALID": proto(0, [1]),
        "255 dimensions": proto(1, [1] * 255, float_val=[1]),
        "string lengths past the content": proto(7, [2], tensor_content=b"\x05\x05abc"),
        "string lengths short of the content": proto(7, [2], tensor_content=b"\x01\x01abc"),
        "a string length without end": proto(7, [1], tensor_content=b"\xff" * 12),
    }
    for name, message in cases.items():
        try:
            tf.io.parse_tensor(message.SerializeToString(), tf.as_dtype(message.dtype or 1))
            raise AssertionError(f"TensorFlow takes {name}")
        except (tf.errors.InvalidArgumentError, tf.errors.InternalError):
            yield {"name": name, "proto": b64(message.SerializeToString())}


def conversions():
    """SHA-256 of the 16 bits of 2^20 spread float32 patterns and of all ties between halves."""
    spread = (np.arange(1 << 20, dtype=np.uint64) * 4099 % (1 << 32)).astype(np.uint32)
    every = np.arange(1 << 16, dtype=np.uint16)
    with np.errstate(all="ignore"):
        halves = every.view(np.float16).astype(np.float32).view(np.uint32)
        # Halfway to the neighbour, and the float32 before and after it; also for subnormals.
        ties = []
        ordered = np.arange(0x7c00, dtype=np.uint16).view(np.float16).astype(np.float32)
        middle = ((ordered[:-1].astype(np.float64) + ordered[1:]) / 2).astype(np.float32).view(np.uint32)
        for offset in (-1, 0, 1):
            ties += [middle + np.uint32(offset & 0xffffffff), (middle + np.uint32(offset & 0xffffffff)) | 0x80000000]
        inputs = {"spread": spread, "ties": np.concatenate(ties).astype(np.uint32)}
        out = {"halfToFloat32": hashlib.sha256(halves.tobytes()).hexdigest(),
               "bfloat16ToFloat32": hashlib.sha256(
                   every.view(ml_dtypes.bfloat16).astype(np.float32).tobytes()).hexdigest()}
        for name, bits in inputs.items():
            floats = bits.view(np.float32)
            out[name] = {
                "count": len(bits),
                "half": hashlib.sha256(floats.astype(np.float16).tobytes()).hexdigest(),
                "bfloat16": hashlib.sha256(floats.astype(ml_dtypes.bfloat16).tobytes()).hexdigest(),
            }
    return out


if __name__ == "__main__":
    result = {"tensorflow": tf.__version__, "numpy": np.__version__, "tensors": list(tensors()),
              "refused": list(refused()), "conversions": conversions()}
    path = pathlib.Path(__file__).parent / "vectors.json"
    text = json.dumps(result, indent=2) + "\n"
    if "--check" not in sys.argv[1:]:
        path.write_text(text)
    elif json.loads(path.read_text()) != json.loads(text):
        sys.exit(f"{path.name} is not what this script makes")

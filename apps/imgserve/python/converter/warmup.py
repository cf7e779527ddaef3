"""Writes the requests that TensorFlow Serving answers to itself before a version counts as AVAILABLE.

Without them the first real requests of a new pod pay for what TensorFlow does at its first runs. The
requests are records of PredictionLog (tensorflow_serving/apis/prediction_log.proto) in
`assets.extra/tf_serving_warmup_requests`, one for each signature and batch size. Nothing but
TensorFlow is needed: the few messages around the tensors are encoded here. `imgserve warmup` writes
better ones, from a spec and its images.
"""

from collections.abc import Sequence
from pathlib import Path

import tensorflow as tf
from tensorflow.core.framework import tensor_pb2, tensor_shape_pb2, types_pb2
from tensorflow.core.protobuf import meta_graph_pb2, saved_model_pb2

PLACE = Path("assets.extra") / "tf_serving_warmup_requests"
# TensorFlow Serving refuses a model whose file holds more.
MAX_RECORDS = 1000
# Side of the encoded picture for signatures that take image files.
PICTURE_SIZE = 64

# protobuf's wire type of everything with a length.
_LENGTH_DELIMITED = 2
_FIELDS = {
    types_pb2.DT_FLOAT: ("float_val", 0.5),
    types_pb2.DT_DOUBLE: ("double_val", 0.5),
    types_pb2.DT_HALF: ("half_val", 0x3800),  # 0.5 as bits
    types_pb2.DT_BFLOAT16: ("half_val", 0x3F00),
    types_pb2.DT_UINT8: ("int_val", 128),
    types_pb2.DT_INT8: ("int_val", 1),
    types_pb2.DT_UINT16: ("int_val", 1),
    types_pb2.DT_INT16: ("int_val", 1),
    types_pb2.DT_INT32: ("int_val", 1),
    types_pb2.DT_INT64: ("int64_val", 1),
    types_pb2.DT_UINT32: ("uint32_val", 1),
    types_pb2.DT_UINT64: ("uint64_val", 1),
    types_pb2.DT_BOOL: ("bool_val", True),
}


def write(folder: Path, name: str, batch_sizes: Sequence[int] = (1,), size: int | None = None) -> int:
    """Writes the file into the SavedModel's folder and returns how many requests it holds.

    `name` is the servable's, as requests say it; `size` stands for every unknown dimension but the
    first. Raises ValueError where a signature leaves such a dimension open and `size` is None, for a
    dtype that no request can hold, or for more requests than TensorFlow Serving takes.
    """
    records = []
    for signature_name, signature in signatures(folder).items():
        for batch_size in batch_sizes:
            inputs = {
                alias: _tensor(alias, info, batch_size, size)
                for alias, info in sorted(signature.inputs.items())
            }
            records.append(_prediction_log(name, signature_name, inputs))
    if len(records) > MAX_RECORDS:
        raise ValueError(f"Expected at most {MAX_RECORDS} requests but there are {len(records)}")
    path = folder / PLACE
    path.parent.mkdir(exist_ok=True)
    with tf.io.TFRecordWriter(str(path)) as writer:
        for record in records:
            writer.write(record)
    return len(records)


def signatures(folder: Path) -> dict[str, meta_graph_pb2.SignatureDef]:
    """The signatures that Predict can ask for, of the graph with the tag "serve"."""
    saved_model = saved_model_pb2.SavedModel()
    saved_model.ParseFromString((folder / "saved_model.pb").read_bytes())
    graph = next(g for g in saved_model.meta_graphs if "serve" in g.meta_info_def.tags)
    # Those with two underscores are TensorFlow's own, such as the init op.
    return {
        name: graph.signature_def[name]
        for name in sorted(graph.signature_def)
        if not name.startswith("__")
    }


def _tensor(
    alias: str, info: meta_graph_pb2.TensorInfo, batch_size: int, size: int | None
) -> tensor_pb2.TensorProto:
    """One value: TensorFlow fills the shape with the last one that it is given."""
    shape = [dim.size for dim in info.tensor_shape.dim]
    if info.tensor_shape.unknown_rank or (size is None and -1 in shape[1:]):
        raise ValueError(f'Expected a known shape for the input "{alias}" but received {shape}')
    shape = [batch_size if dim == -1 else dim for dim in shape[:1]] + [
        size if dim == -1 else dim for dim in shape[1:]
    ]
    tensor = tensor_pb2.TensorProto(
        dtype=info.dtype,
        tensor_shape=tensor_shape_pb2.TensorShapeProto(
            dim=[tensor_shape_pb2.TensorShapeProto.Dim(size=dim) for dim in shape]
        ),
    )
    if info.dtype == types_pb2.DT_STRING:
        tensor.string_val.append(_picture())
    elif info.dtype in _FIELDS:
        field, value = _FIELDS[info.dtype]
        getattr(tensor, field).append(value)
    else:
        dtype = types_pb2.DataType.Name(info.dtype)
        raise ValueError(f'Expected numbers or strings for the input "{alias}" but received {dtype}')
    return tensor


def _picture() -> bytes:
    """A gray JPEG, for signatures that decode the file themselves."""
    gray = tf.fill([PICTURE_SIZE, PICTURE_SIZE, 3], tf.constant(128, tf.uint8))
    return tf.io.encode_jpeg(gray).numpy()


def _prediction_log(
    name: str, signature_name: str, inputs: dict[str, tensor_pb2.TensorProto]
) -> bytes:
    model_spec = _field(1, name.encode()) + _field(3, signature_name.encode())
    request = _field(1, model_spec) + b"".join(
        _field(2, _field(1, alias.encode()) + _field(2, tensor.SerializeToString()))
        for alias, tensor in inputs.items()
    )
    predict_log = _field(1, request)
    return _field(6, predict_log)


def _field(number: int, content: bytes) -> bytes:
    return _varint(number << 3 | _LENGTH_DELIMITED) + _varint(len(content)) + content


def _varint(value: int) -> bytes:
    digits = bytearray()
    while value > 0x7F:
        digits.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*digits, value])

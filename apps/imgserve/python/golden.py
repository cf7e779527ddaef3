"""What Keras and TensorFlow make of images: tensors, the stages on the way to them, and scores.

Asked: `spec` (as parsed), `signature`, `images` (each a path and the name that it
gets), `references` (a folder for pixels, or null), `keras` or
`saved_model` (a path), `preprocess` ("FILE.py:FUNCTION" or null). Tells `made_with` and `dtype`, then
for each image either what golden.json holds of it or why it is `refused`.
"""

from protocol import refuse, run, tell

import gzip
import hashlib
import importlib.util
from collections.abc import Callable
from pathlib import Path
from typing import Any

Preprocess = Callable[[str], Any]


def main(asked: dict) -> None:
    import keras
    import PIL
    import tensorflow as tf

    from model import open_keras, open_saved_model

    if asked["keras"] is not None:
        predict, dtype = open_keras(asked["keras"])
    else:
        predict, dtype = open_saved_model(asked["saved_model"], asked["spec"]["signature"])
    own = None if asked["preprocess"] is None else own_function(asked["preprocess"])
    versions = {"keras": keras.__version__, "pillow": PIL.__version__, "tensorflow": tf.__version__}
    tell(made_with=versions, dtype=dtype)
    for image in asked["images"]:
        path, name = image["path"], image["name"]
        try:
            vector = vector_of(path, name, asked, dtype, predict, own)
        except (OSError, SyntaxError, ValueError, PIL.Image.DecompressionBombError) as error:
            tell(image=name, refused=str(error).split("\n")[0] or type(error).__name__)
        except tf.errors.OpError as error:
            tell(image=name, refused=f"the model: {error.message.splitlines()[0]}")
        else:
            tell(image=name, **vector)


def vector_of(
    path: str,
    name: str,
    asked: dict,
    dtype: str,
    predict: Callable[[object], Any],
    own: Preprocess | None,
) -> dict:
    import numpy as np

    spec = asked["spec"]
    references = None if asked["references"] is None else Path(asked["references"])
    vector: dict = {}
    if dtype == "DT_STRING":
        file = Path(path).read_bytes()
        vector["tensor"] = {"dtype": dtype, "shape": [], "sha256": hashlib.sha256(file).hexdigest()}
        batch: object = np.array([file], dtype=object)
    else:
        if own is None:
            tensor, vector["stages"] = prepared(path, spec["image"], dtype, references, name)
        else:
            tensor = owns_tensor(own(path), spec["image"]["size"], dtype)
        described = {"dtype": dtype, "shape": list(tensor.shape), "sha256": digest(tensor)}
        resized = vector.get("stages", {}).get("resized", {})
        if tensor.dtype == np.float32 and references is not None and "reference" not in resized:
            described["reference"] = f"references/{name}.f32.gz"
            write_gzip(references / f"{name}.f32.gz", tensor)
        vector["tensor"] = described
        batch = tensor[None]
    outputs = np.asarray(predict(batch), dtype=np.float64)
    vector["scores"] = scores_of(outputs, spec)
    return vector


def prepared(path: str, image_spec: dict, dtype: str, references: Path | None, name: str) -> tuple:
    """The tensor, and what it was on its way."""
    import numpy as np
    from PIL import Image

    from preparation import decode, resize, scale

    image = decode(path)
    resized = np.ascontiguousarray(resize(path, image, image_spec))
    stages: dict = {
        "decoded": {
            "width": image.width,
            "height": image.height,
            "sha256": digest(np.asarray(image)),
        },
        "resized": {"sha256": digest(resized)},
    }
    if resized.dtype == np.uint8 and references is not None:
        stages["resized"]["reference"] = f"references/{name}.png"
        Image.fromarray(resized).save(references / f"{name}.png", optimize=True)
    if dtype == "DT_UINT8":
        if resized.dtype != np.uint8:
            refuse(f"resample {image_spec['resample']} gives no bytes, which the model takes")
        return resized, stages
    tensor = np.ascontiguousarray(scale(resized, image_spec["scaling"]))
    return (tensor.astype(np.float16) if dtype == "DT_HALF" else tensor), stages


def owns_tensor(value: Any, size: list[int], dtype: str) -> Any:
    """What the user's own function gives, as the model takes it; a batch of one is taken for its row."""
    import numpy as np

    numpy_type = {"DT_FLOAT": np.float32, "DT_HALF": np.float16, "DT_UINT8": np.uint8}[dtype]
    tensor = np.asarray(value)
    if tensor.ndim == 4 and len(tensor) == 1:
        tensor = tensor[0]
    if tensor.ndim != 3 or not np.issubdtype(tensor.dtype, np.number):
        raise ValueError(f"your function gave {tensor.dtype} {list(tensor.shape)}, expected h, w, 3")
    return np.ascontiguousarray(tensor.astype(numpy_type))


def scores_of(outputs: Any, spec: dict) -> dict[str, float]:
    import numpy as np

    labels = spec["labels"]
    if outputs.shape != (len(labels),):
        refuse(f"The model gives {list(outputs.shape)} scores for {len(labels)} labels")
    if not np.isfinite(outputs).all():
        raise ValueError("the model's scores are not finite")
    if spec["scores"] == "logits":
        odds = np.exp(outputs - outputs.max())
        outputs = odds / odds.sum()
    return {label: round(float(score), 7) for label, score in zip(labels, outputs)}


def own_function(place: str) -> Preprocess:
    """FILE.py:FUNCTION of the user's."""
    file, _, name = place.rpartition(":")
    spec = importlib.util.spec_from_file_location("own_preprocessing", file)
    if not file or not name or spec is None or not Path(file).is_file():
        refuse(f"{place}: expected FILE.py:FUNCTION")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    function = getattr(module, name, None)
    if not callable(function):
        refuse(f"{file}: expected a function {name}(path)")
    return function


def digest(values: Any) -> str:
    """SHA-256 of the elements, little-endian, row-major."""
    return hashlib.sha256(values.astype(values.dtype.newbyteorder("<")).tobytes()).hexdigest()


def write_gzip(path: Path, values: Any) -> None:
    path.write_bytes(gzip.compress(values.astype("<f4").tobytes(), mtime=0))


run(main)

"""Holds what `imgserve warmup` writes against TensorFlow: run in the repository's root, after `npm run build`.

TensorFlow's own reader takes the file with its checksums, TensorFlow Serving's own messages parse each
record, and the SavedModel answers each request in a session, as TensorFlow Serving loads it.
"""

import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import json  # noqa: E402
import pathlib  # noqa: E402
import shutil  # noqa: E402
import subprocess  # noqa: E402
import sys  # noqa: E402
import tempfile  # noqa: E402

import numpy as np  # noqa: E402
import tensorflow as tf  # noqa: E402
from tensorflow_serving.apis import prediction_log_pb2  # noqa: E402

ROOT = pathlib.Path(__file__).parents[3]
MODEL = ROOT / "models" / "clothing-model"
PLACE = pathlib.Path("assets.extra") / "tf_serving_warmup_requests"
BATCH_SIZES = (1, 4)


def write(folder: pathlib.Path) -> dict:
    """What the command tells of the file that it has written."""
    main = ROOT / "dist" / "apps" / "imgserve" / "src" / "main.js"
    command = ["node", main, "warmup", folder, "--count", "2", "--batch-size", *map(str, BATCH_SIZES)]
    done = subprocess.run([*command, "--json"], stdout=subprocess.PIPE, check=True)
    return json.loads(done.stdout)


def main() -> None:
    with tempfile.TemporaryDirectory() as place:
        folder = pathlib.Path(place) / "clothing-model"
        ignored = shutil.ignore_patterns("assets.extra", "*.onnx*", "samples")
        shutil.copytree(MODEL, folder, ignore=ignored)
        report = write(folder)
        version = folder / "1"
        records = [r.numpy() for r in tf.data.TFRecordDataset(str(version / PLACE))]
        assert len(records) == report["requests"] == 2 * 2 * len(BATCH_SIZES), report
        session = tf.compat.v1.Session(graph=tf.Graph())
        with session.graph.as_default():
            graph = tf.compat.v1.saved_model.load(session, ["serve"], str(version))
        seen = set()
        for record in records:
            log = prediction_log_pb2.PredictionLog.FromString(record)
            assert log.WhichOneof("log_type") == "predict_log"
            request = log.predict_log.request
            assert request.model_spec.name == "clothing-model"
            signature = graph.signature_def[request.model_spec.signature_name]
            feeds = {
                signature.inputs[alias].name: tf.make_ndarray(tensor)
                for alias, tensor in request.inputs.items()
            }
            (pixels,) = feeds.values()
            assert pixels.std() > 0.1, "a real image"
            scores = session.run(signature.outputs["dense_7"].name, feeds)
            assert scores.shape == (len(pixels), 10) and np.isfinite(scores).all(), scores
            seen.add((request.model_spec.signature_name, len(pixels)))
        names = ("serving_default", "serving_uint8")
        assert seen == {(name, size) for name in names for size in BATCH_SIZES}, seen
    print(f"{len(records)} requests: read, parsed and answered by TensorFlow {tf.__version__}")


if __name__ == "__main__":
    sys.exit(main())

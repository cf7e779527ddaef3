"""The built gateway before real TensorFlow: is what it sends what Keras makes of the same file?

    npm run build && python test/parity/gateway/check.py [FOLDER OF PICTURES]

A gRPC server with TensorFlow Serving's official protos serves the SavedModel from a TensorFlow
session and keeps every tensor that it is sent. The gateway classifies the model's samples, its
golden images and the pictures of the given folder, several at once. Each tensor must equal Keras's
byte for byte; each answer must be what TensorFlow computes from Keras's tensor.
"""

from __future__ import annotations

import concurrent.futures
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("GRPC_VERBOSITY", "ERROR")

import grpc
import keras
import numpy as np
import PIL
import tensorflow as tf
from tensorflow_serving.apis import (
    get_model_metadata_pb2,
    get_model_status_pb2,
    model_service_pb2_grpc,
    predict_pb2,
    prediction_service_pb2_grpc,
)

ROOT = Path(__file__).resolve().parents[3]
MODEL = ROOT / "models" / "clothing-model"
CONCURRENCY = 8
TOLERANCE = 2e-6
SUFFIXES = {".jpg", ".jpeg", ".png", ".webp", ".gif", ".bmp", ".tif", ".tiff"}


class SavedModelServer(
    prediction_service_pb2_grpc.PredictionServiceServicer,
    model_service_pb2_grpc.ModelServiceServicer,
):
    """Answers from a session, as TensorFlow Serving's loader makes one."""

    def __init__(self, folder: Path) -> None:
        self.session = tf.compat.v1.Session(graph=tf.Graph())
        self.meta = tf.compat.v1.saved_model.load(self.session, ["serve"], str(folder))
        self.received: set[bytes] = set()
        self.lock = threading.Lock()

    def run(self, signature_name: str, pixels: np.ndarray) -> np.ndarray:
        signature = self.meta.signature_def[signature_name]
        (source,), (target,) = signature.inputs.values(), signature.outputs.values()
        return self.session.run(target.name, {source.name: pixels})

    def GetModelStatus(self, request, context):
        response = get_model_status_pb2.GetModelStatusResponse()
        response.model_version_status.add(version=1, state=30)
        return response

    def GetModelMetadata(self, request, context):
        signatures = get_model_metadata_pb2.SignatureDefMap()
        for name, signature in self.meta.signature_def.items():
            signatures.signature_def[name].CopyFrom(signature)
        response = get_model_metadata_pb2.GetModelMetadataResponse()
        response.model_spec.name = request.model_spec.name
        response.model_spec.version.value = 1
        response.metadata["signature_def"].Pack(signatures)
        return response

    def Predict(self, request, context):
        name = request.model_spec.signature_name or "serving_default"
        tensor = request.inputs["input_8"]
        with self.lock:
            self.received.add(tensor.tensor_content)
        response = predict_pb2.PredictResponse()
        response.model_spec.CopyFrom(request.model_spec)
        response.model_spec.version.value = 1
        logits = self.run(name, tf.make_ndarray(tensor))
        response.outputs["dense_7"].CopyFrom(tf.make_tensor_proto(logits))
        return response


def start_server(server: SavedModelServer) -> tuple[grpc.Server, int]:
    host = grpc.server(concurrent.futures.ThreadPoolExecutor(4))
    prediction_service_pb2_grpc.add_PredictionServiceServicer_to_server(server, host)
    model_service_pb2_grpc.add_ModelServiceServicer_to_server(server, host)
    port = host.add_insecure_port("127.0.0.1:0")
    host.start()
    return host, port


def start_gateway(grpc_port: int, catalog: Path) -> tuple[subprocess.Popen, str]:
    process = subprocess.Popen(
        ["node", str(ROOT / "dist/apps/gateway/src/main.js")],
        env={
            **os.environ,
            "PORT": "0",
            "METRICS_PORT": "0",
            "HOST": "127.0.0.1",
            "TF_SERVING_HOST": f"127.0.0.1:{grpc_port}",
            "MODEL_CATALOG": str(catalog),
            "LOG_FORMAT": "json",
            "SHUTDOWN_DELAY_MS": "0",
        },
        stdout=subprocess.PIPE,
        text=True,
    )
    give_up = time.monotonic() + 60
    while time.monotonic() < give_up:
        line = process.stdout.readline()
        if not line:
            break
        message = json.loads(line)["msg"]
        if message.startswith("ready: open "):
            threading.Thread(target=process.stdout.read, daemon=True).start()
            return process, message.removeprefix("ready: open ")
    raise SystemExit("The gateway did not become ready.")


def keras_pixels(path: Path) -> np.ndarray:
    image = keras.utils.load_img(path, target_size=(299, 299), interpolation="nearest")
    return keras.utils.img_to_array(image)


def softmax(logits: np.ndarray) -> np.ndarray:
    powers = np.exp(logits.astype(np.float64) - logits.max())
    return powers / powers.sum()


def predict(url: str, path: Path) -> dict[str, float]:
    request = urllib.request.Request(
        f"{url}predict", data=path.read_bytes(), headers={"Content-Type": "image/*"}
    )
    with urllib.request.urlopen(request) as response:
        return json.load(response)


def compare(signature_name: str, pictures: list[Path], catalog: Path) -> list[str]:
    """What differs, a line each."""
    server = SavedModelServer(MODEL / "1")
    host, port = start_server(server)
    gateway, url = start_gateway(port, catalog)
    try:
        with concurrent.futures.ThreadPoolExecutor(CONCURRENCY) as pool:
            answers = list(pool.map(lambda path: predict(url, path), pictures))
    finally:
        gateway.terminate()
        gateway.wait()
        host.stop(None)
    faults = []
    for path, answer in zip(pictures, answers):
        pixels = keras_pixels(path)
        if signature_name == "serving_uint8":
            tensor = pixels.astype(np.uint8)[None]
        else:
            tensor = keras.applications.xception.preprocess_input(pixels.copy())[None]
        if tensor.tobytes() not in server.received:
            faults.append(f"{path.name}: Keras's tensor was not among those received")
        expected = softmax(server.run(signature_name, tensor)[0])
        difference = np.abs(expected - np.array(list(answer.values()))).max()
        if difference > TOLERANCE:
            faults.append(f"{path.name}: a probability is off by {difference:.2g}")
    return faults


def main() -> int:
    folders = [MODEL / "samples", MODEL / "golden", *map(Path, sys.argv[1:])]
    pictures = sorted(p for f in folders for p in f.rglob("*") if p.suffix.lower() in SUFFIXES)
    print(f"Keras {keras.__version__}, TensorFlow {tf.__version__}, Pillow {PIL.__version__}")
    faults = []
    spec = (MODEL / "model.yaml").read_text()
    for signature_name in ("serving_default", "serving_uint8"):
        with tempfile.TemporaryDirectory() as folder:
            text = spec.replace("signature: serving_default", f"signature: {signature_name}")
            Path(folder, "clothing-model.yaml").write_text(text)
            found = compare(signature_name, pictures, Path(folder))
        print(f"{signature_name}: {len(pictures)} pictures, {len(found)} differ")
        faults += found
    print("\n".join(faults))
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())

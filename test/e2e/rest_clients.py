"""KServe's and Triton's own Python clients, and what people send to TensorFlow Serving, against the gateway.

    pip install -r test/e2e/requirements.txt
    npm run build && python test/e2e/rest_clients.py                 # starts the built gateway itself
    python test/e2e/rest_clients.py --url http://localhost:9696/     # one that runs already

Holds the answers of /v1 and /v2 against each other and against /predict, of one picture and of two.
"""

import argparse
import asyncio
import base64
import json
import os
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from pathlib import Path

import httpx
import numpy as np
from kserve import InferenceRESTClient, InferInput, InferRequest, RESTConfig
from kserve.protocol.infer_type import RequestedOutput
from tritonclient.http import InferenceServerClient
from tritonclient.http import InferInput as TritonInput
from tritonclient.http import InferRequestedOutput
from tritonclient.utils import InferenceServerException

ROOT = Path(__file__).resolve().parents[2]
MODEL, OUTPUT = "clothing-model", "dense_7"
SAMPLES = [
    (ROOT / "models" / MODEL / "samples" / name).read_bytes() for name in ("pants.jpg", "dress.jpg")
]
IN_BASE64 = [base64.b64encode(sample).decode() for sample in SAMPLES]

failures = []


def check(name, received, expected):
    if received == expected:
        print(f"ok    {name}")
    else:
        failures.append(name)
        print(f"FAIL  {name}\n      expected {expected!r}\n      received {received!r}")


def check_scores(name, received, expected):
    received = np.asarray(received, np.float64)
    check(f"{name}: shape", received.shape, np.shape(expected))
    check(f"{name}: scores", bool(np.allclose(received, expected, atol=1e-3)), True)


def post(url, body, headers):
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    request = urllib.request.Request(url, data=data, headers=headers)
    try:
        with urllib.request.urlopen(request, timeout=60) as response:
            return response.status, json.load(response)
    except urllib.error.HTTPError as error:
        return error.code, json.load(error)


def probabilities(url):
    rows = []
    for sample in SAMPLES:
        status, scores = post(f"{url}predict", sample, {"Content-Type": "image/jpeg"})
        check("/predict", status, 200)
        rows.append(list(scores.values()))
    return np.array(rows), list(scores)


def softmax(logits):
    powers = np.exp(logits - np.max(logits, axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


def check_tf_serving(url):
    """As TensorFlow Serving's tutorials ask: with JSON under whatever type."""
    predict = f"{url}v1/models/{MODEL}:predict"
    body = {"signature_name": "serving_default", "instances": [{"b64": text} for text in IN_BASE64]}
    status, answer = post(predict, body, {"Content-Type": "application/json"})
    check("TensorFlow Serving: status", status, 200)
    raw = np.array(answer["predictions"])
    expected, labels = probabilities(url)
    check_scores("TensorFlow Serving: softmax", softmax(raw), expected)
    for name, request in [
        ("named input", {"instances": [{"input_8": {"b64": text}} for text in IN_BASE64]}),
        ("columns", {"inputs": {"input_8": [{"b64": text} for text in IN_BASE64]}}),
    ]:
        status, answer = post(predict, request, {"Content-Type": "application/x-www-form-urlencoded"})
        check_scores(f"TensorFlow Serving: {name}", list(answer.values())[0], raw)
    status, answer = post(predict.replace(":predict", "/versions/9:predict"), body, {})
    check("TensorFlow Serving: unknown version", (status, isinstance(answer["error"], str)), (404, True))
    status, answer = post(predict, {"instances": [1.0, 2.0]}, {})
    check("TensorFlow Serving: numbers", (status, "error" in answer), (400, True))
    with urllib.request.urlopen(f"{url}v1/models/{MODEL}") as response:
        [version] = json.load(response)["model_version_status"]
    check(
        "TensorFlow Serving: version",
        version,
        {"version": "1", "state": "AVAILABLE", "status": {"error_code": "OK", "error_message": ""}},
    )
    with urllib.request.urlopen(f"{url}v1/models/{MODEL}/metadata") as response:
        signatures = json.load(response)["metadata"]["signature_def"]["signature_def"]
    check("TensorFlow Serving: signatures", sorted(signatures), ["serving_default", "serving_uint8"])
    return raw, labels


async def failure(awaitable):
    try:
        await awaitable
    except httpx.HTTPStatusError as error:
        return error.response.status_code
    return None


async def check_kserve_v1(url, raw):
    async with InferenceRESTClient(RESTConfig(protocol="v1")) as client:
        # The page lies there for those who take anything.
        accept = {"accept": "application/json"}
        check("KServe v1: live", await client.is_server_live(url, headers=accept), True)
        check("KServe v1: ready", await client.is_model_ready(url, MODEL), True)
        body = {"instances": [{"image": {"b64": text}} for text in IN_BASE64]}
        answer = await client.infer(url, body, model_name=MODEL)
        check_scores("KServe v1", answer["predictions"], raw)
        check("KServe v1: unknown model", await failure(client.is_model_ready(url, "nope")), 404)
        check("KServe v1: no images", await failure(client.infer(url, {"instances": []}, MODEL)), 400)


def kserve_request(binary, outputs=None, parameters=None):
    images = InferInput("image", [len(SAMPLES)], "BYTES")
    elements = SAMPLES if binary else IN_BASE64
    images.set_data_from_numpy(np.array(elements, dtype=object), binary_data=binary)
    return InferRequest(
        MODEL, [images], request_id="of-mine", request_outputs=outputs, parameters=parameters
    )


async def check_kserve_v2(url, raw):
    async with InferenceRESTClient(RESTConfig(protocol="v2")) as client:
        check("KServe v2: live", await client.is_server_live(url), True)
        check("KServe v2: ready", await client.is_server_ready(url), True)
        check("KServe v2: model ready", await client.is_model_ready(url, MODEL), True)
        check("KServe v2: unknown model", await client.is_model_ready(url, "nope"), False)
        for name, request in [
            ("JSON", kserve_request(binary=False)),
            ("binary input", kserve_request(binary=True)),
            ("binary output", kserve_request(True, parameters={"binary_data_output": True})),
            ("binary output by name", kserve_request(False, [RequestedOutput(OUTPUT, {"binary_data": True})])),
        ]:
            answer = await client.infer(url, request, model_name=MODEL)
            check(f"KServe v2, {name}: head", (answer.id, answer.model_name), ("of-mine", MODEL))
            [output] = answer.outputs
            check(f"KServe v2, {name}: output", (output.name, output.datatype), (OUTPUT, "FP32"))
            check_scores(f"KServe v2, {name}", output.as_numpy(), raw)
        unknown = kserve_request(False, [RequestedOutput("nope")])
        check("KServe v2: unknown output", await failure(client.infer(url, unknown, MODEL)), 400)


def check_triton(url, raw, labels):
    """The client of the protocol's binary extension and of classification, where both come from."""
    client = InferenceServerClient(url.removeprefix("http://").rstrip("/"))
    check("Triton: live", client.is_server_live(), True)
    check("Triton: ready", client.is_server_ready(), True)
    check("Triton: model ready", client.is_model_ready(MODEL, "1"), True)
    check("Triton: extensions", client.get_server_metadata()["extensions"], ["classification", "binary_tensor_data"])
    metadata = client.get_model_metadata(MODEL)
    check("Triton: input", metadata["inputs"], [{"name": "image", "datatype": "BYTES", "shape": [-1]}])
    images = TritonInput("image", [len(SAMPLES)], "BYTES")
    images.set_data_from_numpy(np.array(SAMPLES, dtype=object), binary_data=True)
    answer = client.infer(MODEL, [images], request_id="7")
    head = answer.get_response()
    check("Triton: head", (head["id"], head["model_version"]), ("7", "1"))
    check_scores("Triton", answer.as_numpy(OUTPUT), raw)
    for binary in (True, False):
        outputs = [InferRequestedOutput(OUTPUT, binary_data=binary, class_count=2)]
        classes = client.infer(MODEL, [images], model_version="1", outputs=outputs).as_numpy(OUTPUT)
        check(f"Triton, classes: shape (binary {binary})", classes.shape, (len(SAMPLES), 2))
        for row, scores in zip(classes, raw):
            best = np.argsort(-scores)[:2]
            for element, index in zip(row, best):
                text = element.decode() if isinstance(element, bytes) else element
                value, position, label = text.split(":")
                check("Triton, classes: class", (int(position), label), (index, labels[index]))
                check("Triton, classes: value", abs(float(value) - scores[index]) < 1e-3, True)
    try:
        client.infer(MODEL, [images], outputs=[InferRequestedOutput("nope")])
        check("Triton: unknown output", "no failure", "400")
    except InferenceServerException as error:
        check("Triton: unknown output", (error.status(), OUTPUT in error.message()), ("400", True))
    client.close()


def start_gateway():
    process = subprocess.Popen(
        ["node", "dist/apps/gateway/src/main.js"],
        cwd=ROOT,
        env={
            **os.environ,
            "PORT": "0",
            "METRICS_PORT": "0",
            "GRPC_PORT": "0",
            "HOST": "127.0.0.1",
            "LOG_FORMAT": "json",
            "LOG_LEVEL": "info",
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
        message = json.loads(line).get("msg", "")
        if message.startswith("ready: open "):
            threading.Thread(target=process.stdout.read, daemon=True).start()
            return process, message.removeprefix("ready: open ")
    process.kill()
    raise SystemExit("The gateway did not become ready.")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--url", help="of a gateway that runs already")
    options = parser.parse_args()
    process, url = (None, options.url) if options.url else start_gateway()
    try:
        raw, labels = check_tf_serving(url)
        asyncio.run(check_kserve_v1(url, raw))
        asyncio.run(check_kserve_v2(url, raw))
        check_triton(url, raw, labels)
    finally:
        if process is not None:
            process.terminate()
            process.wait(60)
    print(f"{len(failures)} failed" if failures else "all as expected")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())

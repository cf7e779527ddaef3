"""TensorFlow Serving's own Python client against the model server.

    pip install tensorflow-serving-api onnxruntime
    npm run build && python test/e2e/official_client.py            # starts the built server itself
    python test/e2e/official_client.py --target localhost:8500     # one that runs already

Checks what a client sees: status, metadata, predictions in float and raw pixels (compared with ONNX
Runtime called directly), every failure word for word, and health. Where it has started the server
itself, also the process: its exit codes, and its end by SIGTERM.
"""

import argparse
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import grpc
import numpy as np
import onnxruntime
import tensorflow as tf
from tensorflow_serving.apis import (
    classification_pb2,
    get_model_metadata_pb2,
    get_model_status_pb2,
    model_service_pb2_grpc,
    predict_pb2,
    prediction_service_pb2_grpc,
)

ROOT = Path(__file__).resolve().parents[2]
MODEL = "clothing-model"
FOLDER = ROOT / "models" / MODEL / "1"
FLOAT_INPUT, OUTPUT, SHAPE = "input_8", "dense_7", (299, 299, 3)

failures = []


def check(name, received, expected):
    if received == expected:
        print(f"ok    {name}")
    else:
        failures.append(name)
        print(f"FAIL  {name}\n      expected {expected!r}\n      received {received!r}")


def request(**spec):
    message = predict_pb2.PredictRequest()
    message.model_spec.name = spec.pop("name", MODEL)
    if "version" in spec:
        message.model_spec.version.value = spec["version"]
    if "label" in spec:
        message.model_spec.version_label = spec["label"]
    message.model_spec.signature_name = spec.get("signature", "")
    for alias, array in spec.get("inputs", {}).items():
        message.inputs[alias].CopyFrom(tf.make_tensor_proto(array))
    message.output_filter.extend(spec.get("outputs", []))
    return message


def failure(call, message):
    try:
        call(message, timeout=60)
    except grpc.RpcError as error:
        return error.code().name, error.details()
    return "OK", ""


def local_scores(file, inputs):
    session = onnxruntime.InferenceSession(str(FOLDER / file), providers=["CPUExecutionProvider"])
    return session.run([OUTPUT], inputs)[0]


def check_predictions(predict):
    pixels = np.random.default_rng(0).integers(0, 256, (3, *SHAPE), dtype=np.uint8)
    scaled = (pixels.astype(np.float32) / np.float32(127.5)) - np.float32(1)
    for name, signature, file, array in [
        ("float", "", "model.onnx", scaled),
        ("raw pixels", "serving_uint8", "serving_uint8.onnx", pixels),
    ]:
        answer = predict(request(signature=signature, inputs={FLOAT_INPUT: array}), timeout=60)
        received = tf.make_ndarray(answer.outputs[OUTPUT])
        difference = float(np.abs(received - local_scores(file, {FLOAT_INPUT: array})).max())
        print(f"      {name}: largest difference from ONNX Runtime in Python {difference:.2e}")
        check(f"predictions of {name} are ONNX Runtime's", difference < 1e-3, True)
        check(f"predictions of {name} are in float_val", len(answer.outputs[OUTPUT].float_val), 30)
        spec = answer.model_spec
        check(
            f"predictions of {name} echo the model spec",
            (spec.name, spec.version.value, spec.signature_name),
            (MODEL, 1, signature or "serving_default"),
        )
    one = predict(request(version=1, inputs={FLOAT_INPUT: scaled[:1]}, outputs=[OUTPUT]), timeout=60)
    check("one row of three scores the same", bool(
        np.allclose(tf.make_ndarray(one.outputs[OUTPUT]),
                    local_scores("model.onnx", {FLOAT_INPUT: scaled[:1]}), atol=1e-3)), True)


def check_metadata(get_metadata):
    message = get_model_metadata_pb2.GetModelMetadataRequest()
    message.model_spec.name = MODEL
    message.metadata_field.append("signature_def")
    signatures = get_model_metadata_pb2.SignatureDefMap()
    check("metadata unpack", get_metadata(message).metadata["signature_def"].Unpack(signatures), True)
    for name, dtype in [("serving_default", tf.float32), ("serving_uint8", tf.uint8)]:
        signature = signatures.signature_def[name]
        info = signature.inputs[FLOAT_INPUT]
        check(f"{name}: method", signature.method_name, "tensorflow/serving/predict")
        check(f"{name}: input dtype", tf.dtypes.as_dtype(info.dtype), dtype)
        check(f"{name}: input shape", [dim.size for dim in info.tensor_shape.dim], [-1, *SHAPE])
        sizes = [dim.size for dim in signature.outputs[OUTPUT].tensor_shape.dim]
        check(f"{name}: output shape", sizes, [-1, 10])

    message.metadata_field[0] = "weights"
    check("unknown metadata field", failure(get_metadata, message),
          ("INVALID_ARGUMENT", "Metadata field weights is not supported"))
    del message.metadata_field[:]
    check("no metadata field", failure(get_metadata, message),
          ("INVALID_ARGUMENT", "GetModelMetadataRequest must specify at least one metadata_field"))
    check("metadata without a spec",
          failure(get_metadata, get_model_metadata_pb2.GetModelMetadataRequest()),
          ("INVALID_ARGUMENT", "Missing ModelSpec"))


def check_status(get_status):
    message = get_model_status_pb2.GetModelStatusRequest()
    message.model_spec.name = MODEL
    [status] = get_status(message).model_version_status
    available = get_model_status_pb2.ModelVersionStatus.AVAILABLE
    check("status", (status.version, status.state, status.status.error_code), (1, available, 0))
    message.model_spec.version.value = 9
    check("status of an unknown version", failure(get_status, message),
          ("NOT_FOUND", f"Could not find version 9 of model {MODEL}"))
    message.model_spec.Clear()
    message.model_spec.name = "nope"
    check("status of an unknown model", failure(get_status, message),
          ("NOT_FOUND", "Could not find any versions of model nope"))


def check_failures(stub):
    picture = np.zeros((1, *SHAPE), np.float32)
    inputs = {FLOAT_INPUT: picture}
    invalid = "INVALID_ARGUMENT"
    broken = request(inputs=inputs)
    broken.inputs[FLOAT_INPUT].tensor_content = broken.inputs[FLOAT_INPUT].tensor_content[:-4]
    absurd = request()
    absurd.inputs[FLOAT_INPUT].dtype = tf.float32.as_datatype_enum
    for size in (10**12, *SHAPE):
        absurd.inputs[FLOAT_INPUT].tensor_shape.dim.add().size = size
    for name, message, expected in [
        ("no spec", predict_pb2.PredictRequest(), (invalid, "Missing ModelSpec")),
        ("no name", request(name="", signature="x"), (invalid, "ModelSpec has no name specified.")),
        ("unknown model", request(name="nope"),
         ("NOT_FOUND", "Servable not found for request: Latest(nope)")),
        ("unknown version", request(version=9, inputs=inputs),
         ("NOT_FOUND", f"Servable not found for request: Specific({MODEL}, 9)")),
        ("unknown label", request(label="canary", inputs=inputs),
         (invalid, "Unrecognized servable version label: canary")),
        ("unknown signature", request(signature="nope", inputs=inputs),
         ("FAILED_PRECONDITION", 'Serving signature key "nope" not found.')),
        ("extra input", request(inputs={**inputs, "b": picture}),
         (invalid, f"input size does not match signature: 2!=1 len({{b,{FLOAT_INPUT}}}) != "
                   f"len({{{FLOAT_INPUT}}}). Sent extra: {{b}}. Missing but required: {{}}.")),
        ("no input", request(),
         (invalid, f"input size does not match signature: 0!=1 len({{}}) != len({{{FLOAT_INPUT}}}). "
                   f"Sent extra: {{}}. Missing but required: {{{FLOAT_INPUT}}}.")),
        ("other input", request(inputs={"b": picture}),
         (invalid, f"Signature input alias: {FLOAT_INPUT}(feed name: {FLOAT_INPUT}:0) not found in "
                   "request and no default value provided. Inputs expected to be in the request {b},"
                   " or default input alias set: ")),
        ("unknown output", request(inputs=inputs, outputs=["z"]),
         (invalid, "output tensor alias not found in signature: z Outputs expected to be in the set "
                   f"{{{OUTPUT}}}.")),
        ("repeated output", request(inputs=inputs, outputs=[OUTPUT, OUTPUT]),
         (invalid, f"duplicate output tensor alias: {OUTPUT}")),
        ("wrong dtype", request(inputs={FLOAT_INPUT: picture.astype(np.uint8)}),
         (invalid, "Expects arg[0] to be float but uint8 is provided")),
        ("text for numbers", request(inputs={FLOAT_INPUT: np.array([b"jpeg"], dtype=object)}),
         (invalid, "Expects arg[0] to be float but string is provided")),
        ("wrong size", request(inputs={FLOAT_INPUT: picture[:, :150]}),
         (invalid, f"Expects arg[0] ({FLOAT_INPUT}) to have shape [?,299,299,3] but "
                   "[1,150,299,3] is provided")),
        ("wrong rank", request(inputs={FLOAT_INPUT: picture[0]}),
         (invalid, f"Expects arg[0] ({FLOAT_INPUT}) to have shape [?,299,299,3] but [299,299,3] is "
                   "provided")),
        ("bytes that do not fill the shape", broken, (invalid, f"tensor parsing error: {FLOAT_INPUT}")),
        ("10^12 rows", absurd, (invalid, f"tensor parsing error: {FLOAT_INPUT}")),
    ]:
        check(name, failure(stub.Predict, message), expected)
    classify = classification_pb2.ClassificationRequest()
    classify.model_spec.name = MODEL
    check("Classify", failure(stub.Classify, classify)[0], "UNIMPLEMENTED")


def health(channel, service=""):
    """grpc.health.v1.Health/Check by hand: the message is one string, the answer one enum."""
    call = channel.unary_unary("/grpc.health.v1.Health/Check")
    name = service.encode()
    answer = call((b"\x0a" + bytes([len(name)]) + name) if name else b"", timeout=5)
    return {b"\x08\x01": "SERVING", b"\x08\x02": "NOT_SERVING"}.get(answer, answer)


def start(command, **env):
    return subprocess.Popen(
        command, cwd=ROOT, env={**os.environ, "LOG_LEVEL": "error", **env},
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )


def check_process(command, port):
    """Ends that an orchestrator tells apart."""
    occupied = start(command, GRPC_PORT=str(port))
    output = occupied.communicate(timeout=60)[0].strip()
    check("an occupied port ends it with 1", occupied.returncode, 1)
    check("an occupied port is told in one line", (len(output.splitlines()), str(port) in output), (1, True))
    wrong = start(command, GRPC_PORT="99999", POLL_SECONDS="soon")
    output = wrong.communicate(timeout=60)[0]
    check("a wrong environment ends it with 78", wrong.returncode, 78)
    check("all faults are told", [name in output for name in ("GRPC_PORT", "POLL_SECONDS")], [True, True])


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--target", help="host:port of a server that runs already")
    parser.add_argument("--main", default="dist/apps/model-server/src/main.js", help="the built server")
    options = parser.parse_args()
    server, port, command = None, free_port(), ["node", options.main]
    target = options.target or f"127.0.0.1:{port}"
    if options.target is None:
        server = start(command, GRPC_PORT=str(port), HOST="127.0.0.1")
    channel = grpc.insecure_channel(target, [("grpc.max_send_message_length", -1)])
    try:
        grpc.channel_ready_future(channel).result(60)
        deadline = time.time() + 60
        while health(channel) != "SERVING" and time.time() < deadline:
            time.sleep(0.1)
        check("health", (health(channel), health(channel, MODEL)), ("SERVING", "SERVING"))
        stub = prediction_service_pb2_grpc.PredictionServiceStub(channel)
        check_status(model_service_pb2_grpc.ModelServiceStub(channel).GetModelStatus)
        check_metadata(stub.GetModelMetadata)
        check_predictions(stub.Predict)
        check_failures(stub)
        if server is not None:
            check_process(command, port)
            call = stub.Predict.future(
                request(inputs={FLOAT_INPUT: np.zeros((16, *SHAPE), np.float32)}), timeout=60)
            time.sleep(0.2)
            server.send_signal(signal.SIGTERM)
            check("a call in flight at SIGTERM is answered", len(call.result().outputs[OUTPUT].float_val), 160)
            check("SIGTERM ends it with 0", server.wait(60), 0)
    finally:
        if server is not None and server.poll() is None:
            server.kill()
    print(f"{len(failures)} failed" if failures else "all as expected")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())

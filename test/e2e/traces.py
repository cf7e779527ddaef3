"""Traces as a receiver of OpenTelemetry's own protos gets them, over HTTP and over gRPC.

    pip install opentelemetry-proto grpcio
    npm run build && python test/e2e/traces.py

Starts the built gateway with its embedded model server, asks it as a part of a caller's trace, and
checks the spans: whose they are, what they tell, and that nothing secret is among it.
"""

import json
import os
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from concurrent import futures
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import grpc
from opentelemetry.proto.collector.trace.v1 import trace_service_pb2, trace_service_pb2_grpc
from opentelemetry.proto.trace.v1.trace_pb2 import Span, Status

ROOT = Path(__file__).resolve().parents[2]
IMAGE = (ROOT / "models/clothing-model/samples/pants.jpg").read_bytes()
TRACE, CALLER = "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"
SECRETS = [b"hunter2", b"t0ken", b"right-0123456789", b"receiver-key"]
WAIT_S = 30

failures = []


def check(name, received, expected):
    if received == expected:
        print(f"ok    {name}")
    else:
        failures.append(name)
        print(f"FAIL  {name}\n      expected {expected!r}\n      received {received!r}")


class Received:
    """All that was exported so far."""

    def __init__(self):
        self.requests = []
        self.headers = []

    def spans(self):
        """Of each service, its spans."""
        found = {}
        for request in list(self.requests):
            for resource_spans in request.resource_spans:
                service = attributes(resource_spans.resource)["service.name"]
                for scope_spans in resource_spans.scope_spans:
                    found.setdefault(service, []).extend(scope_spans.spans)
        return found


def attributes(owner):
    return {
        a.key: getattr(a.value, a.value.WhichOneof("value"), None) for a in owner.attributes
    }


def chunks(stream):
    """A body of HTTP's chunked transfer coding."""
    body = b""
    while size := int(stream.readline(), 16):
        body += stream.read(size)
        stream.readline()
    stream.readline()
    return body


def http_receiver(received):
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = chunks(self.rfile)
            is_right = self.path == "/v1/traces"
            if is_right and self.headers["content-type"] == "application/x-protobuf":
                message = trace_service_pb2.ExportTraceServiceRequest.FromString(body)
                received.headers.append(self.headers["api-key"])
                received.requests.append(message)
            self.send_response(200 if is_right else 404)
            self.send_header("content-type", "application/x-protobuf")
            self.end_headers()

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server.server_address[1], server.shutdown


def grpc_receiver(received):
    class Service(trace_service_pb2_grpc.TraceServiceServicer):
        def Export(self, request, context):
            received.headers.append(dict(context.invocation_metadata()).get("api-key"))
            received.requests.append(request)
            return trace_service_pb2.ExportTraceServiceResponse()

    server = grpc.server(futures.ThreadPoolExecutor(2))
    trace_service_pb2_grpc.add_TraceServiceServicer_to_server(Service(), server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    return port, lambda: server.stop(0).wait()


class Gateway:
    def __init__(self, protocol, port):
        environment = {
            "PATH": os.environ["PATH"],
            "PORT": "0",
            "METRICS_PORT": "0",
            "GRPC_PORT": "0",
            "LOG_FORMAT": "json",
            "SHUTDOWN_DELAY_MS": "0",
            "API_KEYS": "right-0123456789",
            "OTEL_EXPORTER_OTLP_ENDPOINT": f"http://127.0.0.1:{port}",
            "OTEL_EXPORTER_OTLP_PROTOCOL": protocol,
            "OTEL_EXPORTER_OTLP_HEADERS": "api-key=receiver-key",
            "OTEL_SERVICE_NAME": "front",
            "OTEL_RESOURCE_ATTRIBUTES": "deployment.environment.name=test,service.name=other",
        }
        command = ["node", "dist/apps/gateway/src/main.js"]
        self.process = subprocess.Popen(
            command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True
        )
        self.url = None
        for line in self.process.stdout:
            message = json.loads(line)["msg"]
            if message.startswith("ready: open "):
                self.url = message.removeprefix("ready: open ").rstrip("/")
                break
        # Or the pipe would fill up.
        threading.Thread(target=self.process.stdout.read, daemon=True).start()

    def ask(self, body, content_type, **headers):
        headers = {"content-type": content_type, "x-api-key": "right-0123456789", **headers}
        request = urllib.request.Request(f"{self.url}/predict?top=1&x=t0ken", body, headers)
        try:
            return urllib.request.urlopen(request, timeout=WAIT_S).status
        except urllib.error.HTTPError as error:
            return error.code

    def stop(self):
        self.process.terminate()
        return self.process.wait(WAIT_S)


def ids(span):
    return span.trace_id.hex(), span.parent_span_id.hex()


def within(inner, outer):
    # Clocks of two processes agree to the millisecond.
    slack = 5_000_000
    starts = outer.start_time_unix_nano - slack <= inner.start_time_unix_nano
    return starts and inner.end_time_unix_nano <= outer.end_time_unix_nano + slack


def check_over(protocol, receiver):
    received = Received()
    port, stop_receiver = receiver(received)
    gateway = Gateway(protocol, port)
    of_caller = {"traceparent": f"00-{TRACE}-{CALLER}-01", "tracestate": "vendor=1"}
    check(f"{protocol}: a prediction", gateway.ask(IMAGE, "image/jpeg", **of_caller), 200)
    link = json.dumps({"url": "http://10.0.0.1/hunter2?key=t0ken"}).encode()
    check(f"{protocol}: a forbidden link", gateway.ask(link, "application/json"), 400)
    unsampled = {"traceparent": f"00-{'1' * 32}-{CALLER}-00"}
    check(f"{protocol}: a caller's unsampled trace", gateway.ask(IMAGE, "image/jpeg", **unsampled), 200)
    urllib.request.urlopen(f"{gateway.url}/livez").read()
    # Less than the five seconds after which spans are sent have passed: what is there was flushed.
    check(f"{protocol}: its end", gateway.stop(), 0)
    stop_receiver()

    spans = received.spans()
    check(f"{protocol}: services", sorted(spans), ["front", "model-server"])
    resource = attributes(received.requests[-1].resource_spans[0].resource)
    check(f"{protocol}: resource attributes", resource["deployment.environment.name"], "test")
    check(f"{protocol}: the receiver's key", set(received.headers), {"receiver-key"})
    front = spans["front"]
    mine = {span.name: span for span in front if span.trace_id.hex() == TRACE}
    check(f"{protocol}: spans", sorted(mine), ["POST /predict", "decode", "infer", "resize"])
    server = mine["POST /predict"]
    check(f"{protocol}: the caller is the parent", ids(server), (TRACE, CALLER))
    check(f"{protocol}: its state goes along", server.trace_state, "vendor=1")
    check(f"{protocol}: kinds", (server.kind, mine["infer"].kind), (Span.SPAN_KIND_SERVER, Span.SPAN_KIND_CLIENT))
    expected = {
        "http.request.method": "POST",
        "http.route": "/predict",
        "http.response.status_code": 200,
        "url.path": "/predict",
        "url.scheme": "http",
        "network.protocol.version": "1.1",
    }
    check(f"{protocol}: attributes", attributes(server), expected)
    for name in ["decode", "resize", "infer"]:
        check(f"{protocol}: parent of {name}", ids(mine[name]), (TRACE, server.span_id.hex()))
        check(f"{protocol}: {name} is within it", within(mine[name], server), True)
    check(
        f"{protocol}: stages follow each other",
        mine["decode"].end_time_unix_nano <= mine["resize"].start_time_unix_nano + 1000
        and mine["resize"].end_time_unix_nano <= mine["infer"].start_time_unix_nano + 1_000_000,
        True,
    )
    calls = [span for span in spans["model-server"] if span.trace_id.hex() == TRACE]
    check(f"{protocol}: calls of the model server", len(calls), 1)
    check(f"{protocol}: the parent of its call", ids(calls[0]), (TRACE, mine["infer"].span_id.hex()))
    told = attributes(calls[0])
    names = ["model.name", "model.version", "model.batch_size", "model.runs", "rpc.response.status_code"]
    check(f"{protocol}: what it tells", [told.get(n) for n in names], ["clothing-model", "1", 1, 1, "OK"])
    seconds = [told["model.queue_seconds"], told["model.inference_seconds"]]
    took = (calls[0].end_time_unix_nano - calls[0].start_time_unix_nano) / 1e9
    check(f"{protocol}: its times add up", min(seconds) >= 0 and seconds[1] > 0 and sum(seconds) <= took, True)

    others = [span for span in front if span.trace_id.hex() != TRACE]
    check(f"{protocol}: of the link alone", sorted(s.name for s in others), ["POST /predict", "fetch"])
    fetch = next((s for s in others if s.name == "fetch"), Span())
    check(f"{protocol}: whom it asked", attributes(fetch).get("server.address"), "10.0.0.1")
    check(f"{protocol}: why it failed", attributes(fetch).get("error.type"), "URL_FORBIDDEN")
    check(f"{protocol}: it failed", fetch.status.code, Status.STATUS_CODE_ERROR)
    refused = next(s for s in others if s.name == "POST /predict")
    check(f"{protocol}: a caller's mistake is no error", refused.status.code, Status.STATUS_CODE_UNSET)
    everything = b"".join(r.SerializeToString() for r in received.requests)
    check(f"{protocol}: secrets", [s for s in SECRETS if s in everything], [])


check_over("http/protobuf", http_receiver)
check_over("grpc", grpc_receiver)
sys.exit(f"{len(failures)} failed" if failures else 0)

"""Requests made from /openapi.json, right and wrong ones, against the built gateway.

    pip install -r test/fuzz/requirements.txt
    npm run build && python test/fuzz/fuzz.py

Starts the gateway with its embedded model server and a site that links lead to. What is asked is the
same in every run; schemathesis.toml says what is checked.
"""

import os
import re
import subprocess
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
HERE = Path(__file__).resolve().parent
PICTURE = (ROOT / "models/clothing-model/samples/pants.jpg").read_bytes()
KEY = "a-key-for-fuzzing"
READY = re.compile(r"ready: open (http://localhost:\d+)/")
WAIT_S = 60
# Of two CPUs; a run that has not ended by the second is a failure.
FUZZ_S, END_S = 120, 300


class Pictures(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Length", str(len(PICTURE)))
        self.end_headers()
        self.wfile.write(PICTURE)

    def log_message(self, *_):
        pass


def start_gateway(pictures):
    env = {
        "PATH": os.environ["PATH"], "PORT": "0", "METRICS_PORT": "0", "GRPC_PORT": "0",
        "LOG_FORMAT": "pretty", "SHUTDOWN_DELAY_MS": "0", "API_KEYS": KEY,
        "IMAGE_FETCH_ALLOW": pictures, "IMAGE_MAX_BYTES": "65536", "IMAGE_MAX_PIXELS": "1000000",
        "BATCH_MAX_IMAGES": "3",
    }
    return subprocess.Popen(
        ["node", "dist/apps/gateway/src/main.js"], cwd=ROOT, env=env,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )


def url_of(gateway, lines):
    """Where it answers; its log goes on into `lines`."""
    found = threading.Event()

    def read():
        for line in gateway.stdout:
            lines.append(line)
            if READY.search(line):
                found.set()

    threading.Thread(target=read, daemon=True).start()
    if not found.wait(WAIT_S):
        sys.exit("The gateway is not ready:\n" + "".join(lines))
    return next(match[1] for match in map(READY.search, lines) if match)


def main():
    site = ThreadingHTTPServer(("127.0.0.1", 0), Pictures)
    threading.Thread(target=site.serve_forever, daemon=True).start()
    pictures = f"127.0.0.1:{site.server_port}"
    gateway, lines = start_gateway(pictures), []
    try:
        url = url_of(gateway, lines)
        command = [
            Path(sys.executable).parent / "schemathesis", "--config-file", HERE / "schemathesis.toml",
            "run", f"{url}/openapi.json", "--max-time", str(FUZZ_S), *sys.argv[1:],
        ]
        env = {
            **os.environ, "SCHEMATHESIS_HOOKS": str(HERE / "hooks.py"), "PYTHONPATH": str(HERE),
            "FUZZ_API_KEY": KEY, "FUZZ_PICTURES": f"http://{pictures}",
        }
        code = subprocess.run(command, cwd=HERE, env=env, timeout=END_S).returncode
        alive = gateway.poll() is None
        faults = [line for line in lines if "INTERNAL" in line or "Unhandled" in line]
        print("".join(faults), end="")
        print("the gateway answers still" if alive else f"the gateway has ended: {lines[-5:]}")
        return code or not alive or len(faults) > 0
    finally:
        gateway.terminate()
        gateway.wait(WAIT_S)
        site.shutdown()


if __name__ == "__main__":
    sys.exit(main())

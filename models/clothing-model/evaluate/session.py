"""The exported ONNX model: what is measured here is what is served."""

import statistics
import time
from pathlib import Path

import numpy as np
import onnxruntime

INPUT_NAME = "input_8"
SERVABLE = Path(__file__).parents[1] / "1"


def open_session(path: Path, threads: int) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    # A spinning thread would be counted as work.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])


def scores_of(session: onnxruntime.InferenceSession, pixels: np.ndarray) -> np.ndarray:
    """uint8 [N, 299, 299, 3] → probabilities, float64 [N, classes]."""
    parts = [
        session.run(None, {INPUT_NAME: pixels[start : start + 16]})[0]
        for start in range(0, len(pixels), 16)
    ]
    logits = np.concatenate(parts).astype(np.float64)
    odds = np.exp(logits - logits.max(1, keepdims=True))
    return odds / odds.sum(1, keepdims=True)


def milliseconds_per_image(
    session: onnxruntime.InferenceSession, batch: np.ndarray, wall: bool = False, runs: int = 40
) -> float:
    """Median per image over `runs` calls, after three calls that are not counted.

    CPU time, or with `wall` the clock's: what more than one thread gains shows only there.
    """
    clock = time.perf_counter if wall else time.process_time
    durations = []
    for _ in range(runs + 3):
        start = clock()
        session.run(None, {INPUT_NAME: batch})
        durations.append(clock() - start)
    return statistics.median(durations[3:]) * 1000 / len(batch)

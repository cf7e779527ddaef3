"""How long ONNX Runtime takes, and how much memory."""

import statistics
import time
from pathlib import Path

import numpy as np
import onnxruntime


def open_session(path: Path, threads: int) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    # A spinning thread would be counted as work.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])


def milliseconds_per_image(
    path: Path, batch: np.ndarray, threads: int, wall: bool = False, runs: int = 40
) -> float:
    """Median per image over `runs` calls, after three calls that are not counted.

    CPU time, or with `wall` the clock's: what more than one thread gains shows only there.
    """
    session = open_session(path, threads)
    name = session.get_inputs()[0].name
    clock = time.perf_counter if wall else time.process_time
    durations = []
    for _ in range(runs + 3):
        start = clock()
        session.run(None, {name: batch})
        durations.append(clock() - start)
    return statistics.median(durations[3:]) * 1000 / len(batch)

"""Measures how long the exported model takes in ONNX Runtime, and how much memory.

    python -m evaluate.speed --card

Run in models/clothing-model.
"""

import argparse
import itertools
import multiprocessing
import os
import platform
from pathlib import Path

import numpy as np
import onnxruntime

import card
from evaluate.session import SERVABLE, milliseconds_per_image, open_session

BATCHES = (1, 8)
THREADS = (1, 2)
FILES = {"float32": "model.onnx", "uint8": "serving_uint8.onnx"}


def resident_mib() -> float:
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def processor() -> str:
    lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    names = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()


def measure(dtype: str, threads: int, size: int) -> tuple[object, ...]:
    """A row of the table."""
    batch = np.full((size, 299, 299, 3), 1, dtype)
    before = resident_mib()
    session = open_session(SERVABLE / FILES[dtype], threads)
    cpu = milliseconds_per_image(session, batch)
    wall = milliseconds_per_image(session, batch, wall=True)
    memory = resident_mib() - before
    return dtype, threads, size, f"{wall:.1f}", f"{cpu:.1f}", f"{memory:.0f}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--card", action="store_true", help="fill the card's section")
    args = parser.parse_args()

    # A process for each, as memory that one session gave back would serve the next.
    with multiprocessing.get_context("spawn").Pool(1, maxtasksperchild=1) as pool:
        rows = pool.starmap(measure, itertools.product(FILES, THREADS, BATCHES), chunksize=1)
    header = ["pixels", "threads", "batch", "ms per image", "CPU ms per image", "memory, MiB"]
    text = f"{processor()}, ONNX Runtime {onnxruntime.__version__}:\n\n{card.table(header, rows)}"
    print(text)
    if args.card:
        card.fill_section("speed", text)


if __name__ == "__main__":
    main()

"""Exports the trained network to the folder that both model servers read.

    python -m export.export --weights run/weights.pt --data DATASET

Run in models/clothing-model. Measures on the validation split whether averaging the image's and its
mirror image's logits pays, fits the temperature, and writes `1/`: the SavedModel for TensorFlow
Serving, two ONNX graphs for the ONNX model server, and beside this file `export.json`, which says
how they were made.
"""

import argparse
import hashlib
import json
import shutil
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path

import numpy as np

import card
from evaluate.session import milliseconds_per_image, open_session
from export import onnx_model, saved_model
from export.calibration import Calibration, calibrate, network_logits
from export.folded import FoldedNet, fold, load_network
from export.keras_model import build_keras_model, preprocess
from training.data import load_split, serving_view

ROOT = Path(__file__).parents[1]
sys.path.append(str(ROOT.parents[1] / "apps" / "imgserve" / "python"))
from converter import warmup  # noqa: E402
RECORD = Path(__file__).parent / "export.json"
# The mirror image doubles the work; it must take at least this share off the log loss.
MIRROR_GAIN = 0.02
MAX_LOGIT_DIFFERENCE = 1e-3


def choose(plain: Calibration, mirrored: Calibration, wish: str) -> Calibration:
    if wish == "auto":
        pays = mirrored.loss_after <= plain.loss_after * (1 - MIRROR_GAIN)
        return mirrored if pays else plain
    return mirrored if wish == "on" else plain


def time_views(net: FoldedNet, pixels: np.ndarray) -> dict[bool, float]:
    """CPU ms per image without and with the mirror image: ONNX Runtime, one thread, batch 1."""
    times = {}
    for mirror in (False, True):
        with tempfile.TemporaryDirectory() as folder:
            onnx_model.save(net, mirror, Path(folder))
            session = open_session(Path(folder) / "serving_uint8.onnx", threads=1)
            times[mirror] = milliseconds_per_image(session, pixels)
    return times


def describe(options: list[Calibration], chosen: Calibration, times: dict[bool, float]) -> str:
    """The comparison as Markdown."""
    rows = [
        (
            "image and mirror image" if option.mirror else "image",
            f"{option.accuracy:.4f}",
            f"{option.loss_before:.4f}",
            f"{option.temperature:.4f}",
            f"{option.loss_after:.4f}",
            f"{times[option.mirror]:.1f}",
            "yes" if option is chosen else "",
        )
        for option in options
    ]
    header = ["views", "accuracy", "log loss, T = 1", "T", "log loss", "CPU ms per image", "served"]
    return card.table(header, rows)


def describe_training(history: list[dict[str, float]]) -> str:
    """What training/train.py noted on its way, as Markdown."""
    names = {
        "epochs": "epochs",
        "size": "view, pixels",
        "train_loss": "training loss",
        "validation_accuracy": "accuracy",
        "validation_loss": "log loss",
    }
    rows = [[f"{entry['progress']:.0%}", *(entry[key] for key in names)] for entry in history]
    return card.table(["time", *names.values()], rows)


def check_keras(model, pixels: np.ndarray, expected: np.ndarray) -> None:
    """Raises SystemExit where Keras and torch differ by more than MAX_LOGIT_DIFFERENCE."""
    logits = np.concatenate(
        [np.asarray(model(preprocess(pixels[i : i + 32]))) for i in range(0, len(pixels), 32)]
    )
    difference = float(np.abs(logits - expected).max())
    print(f"Keras against torch, {len(pixels)} photographs: largest difference {difference:.2e}")
    if not difference <= MAX_LOGIT_DIFFERENCE:
        raise SystemExit(f"expected at most {MAX_LOGIT_DIFFERENCE}")


def write_servable(net: FoldedNet, model, mirror: bool, target: Path) -> None:
    """Writes all files aside and puts them in place at the end."""
    with tempfile.TemporaryDirectory(dir=target.parent) as folder:
        fresh = Path(folder) / "servable"
        saved_model.save(model, fresh)
        onnx_model.save(net, mirror, fresh)
        (fresh / "assets").rmdir()
        warmup.write(fresh, ROOT.name)
        shutil.rmtree(target, ignore_errors=True)
        fresh.rename(target)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--weights", type=Path, required=True)
    parser.add_argument("--data", type=Path, required=True, help="the data set's folder")
    parser.add_argument("--mirror", choices=("auto", "on", "off"), default="auto")
    parser.add_argument("--version", type=int, default=1)
    parser.add_argument("--card", action="store_true", help="fill the card's sections")
    args = parser.parse_args()

    images, labels, _ = load_split(args.data / "validation")
    pixels = np.stack([serving_view(image) for image in images])
    net = load_network(args.weights)
    plain, mirrored = network_logits(net, pixels)
    both = (plain + mirrored) / 2
    options = [calibrate(plain, labels, False), calibrate(both, labels, True)]
    chosen = choose(*options, args.mirror)
    folded = fold(net, chosen.temperature)
    comparison = describe(options, chosen, time_views(folded, pixels[:1]))
    print(comparison)

    model = build_keras_model(folded, chosen.mirror)
    check_keras(model, pixels, (both if chosen.mirror else plain) / chosen.temperature)
    write_servable(folded, model, chosen.mirror, ROOT / str(args.version))

    record = {
        "model_version": args.version,
        "weights_sha256": hashlib.sha256(args.weights.read_bytes()).hexdigest(),
        "validation_images": len(labels),
        **asdict(chosen),
    }
    RECORD.write_text(json.dumps(record, indent=2) + "\n", encoding="utf-8")
    if args.card:
        card.fill_section("calibration", comparison)
        history = json.loads(args.weights.with_name("history.json").read_text(encoding="utf-8"))
        card.fill_section("training", describe_training(history))


if __name__ == "__main__":
    main()

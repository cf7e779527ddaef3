"""Measures the exported model on a split of the data set.

    python -m evaluate.evaluate --data DATASET --split validation --card

Run in models/clothing-model. Prints Markdown; `--card` puts it into the model card. The test split is for the
final model alone: whoever chooses anything by it has no test split any more.
"""

import argparse
from pathlib import Path

import numpy as np

import card
from evaluate.metrics import confusion_matrix, figures_of, precision_recall
from evaluate.session import SERVABLE, open_session, scores_of
from training.data import CLASSES, load_split, serving_view


def summary(scores: np.ndarray, labels: np.ndarray) -> str:
    figures = figures_of(scores, labels)
    low, high = figures.interval
    precision, recall = precision_recall(confusion_matrix(scores, labels))
    rows = [
        ("images", figures.images),
        ("accuracy", f"{figures.accuracy:.1%}"),
        ("95 % interval of the accuracy", f"{low:.1%} … {high:.1%}"),
        ("accuracy of the two best", f"{two_best(scores, labels):.1%}"),
        ("mean recall of the classes", f"{recall.mean():.1%}"),
        ("mean precision of the classes", f"{precision.mean():.1%}"),
        ("log loss", f"{figures.log_loss:.4f}"),
        ("expected calibration error (15 bins)", f"{figures.calibration_error:.4f}"),
    ]
    return card.table(["figure", "value"], rows)


def two_best(scores: np.ndarray, labels: np.ndarray) -> float:
    return float((np.argsort(-scores, axis=1)[:, :2] == labels[:, None]).any(1).mean())


def per_class(matrix: np.ndarray) -> str:
    precision, recall = precision_recall(matrix)
    rows = [
        (name, matrix[index].sum(), f"{precision[index]:.1%}", f"{recall[index]:.1%}")
        for index, name in enumerate(CLASSES)
    ]
    return card.table(["class", "images", "precision", "recall"], rows)


def confusions(matrix: np.ndarray) -> str:
    rows = [
        (name, *(count if count else "·" for count in matrix[index]))
        for index, name in enumerate(CLASSES)
    ]
    return card.table(["is ↓ said →", *CLASSES], rows)


def report(scores: np.ndarray, labels: np.ndarray) -> str:
    matrix = confusion_matrix(scores, labels)
    return "\n\n".join((summary(scores, labels), per_class(matrix), confusions(matrix)))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--split", choices=("validation", "test"), default="validation")
    parser.add_argument("--card", action="store_true", help="fill the card's section")
    args = parser.parse_args()

    images, labels, _ = load_split(args.data / args.split)
    pixels = np.stack([serving_view(image) for image in images])
    session = open_session(SERVABLE / "serving_uint8.onnx", threads=2)
    text = report(scores_of(session, pixels), labels)
    print(text)
    if args.card:
        card.fill_section(args.split, text)


if __name__ == "__main__":
    main()

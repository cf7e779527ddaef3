"""Figures of merit of a classifier; pure."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Figures:
    """accuracy and its 95 % interval; log loss in nats; expected calibration error."""

    images: int
    accuracy: float
    interval: tuple[float, float]
    log_loss: float
    calibration_error: float


def wilson_interval(share: float, count: int, z: float = 1.96) -> tuple[float, float]:
    """The interval of a proportion (Wilson 1927)."""
    centre = share + z * z / (2 * count)
    reach = z * np.sqrt(share * (1 - share) / count + z * z / (4 * count * count))
    scale = 1 + z * z / count
    return float((centre - reach) / scale), float((centre + reach) / scale)


def calibration_error(scores: np.ndarray, labels: np.ndarray, bins: int = 15) -> float:
    """Expected calibration error over equal-width bins (Guo et al. 2017, arXiv:1706.04599, eq. 3)."""
    confidence, right = scores.max(1), scores.argmax(1) == labels
    bin_of = np.minimum((confidence * bins).astype(int), bins - 1)
    gaps = [
        abs(right[bin_of == b].mean() - confidence[bin_of == b].mean()) * (bin_of == b).mean()
        for b in np.unique(bin_of)
    ]
    return float(sum(gaps))


def figures_of(scores: np.ndarray, labels: np.ndarray) -> Figures:
    """`scores`: probabilities [N, classes]; `labels`: indices [N]."""
    accuracy = float((scores.argmax(1) == labels).mean())
    likelihood = scores[np.arange(len(labels)), labels]
    return Figures(
        images=len(labels),
        accuracy=accuracy,
        interval=wilson_interval(accuracy, len(labels)),
        log_loss=float(-np.log(likelihood).mean()),
        calibration_error=calibration_error(scores, labels),
    )


def confusion_matrix(scores: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """int [classes, classes]: row = what it is, column = what the model says."""
    classes = scores.shape[1]
    matrix = np.zeros((classes, classes), int)
    np.add.at(matrix, (labels, scores.argmax(1)), 1)
    return matrix


def precision_recall(matrix: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Per class, from a confusion matrix; 0 where a class is never said, or never there."""
    right = matrix.diagonal()
    precision = right / np.maximum(matrix.sum(0), 1)
    recall = right / np.maximum(matrix.sum(1), 1)
    return precision, recall

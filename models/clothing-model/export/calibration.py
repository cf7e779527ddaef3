"""Decides, on the validation split, how the network's logits become scores."""

from dataclasses import dataclass

import numpy as np
import torch
import torch.nn.functional as F

from export.keras_model import preprocess
from training.network import ClothingNet


@torch.no_grad()
def network_logits(net: ClothingNet, pixels: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """uint8 [N, 299, 299, 3] → logits of the images and of their mirror images, each [N, classes]."""
    plain, mirrored = [], []
    for start in range(0, len(pixels), 32):
        batch = preprocess(pixels[start : start + 32])
        x = torch.from_numpy(batch).permute(0, 3, 1, 2)
        x = F.avg_pool2d(x, 2, ceil_mode=True, count_include_pad=False)
        plain.append(net(x).numpy())
        mirrored.append(net(x.flip(3)).numpy())
    return np.concatenate(plain), np.concatenate(mirrored)


def log_loss(logits: np.ndarray, labels: np.ndarray) -> float:
    """Mean negative log likelihood of softmax(logits), natural logarithm."""
    scores = logits.astype(np.float64)
    scores -= scores.max(1, keepdims=True)
    normalizer = np.log(np.exp(scores).sum(1))
    return float((normalizer - scores[np.arange(len(labels)), labels]).mean())


def fit_temperature(logits: np.ndarray, labels: np.ndarray) -> float:
    """The scalar T > 0 for which softmax(logits / T) has the least log loss.

    Temperature scaling, Guo et al. 2017 (arXiv:1706.04599). The loss is convex in 1 / T, so a
    golden-section search over it finds the minimum.
    """
    low, high = 0.05, 20.0
    ratio = (np.sqrt(5) - 1) / 2
    for _ in range(80):
        left, right = high - ratio * (high - low), low + ratio * (high - low)
        if log_loss(logits * left, labels) < log_loss(logits * right, labels):
            high = right
        else:
            low = left
    return float(2 / (low + high))


@dataclass(frozen=True)
class Calibration:
    """A way to combine the two views, its temperature, and what it reaches on validation."""

    mirror: bool
    temperature: float
    accuracy: float
    loss_before: float
    loss_after: float


def calibrate(logits: np.ndarray, labels: np.ndarray, mirror: bool) -> Calibration:
    temperature = fit_temperature(logits, labels)
    return Calibration(
        mirror=mirror,
        temperature=temperature,
        accuracy=float((logits.argmax(1) == labels).mean()),
        loss_before=log_loss(logits, labels),
        loss_after=log_loss(logits / temperature, labels),
    )

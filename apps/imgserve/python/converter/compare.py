"""Asks Keras, the SavedModel in a session and ONNX Runtime the same, and says how far they are apart."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import tensorflow as tf

from converter import encoded
from converter import onnx_graphs
from converter import pictures
from converter import saved_model
from converter import scaling
from converter.network import Network

# Other operations' order rounds otherwise; a wrong weight or scaling is far beyond.
TOLERANCE = 1e-4


@dataclass(frozen=True)
class Difference:
    """The largest difference of a score, accepted up to `tolerance`."""

    format: str
    signature: str
    scores: float
    tolerance: float
    # Of whose answers the best class is Keras', 0 to 1.
    same_best: float


def compare(
    network: Network, folder: Path, files: list[bytes], scaling_name: str | None, resample: str
) -> list[Difference]:
    """Per format and signature. Where the scaling is not known, pictures come as `tf` scales them."""
    inputs = _inputs(network, files, scaling_name or "tf", resample)
    formats = {
        "SavedModel": saved_model.session_signatures(folder),
        "ONNX": onnx_graphs.runners(folder),
    }
    found = []
    for format_name, signatures in formats.items():
        for signature, run in sorted(signatures.items()):
            batch, same = inputs[signature]
            expected = network.call(tf.cast(same, network.dtype)).numpy()
            found.append(_difference(format_name, signature, expected, _in_batches(run, batch)))
    return found


def cost_of_near_filter(
    network: Network, files: list[bytes], scaling_name: str, resample: str
) -> float:
    """How far scores are off because `serving_bytes` rounds a filter otherwise than the spec's library."""
    inputs = _inputs(network, files, scaling_name, resample)
    exact, near = (
        network.call(tf.cast(inputs[signature][1], network.dtype)).numpy()
        for signature in ("serving_uint8", "serving_bytes")
    )
    return float(np.abs(exact - near).max())


def _inputs(
    network: Network, files: list[bytes], scaling_name: str, resample: str
) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """By signature: what it is given, and what the network itself is to be given for it."""
    size = (network.height, network.width)
    pixels = pictures.prepare(files, size, resample)
    rounded = pixels if pixels.dtype == np.uint8 else np.clip(np.round(pixels), 0, 255).astype(np.uint8)
    scaled = _scaled(pixels, scaling_name)
    own = rounded if network.dtype == tf.uint8 else scaled
    inputs = {"serving_default": (own, own), "serving_uint8": (rounded, _scaled(rounded, scaling_name))}
    if encoded.unsupported(resample, "stretch") is None:
        decoded = pictures.prepare_near(files, size, resample)
        inputs["serving_bytes"] = (np.array(files, object), _scaled(decoded, scaling_name))
    return inputs


def _scaled(pixels: np.ndarray, scaling_name: str) -> np.ndarray:
    scaler = scaling.byte_scaler if pixels.dtype == np.uint8 else scaling.FloatScaler
    return scaler(scaling_name)(pixels).numpy()


def _in_batches(run: Callable[[np.ndarray], np.ndarray], batch: np.ndarray) -> np.ndarray:
    """One alone, then the others together: the batch has to be of any size."""
    return np.concatenate([np.asarray(run(part)) for part in (batch[:1], batch[1:]) if len(part)])


def _difference(
    format_name: str, signature: str, expected: np.ndarray, received: np.ndarray
) -> Difference:
    if not np.isfinite(expected).all():
        raise ValueError("Expected finite scores but Keras gives NaN or infinity for ordinary pictures")
    return Difference(
        format=format_name,
        signature=signature,
        scores=float(np.abs(received.astype(np.float64) - expected).max()),
        # Logits may be large, and are rounded in proportion.
        tolerance=TOLERANCE * max(1.0, float(np.abs(expected).max())),
        same_best=float((received.argmax(1) == expected.argmax(1)).mean()),
    )


def faults(differences: list[Difference]) -> Iterator[str]:
    for each in differences:
        # NaN is no small difference either.
        if not each.scores <= each.tolerance:
            yield (
                f"{each.format} {each.signature} differs from Keras by {each.scores:.1e}, "
                f"more than {each.tolerance:.1e}"
            )

"""Writes golden.json: what Keras and TensorFlow make of the pictures beside this file.

    python -m golden.make_golden

Run in models/clothing-model after each export. A picture goes the way of every Keras notebook: `load_img`,
`img_to_array`, `preprocess_input`, then the SavedModel's `serving_default`.
"""

import hashlib
import json
from pathlib import Path

import keras
import numpy as np
import PIL
import tensorflow as tf
from keras.applications.imagenet_utils import preprocess_input
from keras.utils import img_to_array, load_img

from export.check import session_signatures
from export.export import RECORD, ROOT
from training.data import CLASSES

FOLDER = Path(__file__).parent
SUFFIXES = (".gif", ".jpg", ".png", ".tiff", ".webp")
# A GPU multiplies with the 10-bit fractions of TensorFloat-32, TensorFlow's default there, which moves
# the scores by up to 0.001. Pictures are held to the bit by their tensors.
SCORES_TOLERANCE = 5e-3


def tensor_of(path: Path) -> np.ndarray:
    """float32 [299, 299, 3] in [-1, 1]."""
    image = load_img(path, target_size=(299, 299), interpolation="nearest")
    return preprocess_input(img_to_array(image, dtype="float32"), mode="tf")


def softmax(logits: np.ndarray) -> np.ndarray:
    odds = np.exp(logits.astype(np.float64) - logits.max())
    return odds / odds.sum()


def main() -> None:
    version = json.loads(RECORD.read_text(encoding="utf-8"))["model_version"]
    classify = session_signatures(ROOT / str(version))["serving_default"]
    images = []
    for path in sorted(FOLDER.iterdir()):
        if path.suffix not in SUFFIXES:
            continue
        tensor = tensor_of(path)
        scores = softmax(classify(tensor[None])[0])
        digest = hashlib.sha256(tensor.astype("<f4").tobytes()).hexdigest()
        images.append(
            {
                "file": path.name,
                "tensor": {"dtype": "DT_FLOAT", "shape": list(tensor.shape), "sha256": digest},
                "scores": {name: round(float(s), 7) for name, s in zip(CLASSES, scores)},
            }
        )
        best = int(scores.argmax())
        print(f"{path.name}: {CLASSES[best]} {scores[best]:.3f}")
    golden = {
        "made_with": {
            "keras": keras.__version__,
            "pillow": PIL.__version__,
            "tensorflow": tf.__version__,
        },
        "model_version": version,
        "scores_tolerance": SCORES_TOLERANCE,
        "images": images,
    }
    text = json.dumps(golden, indent=2) + "\n"
    (FOLDER / "golden.json").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()

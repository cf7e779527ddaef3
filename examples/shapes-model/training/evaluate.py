"""Measures the trained network on held-out drawings, and writes the figures into README.md.

    python -m training.evaluate        in examples/shapes-model
"""

import re
from pathlib import Path

import keras
import numpy as np

from training.data import drawn_set
from training.shapes import LABELS

ROOT = Path(__file__).parents[1]
DRAWINGS = 2100


def main() -> None:
    model = keras.models.load_model(ROOT / "shapes-model.keras")
    images, numbers = drawn_set("test", DRAWINGS)
    scores = model.predict(images, batch_size=100, verbose=0)
    answers = scores.argmax(1)
    loss = -np.log(scores[np.arange(len(numbers)), numbers]).mean()
    lines = [
        f"Right on {(answers == numbers).mean():.1%} of {DRAWINGS} drawings that it was not trained on; log loss {loss:.3f}.",
        "",
        "| shape | right | taken for |",
        "| --- | ---: | --- |",
    ]
    for number, label in enumerate(LABELS):
        given = answers[numbers == number]
        others = np.bincount(given, minlength=len(LABELS))
        others[number] = 0
        worst = f"{LABELS[others.argmax()]} ({others.max() / len(given):.1%})" if others.any() else ""
        lines.append(f"| {label} | {(given == number).mean():.1%} | {worst} |")
    card = ROOT / "README.md"
    text = card.read_text(encoding="utf-8")
    figures = "<!-- figures -->\n" + "\n".join(lines) + "\n<!-- /figures -->"
    card.write_text(re.sub(r"<!-- figures -->.*<!-- /figures -->", figures, text, flags=re.S), encoding="utf-8")
    print("\n".join(lines))


if __name__ == "__main__":
    main()

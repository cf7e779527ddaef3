"""Holds `imgserve golden` and `imgserve verify` against each other and against the bundled golden vectors.

    .venv/bin/python test/parity/imgserve/golden.py        in the repository's root, after `npm run build`
"""

import json
import os
import pathlib
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).parents[3]
MODEL = ROOT / "models" / "clothing-model"
GOLDEN = MODEL / "golden"
OTHER_WAYS = {
    "tf-bilinear": "{size: [299, 299], resample: tf-bilinear, fit: crop, scaling: caffe}",
    "lanczos": "{size: [299, 299], resample: lanczos, fit: pad, scaling: {scale: 0.017, offset: -2.1}}",
}
"""Of which the scores mean nothing; the tensors do."""
OWN = """
import numpy as np
from PIL import Image

def load(path):
    pixels = np.asarray(Image.open(path).convert("RGB").resize((299, 299), Image.BILINEAR))
    return pixels[..., ::-1] / np.float32(255)
"""


def imgserve(*arguments: object, status: int = 0) -> dict:
    main = ROOT / "dist" / "apps" / "imgserve" / "src" / "main.js"
    command = ["node", str(main), *map(str, arguments), "--json"]
    done = subprocess.run(command, stdout=subprocess.PIPE, check=False)
    assert done.returncode == status, (arguments, done.returncode, done.stdout)
    return json.loads(done.stdout)


def make(out: pathlib.Path, model: pathlib.Path, *arguments: object) -> dict:
    saved_model = ("--saved-model", MODEL / "1", "--python", sys.executable)
    return imgserve("golden", GOLDEN, "--model", model, "--out", out, *saved_model, *arguments)


def other_spec(folder: pathlib.Path, image: str) -> pathlib.Path:
    lines = (MODEL / "model.yaml").read_text().splitlines()
    start = lines.index("image:")
    end = next(n for n, line in enumerate(lines) if line.startswith("scores:"))
    folder.mkdir()
    (folder / "model.yaml").write_text("\n".join([*lines[:start], f"image: {image}", *lines[end:]]))
    return folder


def check_bundled(place: pathlib.Path) -> None:
    """The same images give what golden.json has, made by another script."""
    told = make(place / "golden", MODEL)
    assert told["refused"] == [], told
    made = json.loads((place / "golden" / "golden.json").read_text())
    bundled = json.loads((GOLDEN / "golden.json").read_text())
    expected = {image["file"]: image for image in bundled["images"]}
    assert len(made["images"]) == len(expected), made
    for image in made["images"]:
        other = expected[image["file"]]
        assert image["tensor"]["sha256"] == other["tensor"]["sha256"], image["file"]
        for label, score in other["scores"].items():
            assert abs(image["scores"][label] - score) < 1e-4, (image["file"], label)
    verified = imgserve("verify", MODEL, "--golden", place / "golden")
    assert verified["ok"], verified


def check_other_ways(place: pathlib.Path) -> None:
    for name, image in OTHER_WAYS.items():
        model = other_spec(place / name, image)
        make(model / "golden", model)
        assert imgserve("verify", model)["ok"], name


def check_own_function(place: pathlib.Path) -> None:
    """What a notebook does is found, though the spec says something else."""
    (place / "train.py").write_text(OWN)
    make(place / "own", MODEL, "--preprocess", f"{place / 'train.py'}:load", "--count", 4)
    told = imgserve("verify", MODEL, "--golden", place / "own", status=1)
    explained = told["models"][0]["explanation"]["changes"]
    assert explained == ["resample: bilinear", "scaling: unit", "channels in the order B, G, R"], told


def main() -> None:
    os.chdir(ROOT)
    with tempfile.TemporaryDirectory() as name:
        place = pathlib.Path(name)
        check_bundled(place)
        check_other_ways(place)
        check_own_function(place)
    print("golden vectors: made, verified, and what differs explained")


if __name__ == "__main__":
    main()

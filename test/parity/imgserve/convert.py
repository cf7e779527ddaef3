"""Converts networks with `imgserve convert`, as people bring them, and those that it must refuse.

    .venv/bin/python test/parity/imgserve/convert.py        with the packages of apps/imgserve/python; after npm run build
"""

import json
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import h5py
import keras
import numpy as np
import onnxruntime
from keras import layers

ROOT = Path(__file__).parents[3]
SHAPES = ROOT / "examples" / "shapes-model"
PROGRAM = ["node", str(ROOT / "dist" / "apps" / "imgserve" / "src" / "main.js"), "convert"]
sys.path.append(str(ROOT / "apps" / "imgserve" / "python"))
from converter import compare, network  # noqa: E402


def run(*args: str | Path) -> tuple[int, dict]:
    done = subprocess.run(
        [*PROGRAM, *map(str, args), "--json", "--python", sys.executable],
        capture_output=True,
        text=True,
        timeout=300,
    )
    return done.returncode, json.loads(done.stdout)


def the_shapes_model(folder: Path) -> None:
    """The command makes of the Keras file what is committed, and is close to Keras in each signature."""
    target = folder / "shapes-model" / "1"
    code, result = run(
        SHAPES / "shapes-model.keras", "--spec", SHAPES / "model.yaml", "--out", target, "--images", SHAPES / "samples"
    )
    assert code == 0, result
    told = {(each["format"], each["signature"]) for each in result["differences"]}
    expected = {("SavedModel", f"serving_{kind}") for kind in ("default", "uint8", "bytes")}
    expected |= {("ONNX", "serving_default"), ("ONNX", "serving_uint8")}
    assert told == expected, told
    assert all(each["scores"] < 1e-5 for each in result["differences"]), result
    pixels = np.random.default_rng(0).integers(0, 256, (3, 96, 96, 3), np.uint8)
    fresh, committed = (
        onnxruntime.InferenceSession(str(path / "serving_uint8.onnx")).run(None, {"picture": pixels})[0]
        for path in (target, SHAPES / "1")
    )
    assert np.abs(fresh - committed).max() < 1e-5
    code, result = run(SHAPES / "shapes-model.keras", "--out", target)
    assert code == 2 and "is there already" in result["error"]["message"], result


def a_network_of_hard_operations(folder: Path) -> None:
    """Groups that Keras leaves to XLA, gelu's erfc, constants of a layer: in both formats."""
    image = keras.Input((32, 32, 3), name="image")
    x = layers.Normalization(mean=[120.0, 110, 100], variance=[4000.0, 4100, 4200])(image)
    x = layers.Conv2D(16, 3, groups=1, activation="gelu")(x)
    x = layers.Conv2D(32, 3, groups=4, strides=2)(x)
    x = layers.Conv2D(64, 3, groups=32)(x)
    scores = layers.Dense(4)(layers.GlobalAveragePooling2D()(x))
    keras.Model(image, scores).save(folder / "hard.h5")
    code, result = run(folder / "hard.h5", "--out", folder / "hard" / "1", "--scaling", "none", "--resample", "tf-bicubic")
    assert code == 0 and len(result["differences"]) == 5, result


def layers_as_keras_2_wrote_them(folder: Path) -> None:
    """Separable and depthwise convolutions with arguments that Keras 3 refuses."""
    image = keras.Input((16, 16, 3), name="image")
    x = layers.DepthwiseConv2D(3)(layers.SeparableConv2D(8, 3)(image))
    keras.Model(image, layers.Dense(4)(layers.GlobalAveragePooling2D()(x))).save(folder / "old.h5")
    pixels = np.random.default_rng(0).uniform(-1, 1, (2, 16, 16, 3)).astype(np.float32)
    expected = network.load(folder / "old.h5", None).call(pixels).numpy()
    with h5py.File(folder / "old.h5", "r+") as file:
        config = json.loads(file.attrs["model_config"])
        for layer in config["config"]["layers"]:
            if layer["class_name"].endswith(("DepthwiseConv2D", "SeparableConv2D")):
                layer["config"] |= {"groups": 1, "kernel_initializer": None}
        file.attrs["model_config"] = json.dumps(config)
    assert np.array_equal(network.load(folder / "old.h5", None).call(pixels).numpy(), expected)


def what_cannot_be_served(folder: Path) -> None:
    @keras.saving.register_keras_serializable("mine")
    class Doubled(layers.Layer):
        def call(self, x):
            return x * 2

    def saved(name: str, shape: tuple, body: Callable, others: tuple = ()) -> Path:
        image = keras.Input(shape, name="image")
        path = folder / f"{name}.keras"
        keras.Model([image, *others] if others else image, body(image)).save(path)
        return path

    def classes(x):
        return layers.Dense(2)(layers.GlobalAveragePooling2D()(x))

    extra = keras.Input((2,), name="extra")
    cases = {
        "lambda": (saved("lambda", (8, 8, 3), lambda x: classes(layers.Lambda(lambda t: t * 2, name="twice")(x))), '"twice"'),
        "custom": (saved("custom", (8, 8, 3), lambda x: classes(Doubled()(x))), '"Doubled"'),
        "two inputs": (saved("two", (8, 8, 3), lambda x: layers.Add()([classes(x), extra]), (extra,)), "image, extra"),
        "gray": (saved("gray", (8, 8, 1), classes), "3]"),
        "open": (saved("open", (None, None, 3), classes), "--size"),
        "headless": (saved("headless", (8, 8, 3), layers.Conv2D(2, 3)), "scores [N, classes]"),
    }
    keras.saving.get_custom_objects().clear()
    for name, (path, words) in cases.items():
        try:
            network.load(path, None)
        except ValueError as error:
            assert words in str(error), (name, str(error))
        else:
            raise AssertionError(f"{name} was taken")
    assert network.load(cases["open"][0], (8, 8)).height == 8


def a_difference_is_told() -> None:
    far = compare.Difference("ONNX", "serving_default", 2e-4, 1e-4, 1.0)
    nothing = compare.Difference("ONNX", "serving_uint8", float("nan"), 1e-4, 1.0)
    assert len(list(compare.faults([far, nothing]))) == 2


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        for check in (the_shapes_model, a_network_of_hard_operations, layers_as_keras_2_wrote_them, what_cannot_be_served):
            check(Path(name))
            print(f"{check.__name__}: as expected", flush=True)
    a_difference_is_told()
    print("a_difference_is_told: as expected")


if __name__ == "__main__":
    main()

"""What Keras' applications do to pixels before the network sees them, and how large they take pictures:
the presets of `imgserve init` are held against it.

    .venv/bin/python test/parity/imgserve/make_vectors.py [--check]
"""

import argparse
import hashlib
import inspect
import json
import pathlib
import sys

import keras
import numpy as np
from keras.src.applications import imagenet_utils

FILE = pathlib.Path(__file__).parent / "presets.json"
# Every byte in every channel.
RAMP = np.stack([np.arange(256), np.arange(255, -1, -1), (np.arange(256) * 7) % 256], axis=-1)


class DefaultSize(Exception):
    """Raised with it, before a network is built."""


def stop_at_size(*_, default_size, **__):
    raise DefaultSize(default_size)


def default_size(model):
    kept = imagenet_utils.obtain_input_shape
    imagenet_utils.obtain_input_shape = stop_at_size
    try:
        # MobileNetV3 takes any.
        return model(weights=None).input_shape[1]
    except DefaultSize as found:
        return found.args[0]
    finally:
        imagenet_utils.obtain_input_shape = kept


def describe(family):
    models = {
        name: default_size(model)
        for name, model in sorted(vars(keras.applications).items())
        if inspect.isfunction(model) and model.__module__ == family.preprocess_input.__module__
    }
    pixels = RAMP.astype(np.float32)[np.newaxis]
    scaled = np.asarray(family.preprocess_input(pixels.copy()), np.float32)
    return {"models": models, "scaled": hashlib.sha256(scaled.astype("<f4").tobytes()).hexdigest()}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--check", action="store_true", help="compare, write nothing")
    check = parser.parse_args().check
    modules = {
        name: module
        for name, module in sorted(vars(keras.applications).items())
        if inspect.ismodule(module) and hasattr(module, "preprocess_input")
    }
    # A tool of theirs, and another name of resnet.
    del modules["imagenet_utils"], modules["resnet50"]
    vectors = {
        "keras": keras.__version__,
        "families": {name: describe(module) for name, module in modules.items()},
    }
    text = json.dumps(vectors, indent=2) + "\n"
    if not check:
        FILE.write_text(text)
    elif FILE.read_text() != text:
        sys.exit(f"{FILE} differs from what Keras {keras.__version__} gives")


if __name__ == "__main__":
    main()

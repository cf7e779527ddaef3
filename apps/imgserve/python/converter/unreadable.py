"""Why Keras cannot read a file, in words that say what to do."""

import json
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

import h5py
import keras

# Keras' own texts, of .keras and of .h5, for a class that it does not know.
_UNKNOWN_CLASS = re.compile(r"Could not locate (?:class|function) '([^']+)'|Unknown \w+:? '?\"?([\w>]+)")


def reason_of(path: Path, error: Exception) -> str:
    """One line where the reason is known; else what Keras says."""
    text = str(error)
    if "`Lambda` layer" in text:
        names = ", ".join(_lambda_layers(path))
        return (
            f"{path.name} holds code that would run on this machine, in the Lambda layer {names}: "
            "put a layer of Keras in its place (Rescaling, Reshape, keras.ops in a functional model)"
        )
    if found := _UNKNOWN_CLASS.search(text):
        return (
            f'{path.name} needs "{found[1] or found[2]}", which is not Keras\' own: save a model of Keras\' '
            "layers alone, or export it where the class is known, model.export(FOLDER), and convert FOLDER"
        )
    # Keras' own .h5 of MobileNetV3 and ConvNeXt are among these.
    hint = "" if path.suffix == ".keras" else " (save it as .keras where it can be loaded)"
    return f"Keras {keras.__version__} cannot load {path.name}: {text.strip()}{hint}"


def _lambda_layers(path: Path) -> Iterator[str]:
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            config = json.loads(archive.read("config.json"))
    else:
        with h5py.File(path) as file:
            config = json.loads(file.attrs["model_config"])
    return _names_of_lambdas(config)


def _names_of_lambdas(config: object) -> Iterator[str]:
    if isinstance(config, dict):
        if config.get("class_name") == "Lambda":
            yield f'"{config["config"]["name"]}"'
        config = list(config.values())
    if isinstance(config, list):
        for part in config:
            yield from _names_of_lambdas(part)

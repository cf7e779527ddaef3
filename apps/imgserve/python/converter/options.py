"""What a conversion is asked."""

import json
import re
from dataclasses import dataclass
from pathlib import Path

from converter import scaling

PILLOW = ("nearest", "box", "bilinear", "hamming", "bicubic", "lanczos")
RESAMPLES = (*PILLOW, "tf-nearest", "tf-bilinear", "tf-bicubic", "tf-area")
FITS = ("stretch", "crop", "pad")


@dataclass(frozen=True)
class Options:
    """`scaling` is as `scaling.table_of` takes it, `size` height and width."""

    source: Path
    target: Path
    scaling: str | None
    resample: str
    fit: str
    size: tuple[int, int] | None
    input_name: str | None
    output_name: str | None
    images: Path | None
    onnx: bool

    @staticmethod
    def of(asked: dict) -> "Options":
        """Raises ValueError for what is wrong. An empty text is not given."""
        given = {name: value for name, value in asked.items() if value not in (None, "")}
        options = Options(
            source=Path(given["source"]),
            target=Path(given["target"]),
            scaling=_scaling(given.get("scaling")),
            resample=_choice("resample", given.get("resample", "nearest"), RESAMPLES),
            fit=_choice("fit", given.get("fit", "stretch"), FITS),
            size=_size(given.get("size")),
            input_name=_alias(given.get("input_name")),
            output_name=_alias(given.get("output_name")),
            images=Path(given["images"]) if "images" in given else None,
            onnx=bool(given.get("onnx", True)),
        )
        if not re.fullmatch(r"[1-9]\d*", options.target.name):
            raise ValueError(
                f'Expected the version to be a whole number from 1 but received "{options.target.name}"'
            )
        return options


def _scaling(given: object) -> str | None:
    text = given if given is None or isinstance(given, str) else json.dumps(given)
    if text is not None:
        scaling.table_of(text)
    return text


def _choice(name: str, given: str, expected: tuple[str, ...]) -> str:
    if given not in expected:
        raise ValueError(f'Expected {name} to be one of {", ".join(expected)} but received "{given}"')
    return given


def _size(given: object) -> tuple[int, int] | None:
    if given is None or isinstance(given, list):
        return given and (given[0], given[1])
    match = re.fullmatch(r"([1-9]\d*)(?:x([1-9]\d*))?", given)
    if not match:
        raise ValueError(f'Expected the size to be HEIGHTxWIDTH or SIDE but received "{given}"')
    return int(match[1]), int(match[2] or match[1])


def _alias(given: str | None) -> str | None:
    if given is not None and not re.fullmatch(r"[A-Za-z_]\w*", given):
        raise ValueError(f'Expected a name to have letters, digits and _ alone but received "{given}"')
    return given

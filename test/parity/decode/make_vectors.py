"""Draws the decoding vectors and writes down what Pillow makes of each.

    python make_vectors.py            draws all files anew, then writes manifest.json
    python make_vectors.py --check    decodes the committed files again; fails where a hash differs

Needs ../requirements.txt, and libjpeg-turbo's `jpegtran` in the PATH for the arithmetic-coded files.
"""

import argparse
import hashlib
import io
import json
import pathlib
import random
import re
import sys
import warnings

from PIL import Image, features

import kinds_bmp
import kinds_gif
import kinds_jpeg
import kinds_png
import kinds_tiff
import kinds_webp
from writers.drawing import gradient

FOLDER = pathlib.Path(__file__).parent.parent / "vectors" / "decode"
MANIFEST = FOLDER / "manifest.json"
FORMATS = {
    "jpeg": kinds_jpeg, "png": kinds_png, "webp": kinds_webp,
    "gif": kinds_gif, "bmp": kinds_bmp, "tiff": kinds_tiff,
}  # fmt: skip
ALL = re.compile("")
COMMON = re.compile(
    r"baseline-|progressive-4|gray|sampling-4[14]|^ycck|^rgb-8$|rgb-8-int|palette-[18]$|lossy-60|lossless|"
    r"animated$|colours-(2|256)|frame-|transparent|rgb-(24|32)-header-(12|40)$|rle|(lzw|deflate|packbits|raw)$|"
    r"ccitt|by-pillow-jpeg|jpeg-"
)
FEW = re.compile(
    r"^(baseline-4..|progressive-420|gray|sampling-4[14].|cmyk|rgb-8|palette-4|rgb-8-interlaced|gray-16-interlaced|"
    r"lossy-60|lossless-alpha|colours-256-interlaced|frame-smaller|palette-8|rle8|rgb-predictor-lzw|rgb-predictor-tiled-deflate|"
    r"ccitt-group4-0|jpeg-ycbcr-420|gray-1-packbits-1)$"
)
ONE_EACH = re.compile(r"^(baseline-420|progressive-420|rgb-8|lossy-60|colours-256-interlaced|rle8|rgb-predictor-lzw)$")
SIZES = [(17, 23, ALL), (1, 1, COMMON), (1, 500, FEW), (299, 299, ONE_EACH), (300, 299, FEW)]


def pillow(data):
    """What Pillow gives: width, height and the hash of its RGB bytes, or that it refuses."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            image = Image.open(io.BytesIO(data)).convert("RGB")
        except Exception as error:  # Pillow raises of every kind on broken files.
            return {"refused": type(error).__name__}
    return {"width": image.width, "height": image.height, "sha256": hashlib.sha256(image.tobytes()).hexdigest()}


def large():
    """4000 x 3000, smooth enough to stay small."""
    image = Image.fromarray(gradient(4000, 3000))
    for name, form, options in (
        ("jpeg.large-420", "JPEG", {"quality": 60}),
        ("jpeg.large-progressive-444", "JPEG", {"quality": 60, "subsampling": 0, "progressive": True}),
        ("png.large", "PNG", {"compress_level": 9}),
        ("webp.large", "WEBP", {"quality": 40}),
        ("gif.large", "GIF", {}),
        ("tiff.large-deflate", "TIFF", {"compression": "tiff_adobe_deflate", "tiffinfo": {317: 2}}),
    ):
        drawn = image.convert("L").point(lambda level: level & 0xF0).convert("P") if form == "GIF" else image
        out = io.BytesIO()
        drawn.save(out, form, **options)
        yield name, out.getvalue()


def drawn():
    for number, (width, height, chosen) in enumerate(SIZES):
        for form, module in FORMATS.items():
            for kind, encode in module.kinds(width, height, number):
                data = encode() if chosen.search(kind) else None
                if data:
                    yield f"{form}.{kind}", f"{kind}-{width}x{height}.{form}", data
    for name, data in large():
        yield name, f"{name.split('.')[1]}-4000x3000.{name.split('.')[0]}", data


def mutated(data, mutation):
    changed = bytearray(data[: mutation.get("keep", len(data))])
    for offset, value in mutation.get("set", []):
        changed[offset] = value
    return bytes(changed)


def mutations(data, seed):
    """A cut near the end, one anywhere, and single bytes changed in the head and anywhere."""
    rnd = random.Random(seed)
    yield {"keep": len(data) - rnd.randint(1, 12)}
    yield {"keep": rnd.randrange(1, len(data))}
    yield {"set": [[rnd.randrange(min(len(data), 120)), rnd.randrange(256)]]}
    yield {"set": [[rnd.randrange(len(data)), rnd.randrange(256)] for _ in range(rnd.choice([1, 1, 3]))]}


def versions():
    return {
        "pillow": Image.__version__,
        "libjpeg-turbo": features.version("libjpeg_turbo"),
        "libtiff": features.version("libtiff"),
        "webp": features.version("webp"),
        "zlib": features.version("zlib"),
    }


def write():
    FOLDER.mkdir(parents=True, exist_ok=True)
    for old in FOLDER.iterdir():
        old.unlink()
    entries, broken, seed = [], [], 0
    for kind, name, data in drawn():
        (FOLDER / name).write_bytes(data)
        entries.append({"file": name, "kind": kind, **pillow(data)})
        # TIFF has ten times the kinds of the others, which break alike.
        if "-17x23." in name and (not name.endswith("tiff") or len(entries) % 4 == 0):
            for mutation in mutations(data, seed):
                broken.append({"file": name, **mutation, **pillow(mutated(data, mutation))})
                seed += 1
    lines = lambda rows: ",\n".join("    " + json.dumps(row) for row in rows)
    MANIFEST.write_text(
        f'{{\n  "versions": {json.dumps(versions())},\n  "files": [\n{lines(entries)}\n  ],\n'
        f'  "broken": [\n{lines(broken)}\n  ]\n}}\n'
    )
    print(f"{len(entries)} files, {len(broken)} broken ones")


def check():
    manifest = json.loads(MANIFEST.read_text())
    if manifest["versions"] != versions():
        print("other versions:", manifest["versions"], versions())
    differing = 0
    for entry in manifest["files"] + manifest["broken"]:
        now = pillow(mutated((FOLDER / entry["file"]).read_bytes(), entry))
        if any(entry.get(key) != value for key, value in now.items()):
            differing += 1
            print("differs:", entry, now)
    print(f"{len(manifest['files'])} files and {len(manifest['broken'])} broken ones checked, {differing} differ")
    return 1 if differing else 0


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true")
    sys.exit(check() if parser.parse_args().check else write())

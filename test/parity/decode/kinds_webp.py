"""Every kind of WebP, of one size."""

import io

import numpy as np
from PIL import Image

from writers import webp
from writers.drawing import noise, photo


def saved(image, **options):
    out = io.BytesIO()
    image.save(out, "WEBP", **options)
    return out.getvalue()


def kinds(width, height, seed):
    rgb = photo(width, height, seed)
    image = Image.fromarray(rgb)
    alpha = photo(width, height, seed + 1)[..., :1]
    alpha[: height // 2, : width // 2] = 0
    clear = Image.fromarray(np.concatenate([rgb, alpha], -1))
    few = Image.fromarray(noise((height, width), seed, 12) * 20)
    for quality in (5, 60, 100):
        yield f"lossy-{quality}", lambda: saved(image, quality=quality)
    yield "lossy-method-6", lambda: saved(image, quality=80, method=6)
    yield "lossless", lambda: saved(image, lossless=True)
    yield "lossless-few-colours", lambda: saved(few, lossless=True)
    yield "lossy-alpha", lambda: saved(clear, quality=70)
    yield "lossy-alpha-coarse", lambda: saved(clear, quality=70, alpha_quality=20)
    yield "lossless-alpha", lambda: saved(clear, lossless=True)
    yield "lossless-alpha-exact", lambda: saved(clear, lossless=True, exact=True)
    exif = Image.Exif()
    exif[0x0112] = 6
    yield "exif-orientation-6", lambda: saved(image, exif=exif)
    yield "exif-lossless", lambda: saved(image, exif=exif, lossless=True)
    yield "trailing-garbage", lambda: saved(image) + b"garbage!"
    still, lossless, moving = saved(image), saved(image, lossless=True), saved(clear)
    red = (0, 0, 255, 255)
    full = (0, 0, width, height)
    yield "animated", lambda: webp.animation(width, height, [(still, *full, True), (lossless, *full, True)], red)
    yield "animated-lossless", lambda: webp.animation(width, height, [(lossless, *full, False), (still, *full, True)], red)
    yield "animated-alpha", lambda: webp.animation(width, height, [(moving, *full, True), (still, *full, True)], red)
    yield "animated-alpha-no-blend", lambda: webp.animation(width, height, [(moving, *full, False), (still, *full, True)], red)
    yield "animated-one-frame", lambda: webp.animation(width, height, [(moving, *full, True)], red)
    yield "animated-no-alpha-flag", lambda: webp.animation(width, height, [(still, *full, True), (still, *full, True)], red, alpha=False)
    wide = (width + 6, height + 4)
    for name, first in (("", still), ("-alpha", moving), ("-lossless", lossless)):
        for flag in (True, False):
            yield f"animated-frame-smaller{name}{'' if flag else '-no-flag'}", lambda: webp.animation(
                *wide, [(first, 4, 2, width, height, True), (still, 0, 0, width, height, True)], red, alpha=flag)
    out = io.BytesIO()
    image.save(out, "WEBP", save_all=True, append_images=[Image.fromarray(255 - rgb)], duration=100)
    yield "animated-by-encoder", lambda: out.getvalue()

"""Every kind of GIF, of one size."""

import io

import numpy as np
from PIL import Image

from writers import gif
from writers.drawing import indices, palette, photo


def kinds(width, height, seed):
    for levels in (2, 4, 16, 256):
        values, colours = indices(width, height, levels, seed), palette(levels, seed)
        yield f"colours-{levels}", lambda: gif.encode(width, height, [gif.frame(values)], colours)
        yield f"colours-{levels}-interlaced", lambda: gif.encode(width, height, [gif.frame(values, interlace=True)], colours)
    values, colours, local = indices(width, height, 16, seed), palette(16, seed), palette(32, seed + 1)
    yield "version-87a", lambda: gif.encode(width, height, [gif.frame(values)], colours, version=b"87a")
    yield "transparent", lambda: gif.encode(width, height, [gif.frame(values, transparent=3)], colours)
    yield "transparent-outside-palette", lambda: gif.encode(width, height, [gif.frame(values, transparent=200)], colours)
    yield "local-palette", lambda: gif.encode(width, height, [gif.frame(values, local=local)], colours)
    yield "local-palette-only", lambda: gif.encode(width, height, [gif.frame(values, local=local)])
    yield "no-palette", lambda: gif.encode(width, height, [gif.frame(values)])
    grays = np.repeat(np.arange(16, dtype=np.uint8)[:, None], 3, 1)
    yield "gray-ramp-palette", lambda: gif.encode(width, height, [gif.frame(values)], grays)
    yield "gray-ramp-local", lambda: gif.encode(width, height, [gif.frame(values, local=grays)], colours)
    yield "index-outside-palette", lambda: gif.encode(width, height, [gif.frame(indices(width, height, 64, seed))], colours)
    yield "background", lambda: gif.encode(width, height, [gif.frame(values)], colours, background=5)
    yield "code-size-8", lambda: gif.encode(width, height, [gif.frame(values, code_bits=8)], colours)
    other = gif.frame(values[::-1], local=local, transparent=2, disposal=2)
    yield "animated", lambda: gif.encode(width, height, [gif.frame(values, disposal=1), other], colours)
    yield "animated-dispose", lambda: gif.encode(width, height, [gif.frame(values, disposal=2, transparent=1), other], colours)
    if width > 4 and height > 4:
        part = values[1:-2, 2:-1]
        for name, options in (("", {}), ("-transparent", {"transparent": 4}), ("-interlaced", {"interlace": True}), ("-local", {"local": local})):
            yield f"frame-smaller{name}", lambda: gif.encode(width, height, [gif.frame(part, 2, 1, **options)], colours, background=7)
    yield "frame-larger", lambda: gif.encode(max(1, width - 3), max(1, height - 2), [gif.frame(values)], colours)
    yield "frame-outside", lambda: gif.encode(width, height, [gif.frame(values, 5, 4)], colours)
    comment = b"!\xfe\x05drawn\0" + b"!\xff\x0bNETSCAPE2.0\x03\x01\0\0\0" + b"!\x01\x02ab\0"
    yield "extensions", lambda: gif.encode(width, height, [comment + gif.frame(values)], colours)
    plain = gif.encode(width, height, [gif.frame(values)], colours)
    yield "no-trailer", lambda: plain[:-1]
    yield "trailing-garbage", lambda: plain + b"garbage"
    out = io.BytesIO()
    Image.fromarray(photo(width, height, seed)).save(out, "GIF")
    yield "quantized", lambda: out.getvalue()
    out = io.BytesIO()
    rgba = Image.fromarray(photo(width, height, seed)).convert("RGBA")
    rgba.putalpha(Image.fromarray(photo(width, height, seed + 3)).convert("L"))
    rgba.save(out, "GIF")
    yield "quantized-alpha", lambda: out.getvalue()

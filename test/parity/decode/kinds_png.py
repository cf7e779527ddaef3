"""Every kind of PNG, of one size."""

import struct

import numpy as np
from PIL import Image

from writers import png
from writers.drawing import indices, noise, palette, photo


def kinds(width, height, seed):
    rgb = photo(width, height, seed)
    gray = np.asarray(Image.fromarray(rgb).convert("L"))[..., None]
    alpha = noise((height, width, 1), seed)
    wide = noise((height, width, 4), seed, 65536, np.uint16)
    low = noise((height, width, 1), seed, 400, np.uint16)
    shapes = [("gray-1", gray >> 7, 1, 0), ("gray-2", gray >> 6, 2, 0), ("gray-4", gray >> 4, 4, 0), ("gray-8", gray, 8, 0),
              ("gray-16", wide[..., :1], 16, 0), ("gray-16-low", low, 16, 0), ("rgb-8", rgb, 8, 2), ("rgb-16", wide[..., :3], 16, 2),
              ("gray-alpha-8", np.concatenate([gray, alpha], -1), 8, 4), ("gray-alpha-16", wide[..., :2], 16, 4),
              ("rgb-alpha-8", np.concatenate([rgb, alpha], -1), 8, 6), ("rgb-alpha-16", wide, 16, 6)]
    for name, values, bits, colour in shapes:
        yield name, lambda: png.encode(values, bits, colour)
        yield f"{name}-interlaced", lambda: png.encode(values, bits, colour, interlace=True)
    for bits in (1, 2, 4, 8):
        levels = 1 << bits
        plte = png.chunk(b"PLTE", palette(levels, seed).tobytes())
        values = indices(width, height, levels, seed)[..., None]
        yield f"palette-{bits}", lambda: png.encode(values, bits, 3, before=plte)
        yield f"palette-{bits}-interlaced", lambda: png.encode(values, bits, 3, interlace=True, before=plte)
        trns = png.chunk(b"tRNS", noise(levels, seed).tobytes())
        yield f"palette-{bits}-trns", lambda: png.encode(values, bits, 3, before=plte + trns)
        one = png.chunk(b"tRNS", b"\xff" * (levels // 2) + b"\0")
        yield f"palette-{bits}-trns-one", lambda: png.encode(values, bits, 3, before=plte + one)
    short = png.chunk(b"PLTE", palette(5, seed).tobytes())
    yield "palette-short", lambda: png.encode(indices(width, height, 5, seed)[..., None], 8, 3, before=short)
    yield "palette-out-of-range", lambda: png.encode(indices(width, height, 9, seed)[..., None], 8, 3, before=short)
    yield "palette-missing", lambda: png.encode(indices(width, height, 5, seed)[..., None], 8, 3)
    for name, values, bits, colour in shapes[:8]:
        numbers = [int(v) for v in values.reshape(-1, values.shape[-1])[0]]
        yield f"{name}-trns", lambda: png.encode(values, bits, colour, before=png.chunk(b"tRNS", struct.pack(f">{len(numbers)}H", *numbers)))
    yield "rgb-8-suggested-palette", lambda: png.encode(rgb, 8, 2, before=png.chunk(b"PLTE", palette(7, seed).tobytes()))
    yield "many-idats", lambda: png.encode(rgb, 8, 2, parts=40)
    yield "stored", lambda: png.encode(rgb, 8, 2, level=0)
    gama = png.chunk(b"gAMA", struct.pack(">I", 100000))
    yield "gamma-1", lambda: png.encode(rgb, 8, 2, before=gama)
    yield "gamma-1-gray-16", lambda: png.encode(wide[..., :1], 16, 0, before=gama)
    yield "chromaticities", lambda: png.encode(rgb, 8, 2, before=gama + png.chunk(b"cHRM", struct.pack(">8I", 31270, 32900, 70000, 30000, 20000, 70000, 15000, 5000)))
    yield "significant-bits", lambda: png.encode(rgb, 8, 2, before=png.chunk(b"sBIT", b"\5\6\5"))
    yield "background", lambda: png.encode(np.concatenate([rgb, alpha], -1), 8, 6, before=png.chunk(b"bKGD", struct.pack(">3H", 255, 0, 0)))
    yield "exif-orientation", lambda: png.encode(rgb, 8, 2, before=png.chunk(b"eXIf", b"MM\0*\0\0\0\x08\0\1\x01\x12\0\3\0\0\0\1\0\6\0\0\0\0\0\0"))
    yield "text", lambda: png.encode(rgb, 8, 2, before=png.chunk(b"tEXt", b"Title\0drawn"), between=png.chunk(b"tEXt", b"End\0drawn"))
    yield "unknown-chunk", lambda: png.encode(rgb, 8, 2, before=png.chunk(b"prVt", b"123"))
    yield "trailing-garbage", lambda: png.encode(rgb, 8, 2) + noise(50, seed).tobytes()
    control = struct.pack(">IIIIIHHBB", 0, width, height, 0, 0, 1, 10, 0, 0)
    more = struct.pack(">IIIIIHHBB", 1, width, height, 0, 0, 1, 10, 0, 0)
    import zlib
    second = struct.pack(">I", 2) + zlib.compress(png.filtered(png.rows(255 - rgb, 8), 3))
    frames = png.chunk(b"acTL", struct.pack(">II", 2, 0)) + png.chunk(b"fcTL", control)
    yield "animated", lambda: png.encode(rgb, 8, 2, before=frames, between=png.chunk(b"fcTL", more) + png.chunk(b"fdAT", second))
    apart = struct.pack(">IIIIIHHBB", 0, width, height, 0, 0, 1, 10, 0, 0)
    yield "animated-default-apart", lambda: png.encode(
        rgb, 8, 2, before=png.chunk(b"acTL", struct.pack(">II", 1, 0)),
        between=png.chunk(b"fcTL", apart) + png.chunk(b"fdAT", struct.pack(">I", 1) + second[4:]))
    if width > 1 and height > 1:
        part = struct.pack(">IIIIIHHBB", 0, width - 1, height - 1, 1, 1, 1, 10, 0, 0)
        yield "animated-first-smaller", lambda: png.encode(
            rgb[1:, 1:], 8, 2, before=png.chunk(b"acTL", struct.pack(">II", 1, 0)) + png.chunk(b"fcTL", part)
        ).replace(png.chunk(b"IHDR", struct.pack(">IIBBBBB", width - 1, height - 1, 8, 2, 0, 0, 0)),
                  png.chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)))

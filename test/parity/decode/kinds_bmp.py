"""Every kind of BMP, of one size."""

import numpy as np

from writers import bmp
from writers.drawing import indices, noise, palette, photo


def quads(colours):
    return np.concatenate([colours[:, ::-1], np.zeros((len(colours), 1), np.uint8)], 1).tobytes()


def kinds(width, height, seed):
    size = (width, height)
    rgb = photo(width, height, seed)
    bgr = rgb[..., ::-1]
    fourth = noise((height, width, 1), seed)
    bgrx = np.concatenate([bgr, fourth], -1)
    for bits in (1, 4, 8):
        levels = 1 << bits
        values, colours = indices(width, height, levels, seed), palette(levels, seed)
        body = bmp.packed(values, bits)
        yield f"palette-{bits}", lambda: bmp.encode(body, *size, bits, colours=quads(colours))
        yield f"palette-{bits}-os2", lambda: bmp.encode(body, *size, bits, header=12, colours=colours[:, ::-1].tobytes())
        yield f"palette-{bits}-top-down", lambda: bmp.encode(bmp.packed(values, bits, True), *size, bits, colours=quads(colours), top_down=True)
        yield f"palette-{bits}-v5", lambda: bmp.encode(body, *size, bits, header=124, colours=quads(colours))
        yield f"palette-{bits}-gap", lambda: bmp.encode(body, *size, bits, colours=quads(colours), gap=6)
        ramp = np.repeat((np.arange(levels) * (255 if bits == 1 else 1)).astype(np.uint8)[:, None], 3, 1)
        yield f"gray-{bits}", lambda: bmp.encode(body, *size, bits, colours=quads(ramp))
        yield f"gray-{bits}-inverted", lambda: bmp.encode(body, *size, bits, colours=quads(ramp[::-1]))
        spread = np.repeat((np.arange(levels) * 255 // (levels - 1)).astype(np.uint8)[:, None], 3, 1)
        yield f"gray-{bits}-spread", lambda: bmp.encode(body, *size, bits, colours=quads(spread))
    few = palette(5, seed)
    yield "palette-8-five-colours", lambda: bmp.encode(bmp.packed(indices(width, height, 5, seed), 8), *size, 8, colours=quads(few), used=5)
    yield "palette-8-out-of-range", lambda: bmp.encode(bmp.packed(indices(width, height, 9, seed), 8), *size, 8, colours=quads(few), used=5)
    yield "palette-4-three-colours", lambda: bmp.encode(bmp.packed(indices(width, height, 3, seed), 4), *size, 4, colours=quads(few[:3]), used=3)
    yield "palette-8-two-colours-gray", lambda: bmp.encode(bmp.packed(indices(width, height, 2, seed), 8), *size, 8, colours=quads(np.array([[0] * 3, [255] * 3], np.uint8)), used=2)
    for bits, pixels in ((24, bgr), (32, bgrx)):
        for header in (12, 40, 52, 56, 64, 108, 124):
            yield f"rgb-{bits}-header-{header}", lambda: bmp.encode(bmp.packed(pixels, bits), *size, bits, header=header)
        yield f"rgb-{bits}-top-down", lambda: bmp.encode(bmp.packed(pixels, bits, True), *size, bits, top_down=True)
    words = noise((height, width), seed, 65536, np.uint16)
    yield "rgb-16", lambda: bmp.encode(bmp.packed(words, 16), *size, 16)
    yield "rgb-16-top-down", lambda: bmp.encode(bmp.packed(words, 16, True), *size, 16, top_down=True)
    for name, masks in (("565", (0xF800, 0x7E0, 0x1F)), ("555", (0x7C00, 0x3E0, 0x1F)), ("444", (0xF00, 0xF0, 0xF))):
        yield f"masks-16-{name}", lambda: bmp.encode(bmp.packed(words, 16), *size, 16, compression=3, masks=masks)
        yield f"masks-16-{name}-v4", lambda: bmp.encode(bmp.packed(words, 16), *size, 16, header=108, compression=3, masks=masks)
    layouts = {
        "bgrx": (0xFF0000, 0xFF00, 0xFF, 0), "xbgr": (0xFF000000, 0xFF0000, 0xFF00, 0), "bgxr": (0xFF000000, 0xFF00, 0xFF, 0),
        "abgr": (0xFF000000, 0xFF0000, 0xFF00, 0xFF), "rgba": (0xFF, 0xFF00, 0xFF0000, 0xFF000000),
        "bgra": (0xFF0000, 0xFF00, 0xFF, 0xFF000000), "bgar": (0xFF000000, 0xFF00, 0xFF, 0xFF0000), "zero": (0, 0, 0, 0),
        "odd": (0x3FF00000, 0xFFC00, 0x3FF, 0),
    }
    for name, masks in layouts.items():
        for header in (40, 56, 124):
            if header == 40 and masks[3]:
                continue
            yield f"masks-32-{name}-{header}", lambda: bmp.encode(bmp.packed(bgrx, 32), *size, 32, header=header, compression=3, masks=masks)
    yield "masks-24", lambda: bmp.encode(bmp.packed(bgr, 24), *size, 24, header=56, compression=3, masks=layouts["bgrx"])
    for bits, compression in ((8, 1), (4, 2)):
        levels = 1 << bits
        values, colours = indices(width, height, levels, seed), palette(levels, seed)
        values[:, : width // 2] = values[:, :1]
        four = bits == 4
        for name, options in (("", {}), ("-runs-only", {"absolute": False}), ("-delta", {"delta": True})):
            yield f"rle{bits}{name}", lambda: bmp.encode(bmp.run_lengths(values, four, **options), *size, bits, compression=compression, colours=quads(colours))
        yield f"rle{bits}-gray", lambda: bmp.encode(bmp.run_lengths(values, four), *size, bits, compression=compression, colours=quads(np.repeat(np.arange(levels, dtype=np.uint8)[:, None], 3, 1)))
    plain = bmp.encode(bmp.packed(bgr, 24), *size, 24)
    yield "trailing-garbage", lambda: plain + b"garbage"
    yield "bits-2", lambda: bmp.encode(bmp.packed(indices(width, height, 4, seed), 2), *size, 2, colours=quads(palette(4, seed)))
    yield "jpeg-compression", lambda: bmp.encode(b"\xff\xd8\xff", *size, 24, compression=4)
    yield "png-compression", lambda: bmp.encode(b"\x89PNG", *size, 24, compression=5)

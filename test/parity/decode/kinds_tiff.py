"""Every kind of TIFF, of one size."""

import io

import numpy as np
from PIL import Image

from writers import tiff
from writers.drawing import indices, noise, palette, photo


def saved(image, **options):
    out = io.BytesIO()
    image.save(out, "TIFF", **options)
    return out.getvalue()


def saved_if_it_can(image, **options):
    """Pillow's libtiff lacks some compressions on some platforms."""
    try:
        return saved(image, **options)
    except (OSError, RuntimeError):
        return None


def jpeg_strip(quality, **options):
    def pack(part):
        out = io.BytesIO()
        Image.fromarray(part[..., 0] if part.shape[-1] == 1 else part).save(out, "JPEG", quality=quality, **options)
        return out.getvalue()

    return pack


def kinds(width, height, seed):
    rgb = photo(width, height, seed)
    image = Image.fromarray(rgb)
    gray = np.asarray(image.convert("L"))[..., None]
    alpha = noise((height, width, 1), seed)
    rgba = np.concatenate([rgb, alpha], -1)
    many = noise((height, width, 6), seed)
    wide = noise((height, width, 4), seed, 65536, np.uint16)
    low = noise((height, width, 1), seed, 400, np.uint16)
    cmyk = noise((height, width, 4), seed, 200)
    signed = (noise((height, width, 1), seed, 700, np.int32) - 300)
    real = (np.random.default_rng(seed).normal(120, 90, (height, width, 1))).astype(np.float32)
    coded = {"raw": 1, "lzw": 5, "deflate": 8, "deflate-old": 32946, "packbits": 32773}
    for name, compression in coded.items():
        common = {"compression": compression, "rows": 7}
        for order, end in (("", "<"), ("-big-endian", ">")):
            both = {**common, "order": end}
            yield f"rgb-{name}{order}", lambda: tiff.encode(rgb, 8, 2, **both)
            yield f"rgb-16-{name}{order}", lambda: tiff.encode(wide[..., :3], 16, 2, **both)
            yield f"gray-16-{name}{order}", lambda: tiff.encode(low, 16, 1, **both)
            yield f"float-{name}{order}", lambda: tiff.encode(real, 32, 1, sample_format=3, **both)
            yield f"int-32-{name}{order}", lambda: tiff.encode(signed, 32, 1, sample_format=2, **both)
            yield f"int-16-{name}{order}", lambda: tiff.encode(signed.astype(np.int16), 16, 1, sample_format=2, **both)
        for bits in (1, 2, 4, 8):
            levels = 1 << bits
            values = (gray >> (8 - bits)) if bits < 8 else gray
            for photometric in (0, 1):
                yield f"gray-{bits}-{name}-{photometric}", lambda: tiff.encode(values, bits, photometric, **common)
                yield f"gray-{bits}-{name}-{photometric}-reversed", lambda: tiff.encode(values, bits, photometric, fill_order=2, **common)
            blobs = indices(width, height, levels, seed)[..., None]
            yield f"palette-{bits}-{name}", lambda: tiff.encode(blobs, bits, 3, colours=palette(levels, seed), **common)
        yield f"rgba-{name}", lambda: tiff.encode(rgba, 8, 2, extra=[2], **common)
        yield f"rgba-no-extra-tag-{name}", lambda: tiff.encode(rgba, 8, 2, **common)
        yield f"rgba-premultiplied-{name}", lambda: tiff.encode(rgba, 8, 2, extra=[1], **common)
        yield f"rgbx-{name}", lambda: tiff.encode(rgba, 8, 2, extra=[0], **common)
        yield f"rgba-16-{name}", lambda: tiff.encode(wide, 16, 2, extra=[2], **common)
        yield f"rgba-16-premultiplied-{name}", lambda: tiff.encode(wide, 16, 2, extra=[1], **common)
        yield f"rgbxx-{name}", lambda: tiff.encode(many[..., :5], 8, 2, extra=[0, 0], **common)
        yield f"gray-alpha-{name}", lambda: tiff.encode(np.concatenate([gray, alpha], -1), 8, 1, extra=[2], **common)
        yield f"gray-premultiplied-{name}", lambda: tiff.encode(np.concatenate([gray, alpha], -1), 8, 1, extra=[1], **common)
        yield f"gray-extra-{name}", lambda: tiff.encode(np.concatenate([gray, alpha], -1), 8, 1, extra=[0], **common)
        yield f"gray-16-white-is-zero-{name}", lambda: tiff.encode(low, 16, 0, **common)
        yield f"uint-32-{name}", lambda: tiff.encode(signed.astype(np.uint32), 32, 1, **common)
        yield f"cmyk-{name}", lambda: tiff.encode(cmyk, 8, 5, **common)
        yield f"cmyk-16-{name}", lambda: tiff.encode(wide, 16, 5, **common)
        yield f"ycbcr-444-{name}", lambda: tiff.encode(np.asarray(image.convert("YCbCr")), 8, 6, tags=[(530, 3, [1, 1])], **common)
        yield f"lab-{name}", lambda: tiff.encode(rgb, 8, 8, **common)
        yield f"rgb-planar-{name}", lambda: tiff.encode(rgb, 8, 2, planar=2, **common)
        yield f"rgba-planar-{name}", lambda: tiff.encode(rgba, 8, 2, planar=2, extra=[2], **common)
        yield f"rgb-16-planar-{name}", lambda: tiff.encode(wide[..., :3], 16, 2, planar=2, **common)
        yield f"cmyk-planar-{name}", lambda: tiff.encode(cmyk, 8, 5, planar=2, **common)
        yield f"rgbx-planar-{name}", lambda: tiff.encode(rgba, 8, 2, planar=2, extra=[0], **common)
        yield f"rgba-premultiplied-planar-{name}", lambda: tiff.encode(rgba, 8, 2, planar=2, extra=[1], **common)
        yield f"rgb-planar-reversed-{name}", lambda: tiff.encode(rgb, 8, 2, planar=2, fill_order=2, **common)
        yield f"rgb-reversed-{name}", lambda: tiff.encode(rgb, 8, 2, fill_order=2, **common)
        yield f"gray-planar-{name}", lambda: tiff.encode(gray, 8, 1, planar=2, **common)
        yield f"gray-inverted-planar-{name}", lambda: tiff.encode(gray, 8, 0, planar=2, **common)
        yield f"gray-1-planar-{name}", lambda: tiff.encode(gray >> 7, 1, 1, planar=2, **common)
        yield f"gray-16-reversed-{name}", lambda: tiff.encode(low, 16, 1, fill_order=2, **common)
        yield f"palette-2-reversed-{name}", lambda: tiff.encode(indices(width, height, 4, seed)[..., None], 2, 3, fill_order=2, colours=palette(4, seed), **common)
        yield f"palette-extra-{name}", lambda: tiff.encode(np.concatenate([gray, alpha], -1), 8, 3, extra=[0], colours=palette(256, seed), **common)
        yield f"cmyk-extra-{name}", lambda: tiff.encode(many[..., :5], 8, 5, extra=[0], **common)
        yield f"gray-signed-8-{name}", lambda: tiff.encode(gray, 8, 1, sample_format=2, **common)
        tiled = {"compression": compression, "tile": (16, 32)}
        yield f"rgb-tiled-{name}", lambda: tiff.encode(rgb, 8, 2, **tiled)
        yield f"rgb-tiled-planar-{name}", lambda: tiff.encode(rgb, 8, 2, planar=2, **tiled)
        yield f"gray-1-tiled-{name}", lambda: tiff.encode(gray >> 7, 1, 1, **tiled)
        yield f"gray-tiled-{name}", lambda: tiff.encode(gray, 8, 1, **tiled)
        yield f"gray-16-tiled-{name}", lambda: tiff.encode(low, 16, 1, **tiled)
        yield f"palette-4-tiled-{name}", lambda: tiff.encode(indices(width, height, 16, seed)[..., None], 4, 3, colours=palette(16, seed), **tiled)
        yield f"bigtiff-{name}", lambda: tiff.encode(rgb, 8, 2, big=True, **common)
        yield f"bigtiff-big-endian-{name}", lambda: tiff.encode(rgb, 8, 2, big=True, order=">", **common)
        if compression in (5, 8):
            for shape, values, bits, photometric in (("gray", gray, 8, 1), ("rgb", rgb, 8, 2), ("rgb-16", wide[..., :3], 16, 2), ("gray-16", low, 16, 1), ("cmyk", cmyk, 8, 5)):
                yield f"{shape}-predictor-{name}", lambda: tiff.encode(values, bits, photometric, predictor=2, **common)
                yield f"{shape}-predictor-big-endian-{name}", lambda: tiff.encode(values, bits, photometric, predictor=2, order=">", **common)
            yield f"rgb-predictor-tiled-{name}", lambda: tiff.encode(rgb, 8, 2, predictor=2, **tiled)
    for orientation in range(0, 10):
        yield f"orientation-{orientation}", lambda: tiff.encode(rgb, 8, 2, compression=5, rows=7, tags=[(274, 3, [orientation])])
    yield "orientation-6-raw", lambda: tiff.encode(rgb, 8, 2, tags=[(274, 3, [6])])
    for name in ("group3", "group4", "tiff_ccitt"):
        for photometric in (0, 1):
            yield f"ccitt-{name}-{photometric}", lambda: saved(image.convert("1"), compression=name, tiffinfo={262: photometric})
    for compression in ("jpeg", "tiff_lzw", "tiff_adobe_deflate", "packbits", "lzma", "zstd", "webp"):
        yield f"by-pillow-{compression}", lambda: saved_if_it_can(image, compression=compression)
        yield f"by-pillow-gray-{compression}", lambda: saved_if_it_can(image.convert("L"), compression=compression)
    for name, values, photometric, options in (
        ("gray", gray, 1, {}), ("rgb", rgb, 2, {"keep_rgb": True}), ("ycbcr", rgb, 6, {"subsampling": 0}),
    ):
        more = [(530, 3, [1, 1])] if photometric == 6 else []
        yield f"jpeg-{name}", lambda: tiff.encode(values, 8, photometric, compression=7, rows=16, tags=more, packer=jpeg_strip(80, **options))
        yield f"jpeg-{name}-tiled", lambda: tiff.encode(values, 8, photometric, compression=7, tile=(32, 16), tags=more, packer=jpeg_strip(80, **options))
    yield "jpeg-ycbcr-420", lambda: tiff.encode(rgb, 8, 6, compression=7, rows=16, tags=[(530, 3, [2, 2])], packer=jpeg_strip(80, subsampling=2))
    out = io.BytesIO()
    image.save(out, "TIFF", save_all=True, append_images=[Image.fromarray(255 - rgb)])
    yield "pages", lambda: out.getvalue()
    yield "trailing-garbage", lambda: tiff.encode(rgb, 8, 2, compression=5) + b"garbage"

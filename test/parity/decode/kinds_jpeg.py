"""Every kind of JPEG, of one size."""

import io
import subprocess

import numpy as np
from PIL import Image

from writers import jpeg
from writers.drawing import noise, photo


def saved(image, **options):
    out = io.BytesIO()
    image.save(out, "JPEG", **options)
    return out.getvalue()


def jpegtran(data, *options):
    """libjpeg-turbo's own lossless rewriting: arithmetic coding has no other writer here."""
    return subprocess.run(["jpegtran", *options], input=data, stdout=subprocess.PIPE, check=True).stdout


def kinds(width, height, seed):
    rgb = photo(width, height, seed)
    image = Image.fromarray(rgb)
    gray = image.convert("L")
    for name, sub in (("444", 0), ("422", 1), ("420", 2)):
        yield f"baseline-{name}", lambda: saved(image, quality=85, subsampling=sub)
        yield f"progressive-{name}", lambda: saved(image, quality=85, subsampling=sub, progressive=True)
    yield "quality-5", lambda: saved(image, quality=5)
    yield "quality-100", lambda: saved(image, quality=100)
    yield "optimized", lambda: saved(image, optimize=True)
    yield "gray", lambda: saved(gray)
    yield "gray-progressive", lambda: saved(gray, progressive=True)
    yield "restart-blocks", lambda: saved(image, restart_marker_blocks=2)
    yield "restart-rows", lambda: saved(image, restart_marker_rows=1)
    yield "rgb-coded", lambda: saved(image, keep_rgb=True)
    cmyk = Image.frombytes("CMYK", (width, height), noise((height, width, 4), seed, 200).tobytes())
    yield "cmyk", lambda: saved(cmyk)
    yield "cmyk-progressive", lambda: saved(cmyk, progressive=True)
    exif = Image.Exif()
    exif[0x0112] = 6
    yield "exif-orientation-6", lambda: saved(image, exif=exif)
    yield "icc", lambda: saved(image, icc_profile=swapped_profile())
    yield "comment", lambda: saved(image, comment=b"drawn")
    three, c = jpeg.ycc(rgb), [p.astype(float) for p in np.moveaxis(rgb, -1, 0)]
    full, half = [(1, 1)] * 3, [(1, 1), (1, 1)]
    for name, first in (("440", (1, 2)), ("411", (4, 1)), ("422", (2, 1)), ("420", (2, 2)), ("441", (1, 4)), ("410", (4, 2))):
        yield f"sampling-{name}", lambda: jpeg.encode(three, [first] + half)
    yield "sampling-chroma-larger", lambda: jpeg.encode(three, [(1, 1), (2, 2), (1, 1)])
    yield "sampling-luma-uneven", lambda: jpeg.encode(three, [(2, 2), (2, 1), (1, 2)])
    yield "sampling-gray-2x2", lambda: jpeg.encode(three[:1], [(2, 2)])
    yield "sampling-all-2x2", lambda: jpeg.encode(three, [(2, 2)] * 3)
    yield "restart-420", lambda: jpeg.encode(three, [(2, 2)] + half, restart=1)
    yield "quantization-16-bit", lambda: jpeg.encode(three, full, precision8=False, frame=0xC1)
    yield "adobe-rgb", lambda: jpeg.encode(c, full, head=jpeg.adobe(0))
    yield "adobe-rgb-420", lambda: jpeg.encode(c, [(2, 2)] + half, head=jpeg.adobe(0))
    yield "adobe-ycc", lambda: jpeg.encode(three, full, head=jpeg.adobe(1))
    yield "adobe-ycck-on-three", lambda: jpeg.encode(three, full, head=jpeg.adobe(2))
    yield "jfif-and-adobe-rgb", lambda: jpeg.encode(c, full, head=jpeg.JFIF + jpeg.adobe(0))
    yield "no-marker-rgb-ids", lambda: jpeg.encode(c, full, head=b"", ids=list(b"RGB"))
    yield "no-marker-ycc-ids", lambda: jpeg.encode(three, full, head=b"")
    yield "no-marker-other-ids", lambda: jpeg.encode(three, full, head=b"", ids=[10, 20, 30])
    yield "no-marker-zero-ids", lambda: jpeg.encode(three, full, head=b"", ids=[0, 1, 2])
    black = noise((height, width), seed + 1).astype(float)
    four = [(1, 1)] * 4
    yield "ycck", lambda: jpeg.encode(three + [black], four, head=jpeg.adobe(2))
    yield "ycck-420", lambda: jpeg.encode(three + [black], [(2, 2), (1, 1), (1, 1), (2, 2)], head=jpeg.adobe(2))
    yield "cmyk-adobe", lambda: jpeg.encode(c + [black], four, head=jpeg.adobe(0))
    yield "cmyk-adobe-transform-1", lambda: jpeg.encode(c + [black], four, head=jpeg.adobe(1))
    yield "cmyk-no-adobe", lambda: jpeg.encode(c + [black], four, head=b"")
    yield "cmyk-jfif", lambda: jpeg.encode(c + [black], four, head=jpeg.JFIF)
    yield "two-components", lambda: jpeg.encode(three[:2], half, head=b"")
    plain = saved(image, quality=85)
    yield "padding-before-markers", lambda: plain[:2] + b"\xff\xff\xff" + plain[2:]
    yield "trailing-garbage", lambda: plain + noise(99, seed).tobytes()
    yield "trailing-zeros", lambda: plain + bytes(40)
    yield "two-pictures", lambda: plain + saved(gray)
    other = saved(Image.fromarray(photo(max(1, width // 2), max(1, height // 2), seed + 5)))
    yield "exif-thumbnail", lambda: plain[:2] + jpeg.marker(0xE1, b"Exif\0\0" + other[:60000]) + plain[2:]
    out = io.BytesIO()
    image.save(out, "MPO", save_all=True, append_images=[Image.fromarray(255 - rgb)])
    yield "mpo", lambda: out.getvalue()
    yield "arithmetic", lambda: jpegtran(plain, "-arithmetic")
    yield "arithmetic-progressive", lambda: jpegtran(plain, "-arithmetic", "-progressive")


def swapped_profile():
    """An ICC profile whose use would be seen: Pillow ignores profiles when it converts."""
    from PIL import ImageCms

    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("XYZ")).tobytes()
    # The header's date is that of its making.
    return profile[:24] + bytes(12) + profile[36:]

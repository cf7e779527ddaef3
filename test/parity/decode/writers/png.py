"""A PNG writer for every colour type, depth, interlace and chunk."""

import struct
import zlib

import numpy as np

from .bits import pack_rows

SIGNATURE = b"\x89PNG\r\n\x1a\n"
ADAM7 = [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)]


def chunk(kind, data=b""):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def rows(values, bits):
    """`values`: (h, w, channels); returns the unfiltered bytes of each row."""
    h = values.shape[0]
    if bits == 16:
        flat = values.reshape(h, -1).astype(">u2")
        return [row.tobytes() for row in flat]
    flat = values.reshape(h, -1).astype(np.uint8)
    if bits == 8:
        return [row.tobytes() for row in flat]
    packed = pack_rows(flat, bits)
    size = len(packed) // h if h else 0
    return [packed[i * size : (i + 1) * size] for i in range(h)]


def filtered(lines, unit):
    """Each row by another of the five filters in turn."""
    out, before = bytearray(), None
    for number, line in enumerate(lines):
        kind = number % 5
        above = before if before is not None else bytes(len(line))
        out.append(kind)
        for i, value in enumerate(line):
            a = line[i - unit] if i >= unit else 0
            b, c = above[i], above[i - unit] if i >= unit else 0
            p = a + b - c
            nearest = min(((abs(p - a), 0, a), (abs(p - b), 1, b), (abs(p - c), 2, c)))[2]
            out.append(value - (0, a, b, (a + b) // 2, nearest)[kind] & 255)
        before = line
    return bytes(out)


def encode(values, bits, colour, interlace=False, before=b"", between=b"", parts=1, level=9):
    """`values`: (h, w, channels); `before`/`between`: chunks in front of and behind the IDATs."""
    height, width, channels = values.shape
    unit = max(1, bits * channels // 8)
    if interlace:
        raw = b""
        for x0, y0, dx, dy in ADAM7:
            part = values[y0::dy, x0::dx]
            if part.size:
                raw += filtered(rows(part, bits), unit)
    else:
        raw = filtered(rows(values, bits), unit)
    packed = zlib.compress(raw, level)
    step = -(-len(packed) // parts)
    idats = b"".join(chunk(b"IDAT", packed[i : i + step]) for i in range(0, len(packed), step))
    head = struct.pack(">IIBBBBB", width, height, bits, colour, 0, 0, int(interlace))
    return SIGNATURE + chunk(b"IHDR", head) + before + idats + between + chunk(b"IEND")

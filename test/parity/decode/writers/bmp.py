"""A BMP writer: every depth, header, mask and both run-length codings."""

import struct

import numpy as np

from .bits import pack_rows


def encode(body, width, height, bits, header=40, compression=0, colours=b"", masks=(), top_down=False, used=0, gap=0):
    """`body`: packed rows in file order; `colours`: the palette's bytes."""
    if header == 12:
        info = struct.pack("<IHHHH", 12, width, height, 1, bits)
    else:
        info = struct.pack(
            "<IiiHHIIiiII", header, width, -height if top_down else height, 1, bits,
            compression, len(body), 2835, 2835, used, 0,
        )
        if header >= 52:
            info += struct.pack("<4I", *(tuple(masks) + (0, 0, 0, 0))[:4])
        info = info[:header] + bytes(max(0, header - len(info)))
        if masks and header < 52:
            info += struct.pack("<3I", *masks[:3])
    offset = 14 + len(info) + len(colours) + gap
    return struct.pack("<2sIHHI", b"BM", offset + len(body), 0, 0, offset) + info + colours + bytes(gap) + body


def packed(values, bits, top_down=False):
    """(h, w) values or (h, w, channels) bytes as BMP rows."""
    ordered = values if top_down else values[::-1]
    if ordered.ndim == 2 and bits <= 8:
        return pack_rows(ordered, bits, 4)
    if ordered.ndim == 2:
        raw = [row.astype("<u%d" % (bits // 8)).tobytes() for row in ordered]
    else:
        raw = [np.ascontiguousarray(row).tobytes() for row in ordered]
    return b"".join(row + b"\0" * (-len(row) % 4) for row in raw)


def run_lengths(values, four_bits, absolute=True, delta=False):
    """RLE4 / RLE8 of (h, w) indices; with absolute runs and, if asked, one delta past four pixels."""
    out = bytearray()
    for number, row in enumerate(values[::-1].tolist()):
        x = 0
        while x < len(row):
            run = 1
            while x + run < len(row) and row[x + run] == row[x] and run < 255:
                run += 1
            if delta and row[x] == 0 and run >= 4:
                out += bytes([0, 2, run, 0])
                x += run
            elif run >= 3 or not absolute or len(row) - x < 4:
                out += bytes([run, row[x] * 17 if four_bits else row[x]])
                x += run
            else:
                some = row[x : x + min(8, len(row) - x)]
                out += bytes([0, len(some)])
                if four_bits:
                    padded = some + [0] * (len(some) % 2)
                    coded = bytes(a << 4 | b for a, b in zip(padded[::2], padded[1::2]))
                else:
                    coded = bytes(some)
                out += coded + b"\0" * (len(coded) % 2)
                x += len(some)
        out += b"\0\0" if number < len(values) - 1 else b"\0\1"
    return bytes(out)

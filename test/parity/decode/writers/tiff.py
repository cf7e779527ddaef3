"""A TIFF writer: any tags, both byte orders, strips or tiles, chunky or planar."""

import struct
import zlib

import numpy as np

from .bits import lzw, pack_rows


def packbits(data):
    out = bytearray()
    for start in range(0, len(data), 100):
        part = data[start : start + 100]
        if len(set(part)) == 1 and len(part) > 1:
            out += bytes([257 - len(part), part[0]])
        else:
            out += bytes([len(part) - 1]) + part
    return bytes(out)


PACKERS = {
    1: lambda data: data,
    5: lambda data: lzw(data, 8, lsb=False, early=1),
    8: zlib.compress,
    32773: packbits,
    32946: zlib.compress,
}
REVERSED = bytes(int(f"{i:08b}"[::-1], 2) for i in range(256))


def raw(part, bits, order):
    if part.dtype.kind in "fi" or bits > 8:
        return part.astype(part.dtype.newbyteorder(order)).tobytes()
    return pack_rows(part.reshape(part.shape[0], -1), bits) if bits < 8 else part.tobytes()


def difference(part, bits):
    out = part.copy()
    out[:, 1:] = part[:, 1:] - part[:, :-1]
    return out


def encode(values, bits, photometric, order="<", compression=1, rows=None, tile=None, planar=1,
           predictor=1, fill_order=1, extra=None, sample_format=None, colours=None, tags=(), big=False, packer=None):
    """`values`: (h, w, samples) of the final dtype; `tags`: more (tag, type, values)."""
    height, width, samples = values.shape
    planes = [values] if planar == 1 else [values[..., i : i + 1] for i in range(samples)]
    pieces = []
    for plane in planes:
        if tile:
            tw, th = tile
            full = np.pad(plane, ((0, -height % th), (0, -width % tw), (0, 0)), "edge")
            parts = [full[y : y + th, x : x + tw] for y in range(0, height, th) for x in range(0, width, tw)]
        else:
            rows = rows or height
            parts = [plane[y : y + rows] for y in range(0, height, rows)]
        for part in parts:
            part = difference(part, bits) if predictor == 2 else part
            data = (packer or PACKERS[compression])(raw(part, bits, order) if packer is None else part)
            pieces.append(data.translate(REVERSED) if fill_order == 2 else data)
    bps = [bits] * samples
    entries = [
        (256, 4, [width]), (257, 4, [height]), (258, 3, bps), (259, 3, [compression]), (262, 3, [photometric]),
        (277, 3, [samples]), (284, 3, [planar]),
    ]
    if fill_order == 2:
        entries.append((266, 3, [2]))
    if predictor != 1:
        entries.append((317, 3, [predictor]))
    if extra is not None:
        entries.append((338, 3, extra))
    if sample_format:
        entries.append((339, 3, [sample_format] * samples))
    if colours is not None:
        entries.append((320, 3, (colours.astype(int) * 257).T.reshape(-1).tolist()))
    wide = 16 if big else 4
    start = 16 if big else 8
    offsets, position = [], start
    for piece in pieces:
        offsets.append(position)
        position += len(piece) + len(piece) % 2
    if tile:
        entries += [(322, 4, [tile[0]]), (323, 4, [tile[1]]), (324, wide, offsets), (325, wide, [len(p) for p in pieces])]
    else:
        entries += [(273, wide, offsets), (278, 4, [rows]), (279, wide, [len(p) for p in pieces])]
    entries = sorted(entries + list(tags))
    body = b"".join(piece + b"\0" * (len(piece) % 2) for piece in pieces)
    letters = {1: "B", 2: "B", 3: "H", 4: "I", 7: "B", 16: "Q"}
    inline, count_letter, size_letter, entry_size = (8, "Q", "Q", 20) if big else (4, "I", "H", 12)
    ifd = struct.pack(order + size_letter, len(entries))
    after = position + len(ifd) + entry_size * len(entries) + inline
    late = b""
    for tag, kind, numbers in entries:
        data = struct.pack(f"{order}{len(numbers)}{letters[kind]}", *numbers)
        ifd += struct.pack(order + "HH" + count_letter, tag, kind, len(numbers))
        if len(data) <= inline:
            ifd += data.ljust(inline, b"\0")
        else:
            ifd += struct.pack(order + count_letter, after + len(late))
            late += data + b"\0" * (len(data) % 2)
    ifd += bytes(inline)
    mark = b"II" if order == "<" else b"MM"
    if big:
        head = mark + struct.pack(order + "HHHQ", 43, 8, 0, position)
    else:
        head = mark + struct.pack(order + "HI", 42, position)
    return head + body + ifd + late

"""Assembles WebP files from the frames that Pillow's encoder writes."""

import struct


def chunk(kind, data):
    return kind + struct.pack("<I", len(data)) + data + b"\0" * (len(data) % 2)


def riff(chunks):
    return b"RIFF" + struct.pack("<I", 4 + len(chunks)) + b"WEBP" + chunks


def three(number):
    return struct.pack("<I", number)[:3]


def pictures(still):
    """The ALPH and VP8/VP8L chunks of a still WebP file."""
    out, at = b"", 12
    while at < len(still):
        size = struct.unpack_from("<I", still, at + 4)[0]
        end = at + 8 + size + size % 2
        if still[at : at + 4] in (b"ALPH", b"VP8 ", b"VP8L"):
            out += still[at:end]
        at = end
    return out


def animation(width, height, frames, background=(0, 0, 0, 0), alpha=True):
    """`frames`: (still file, left, top, width, height, blend); left and top even."""
    out = chunk(b"VP8X", bytes([0x02 | (0x10 if alpha else 0), 0, 0, 0]) + three(width - 1) + three(height - 1))
    out += chunk(b"ANIM", bytes(background) + b"\0\0")
    for still, left, top, w, h, blend in frames:
        head = three(left // 2) + three(top // 2) + three(w - 1) + three(h - 1) + three(100)
        out += chunk(b"ANMF", head + bytes([0 if blend else 2]) + pictures(still))
    return riff(out)

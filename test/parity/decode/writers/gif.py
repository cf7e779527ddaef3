"""A GIF writer: palettes, interlace, frames smaller than the screen, transparency."""

import struct

from .bits import lzw


def palette_bits(colours):
    return max(1, (len(colours) - 1).bit_length())


def table(colours):
    size = 1 << palette_bits(colours)
    return colours.tobytes() + bytes(3 * (size - len(colours)))


def frame(pixels, left=0, top=0, local=None, interlace=False, transparent=None, disposal=0, code_bits=None):
    height, width = pixels.shape
    out = b""
    if transparent is not None or disposal:
        flags = disposal << 2 | (transparent is not None)
        out += b"!\xf9\x04" + struct.pack("<BHB", flags, 10, transparent or 0) + b"\0"
    flags = (0x80 | palette_bits(local) - 1 if local is not None else 0) | (0x40 if interlace else 0)
    out += b"," + struct.pack("<HHHHB", left, top, width, height, flags)
    if local is not None:
        out += table(local)
    if interlace:
        order = [y for start, step in ((0, 8), (4, 8), (2, 4), (1, 2)) for y in range(start, height, step)]
        pixels = pixels[order]
    bits = code_bits or max(2, int(pixels.max()).bit_length())
    packed = lzw(pixels.tobytes(), bits, lsb=True)
    blocks = b"".join(
        bytes([len(packed[i : i + 255])]) + packed[i : i + 255] for i in range(0, len(packed), 255)
    )
    return out + bytes([bits]) + blocks + b"\0"


def encode(width, height, frames, colours=None, background=0, version=b"89a"):
    flags = 0x80 | palette_bits(colours) - 1 if colours is not None else 0
    out = b"GIF" + version + struct.pack("<HHBBB", width, height, flags, background, 0)
    if colours is not None:
        out += table(colours)
    return out + b"".join(frames) + b";"

"""Bit packing that several of the writers need."""

import numpy as np


def pack_rows(values, bits, align=1):
    """Rows of small values packed high bits first, each row padded to `align` bytes."""
    rows = []
    for row in values:
        planes = [(row >> shift) & 1 for shift in range(bits - 1, -1, -1)]
        packed = np.packbits(np.stack(planes, axis=-1).astype(np.uint8).reshape(-1)).tobytes()
        rows.append(packed + b"\0" * (-len(packed) % align))
    return b"".join(rows)


def lzw(data, code_bits, lsb, early=0):
    """LZW as GIF (lsb, early 0) and TIFF (msb, early 1) know it, codes of 12 bits at most."""
    clear, end = 1 << code_bits, (1 << code_bits) + 1
    out, buffer, count = bytearray(), 0, 0

    def put(code, width):
        nonlocal buffer, count
        if lsb:
            buffer |= code << count
            count += width
            while count >= 8:
                out.append(buffer & 255)
                buffer >>= 8
                count -= 8
        else:
            buffer = (buffer << width) | code
            count += width
            while count >= 8:
                count -= 8
                out.append((buffer >> count) & 255)
            buffer &= (1 << count) - 1

    table = {bytes([i]): i for i in range(clear)}
    width, following, prefix = code_bits + 1, end + 1, b""
    put(clear, width)
    for value in data:
        longer = prefix + bytes([value])
        if longer in table:
            prefix = longer
            continue
        put(table[prefix], width)
        table[longer] = following
        following += 1
        if following + early > (1 << width) and width < 12:
            width += 1
        elif following >= 4094:
            put(clear, width)
            table = {bytes([i]): i for i in range(clear)}
            width, following = code_bits + 1, end + 1
        prefix = bytes([value])
    if prefix:
        put(table[prefix], width)
        following += 1
        if following + early > (1 << width) and width < 12:
            width += 1
    put(end, width)
    if count:
        out.append((buffer & 255) if lsb else (buffer << (8 - count)) & 255)
    return bytes(out)

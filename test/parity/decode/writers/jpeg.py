"""A baseline JPEG writer for what Pillow's cannot write: any sampling, colour coding and markers."""

import struct

import numpy as np

ZIGZAG = [
    0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5, 12, 19, 26, 33, 40, 48, 41, 34, 27, 20,
    13, 6, 7, 14, 21, 28, 35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51, 58, 59,
    52, 45, 38, 31, 39, 46, 53, 60, 61, 54, 47, 55, 62, 63,
]  # fmt: skip
# All codes of one table have the same length: no optimum, yet valid and short to write down.
DC_SYMBOLS = list(range(12))
AC_SYMBOLS = [0x00, 0xF0] + [run << 4 | size for run in range(16) for size in range(1, 11)]
DCT = np.array(
    [[(0.5 if k else 0.5**1.5) * np.cos((2 * n + 1) * k * np.pi / 16) for n in range(8)] for k in range(8)]
)


def ycc(rgb):
    r, g, b = (rgb[..., i].astype(np.float64) for i in range(3))
    y = 0.299 * r + 0.587 * g + 0.114 * b
    cb, cr = 128 + (b - y) / 1.772, 128 + (r - y) / 1.402
    return [np.clip(np.rint(p), 0, 255) for p in (y, cb, cr)]


def marker(code, payload=b""):
    return struct.pack(">BBH", 0xFF, code, len(payload) + 2) + payload


def adobe(transform):
    return marker(0xEE, b"Adobe" + struct.pack(">HHHB", 100, 0, 0, transform))


JFIF = marker(0xE0, b"JFIF\0" + struct.pack(">HBHHBB", 0x0101, 0, 1, 1, 0, 0))


class Bits:
    def __init__(self):
        self.out, self.buffer, self.count = bytearray(), 0, 0

    def put(self, value, width):
        self.buffer, self.count = self.buffer << width | value, self.count + width
        while self.count >= 8:
            self.count -= 8
            byte = self.buffer >> self.count & 255
            self.out += b"\xff\0" if byte == 255 else bytes([byte])
        self.buffer &= (1 << self.count) - 1

    def flush(self):
        if self.count:
            self.put((1 << (8 - self.count)) - 1, 8 - self.count)


def amplitude(bits, value):
    size = int(abs(value)).bit_length()
    return size, int(value if value >= 0 else value + (1 << size) - 1) & ((1 << size) - 1)


def encode(planes, sampling, head=JFIF, ids=None, quantum=6, restart=0, precision8=True, frame=0xC0):
    """`planes`: full-size float planes; `sampling`: (h, v) of each; returns the file."""
    height, width = planes[0].shape
    ids = ids or list(range(1, len(planes) + 1))
    hmax, vmax = max(h for h, _ in sampling), max(v for _, v in sampling)
    across, down = -(-width // (8 * hmax)), -(-height // (8 * vmax))
    blocks = []
    for plane, (h, v) in zip(planes, sampling):
        full = np.pad(plane, ((0, down * 8 * vmax - height), (0, across * 8 * hmax - width)), "edge")
        sy, sx = vmax // v, hmax // h
        small = full.reshape(full.shape[0] // sy, sy, full.shape[1] // sx, sx).mean((1, 3)) - 128
        grid = small.reshape(small.shape[0] // 8, 8, small.shape[1] // 8, 8).transpose(0, 2, 1, 3)
        coefficients = np.rint(DCT @ grid @ DCT.T / quantum).astype(int)
        blocks.append(coefficients.reshape(*grid.shape[:2], 64)[..., ZIGZAG])
    out = bytearray(b"\xff\xd8" + head)
    table = struct.pack("64B", *[quantum] * 64) if precision8 else struct.pack(">64H", *[quantum] * 64)
    out += marker(0xDB, bytes([0 if precision8 else 16]) + table)
    out += marker(frame, struct.pack(">BHHB", 8, height, width, len(planes))
                  + b"".join(bytes([i, h << 4 | v, 0]) for i, (h, v) in zip(ids, sampling)))
    out += marker(0xC4, b"\0" + bytes([0, 0, 0, 12] + [0] * 12) + bytes(DC_SYMBOLS))
    out += marker(0xC4, b"\x10" + bytes([0] * 7 + [162] + [0] * 8) + bytes(AC_SYMBOLS))
    if restart:
        out += marker(0xDD, struct.pack(">H", restart))
    out += marker(0xDA, bytes([len(planes)]) + b"".join(bytes([i, 0]) for i in ids) + b"\0\x3f\0")
    bits, last, count = Bits(), [0] * len(planes), 0
    for my in range(down):
        for mx in range(across):
            if restart and count and count % restart == 0:
                bits.flush()
                bits.out += bytes([0xFF, 0xD0 + (count // restart - 1) % 8])
                last = [0] * len(planes)
            count += 1
            for c, (h, v) in enumerate(sampling):
                if len(planes) == 1:
                    h = v = 1
                for by in range(v):
                    for bx in range(h):
                        block = blocks[c][my * v + by, mx * h + bx]
                        size, extra = amplitude(bits, block[0] - last[c])
                        last[c] = block[0]
                        bits.put(size, 4)
                        bits.put(extra, size)
                        run = 0
                        top = int(np.max(np.nonzero(block)[0], initial=0))
                        for k in range(1, top + 1):
                            if block[k] == 0:
                                run += 1
                                continue
                            while run > 15:
                                bits.put(AC_SYMBOLS.index(0xF0), 8)
                                run -= 16
                            size, extra = amplitude(bits, block[k])
                            bits.put(AC_SYMBOLS.index(run << 4 | size), 8)
                            bits.put(extra, size)
                            run = 0
                        if top < 63:
                            bits.put(0, 8)
    bits.flush()
    return bytes(out + bits.out + b"\xff\xd9")

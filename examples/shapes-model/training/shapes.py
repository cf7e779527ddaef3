"""Draws pictures of one shape each: any colours, places, sizes and turns, on noisy backgrounds."""

import io
import math
from collections.abc import Callable

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

Point = tuple[float, float]
# Drawn so much larger, then reduced: Pillow's own edges are jagged.
OVERSAMPLING = 3
LEAST_CONTRAST = 90


def draw(label: str, rng: np.random.Generator, widest: int = 400) -> Image.Image:
    """RGB, 120 to `widest` pixels wide, of any aspect ratio between 3:4 and 4:3."""
    width = int(rng.integers(120, widest))
    height = int(width * rng.uniform(0.75, 1.33))
    background, colour = _colours(rng)
    picture = _background(width, height, background, rng)
    mask = _mask(SHAPES[label], width, height, rng)
    picture.paste(colour, mask=mask)
    if rng.random() < 0.3:
        picture = picture.filter(ImageFilter.GaussianBlur(float(rng.uniform(0.3, 1.5))))
    noise = rng.normal(0, rng.uniform(0, 28), (height, width, 3))
    return Image.fromarray(np.clip(np.asarray(picture) + noise, 0, 255).astype(np.uint8))


def encode(picture: Image.Image, rng: np.random.Generator) -> bytes:
    """JPEG of some quality from 50 to 95."""
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=int(rng.integers(50, 96)))
    return out.getvalue()


def _colours(rng: np.random.Generator) -> tuple[np.ndarray, tuple[int, ...]]:
    """Any two that can be told apart by their brightness or by a channel."""
    while True:
        first, second = rng.integers(0, 256, (2, 3))
        if np.abs(first - second).max() >= LEAST_CONTRAST:
            return first, tuple(second.tolist())


def _background(width: int, height: int, colour: np.ndarray, rng: np.random.Generator) -> Image.Image:
    """A gradient, with a few thin lines that are no shape."""
    across = np.linspace(-1, 1, width)[None, :, None] * rng.uniform(-25, 25, 3)
    down = np.linspace(-1, 1, height)[:, None, None] * rng.uniform(-25, 25, 3)
    picture = Image.fromarray(np.clip(colour + across + down, 0, 255).astype(np.uint8))
    pen = ImageDraw.Draw(picture)
    for _ in range(rng.integers(0, 4)):
        ends = [(rng.uniform(0, width), rng.uniform(0, height)) for _ in range(2)]
        pen.line(ends, fill=tuple(rng.integers(0, 256, 3).tolist()), width=int(rng.integers(1, 3)))
    return picture


def _mask(shape: Callable, width: int, height: int, rng: np.random.Generator) -> Image.Image:
    """White where the shape is, of 35 to 85 % of the shorter side."""
    radius = min(width, height) * rng.uniform(0.18, 0.42)
    centre = (rng.uniform(radius, width - radius), rng.uniform(radius, height - radius))
    mask = Image.new("L", (width * OVERSAMPLING, height * OVERSAMPLING))
    pen = ImageDraw.Draw(mask)

    def place(points: list[Point], angle: float = rng.uniform(0, 2 * math.pi)) -> list[Point]:
        """Points of the unit circle, turned and moved to the picture."""
        sine, cosine = math.sin(angle), math.cos(angle)
        return [
            (
                (centre[0] + radius * (x * cosine - y * sine)) * OVERSAMPLING,
                (centre[1] + radius * (x * sine + y * cosine)) * OVERSAMPLING,
            )
            for x, y in points
        ]

    shape(pen, place, rng)
    return mask.resize((width, height), Image.Resampling.BOX)


def _regular(corners: int, radii: tuple[float, ...] = (1.0,)) -> list[Point]:
    """Corners on circles of the radii in turn."""
    return [
        (radii[i % len(radii)] * math.cos(angle), radii[i % len(radii)] * math.sin(angle))
        for i, angle in ((i, 2 * math.pi * i / corners) for i in range(corners))
    ]


def _disc(pen: ImageDraw.ImageDraw, place: Callable, radius: float, fill: int, at: Point = (0, 0)) -> None:
    points = [(at[0] + radius * x, at[1] + radius * y) for x, y in _regular(90)]
    pen.polygon(place(points), fill=fill)


def _circle(pen, place, rng) -> None:
    _disc(pen, place, 1, 255)


def _crescent(pen, place, rng) -> None:
    _disc(pen, place, 1, 255)
    _disc(pen, place, 0.9, 0, (rng.uniform(0.45, 0.7), 0))


def _cross(pen, place, rng) -> None:
    arm = rng.uniform(0.15, 0.3)
    for bar in ([(-1, -arm), (1, -arm), (1, arm), (-1, arm)], [(-arm, -1), (arm, -1), (arm, 1), (-arm, 1)]):
        pen.polygon(place(bar), fill=255)


def _ring(pen, place, rng) -> None:
    _disc(pen, place, 1, 255)
    _disc(pen, place, rng.uniform(0.45, 0.75), 0)


def _square(pen, place, rng) -> None:
    pen.polygon(place(_regular(4)), fill=255)


def _star(pen, place, rng) -> None:
    pen.polygon(place(_regular(10, (1.0, rng.uniform(0.36, 0.48)))), fill=255)


def _triangle(pen, place, rng) -> None:
    pen.polygon(place(_regular(3)), fill=255)


SHAPES: dict[str, Callable] = {
    "circle": _circle,
    "crescent": _crescent,
    "cross": _cross,
    "ring": _ring,
    "square": _square,
    "star": _star,
    "triangle": _triangle,
}
LABELS = tuple(SHAPES)

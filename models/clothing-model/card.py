"""Puts measured figures into the model card, README.md, between a section's two markers."""

from collections.abc import Iterable, Sequence
from pathlib import Path

CARD = Path(__file__).parent / "README.md"


def table(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A Markdown table; the first column is text, the others are numbers."""
    lines = [header, ["---"] + ["---:"] * (len(header) - 1), *rows]
    return "\n".join("| " + " | ".join(str(cell) for cell in line) + " |" for line in lines)


def fill_section(name: str, markdown: str) -> None:
    """Replaces what stands between `<!-- NAME -->` and `<!-- /NAME -->`.

    Raises ValueError where the card lacks one of the markers.
    """
    text = CARD.read_text(encoding="utf-8")
    begin, end = f"<!-- {name} -->", f"<!-- /{name} -->"
    if begin not in text or end not in text:
        raise ValueError(f"{CARD.name} has no section {begin} … {end}")
    before, rest = text.split(begin, 1)
    after = rest.split(end, 1)[1]
    CARD.write_text(f"{before}{begin}\n{markdown.strip()}\n{end}{after}", encoding="utf-8")

"""The parts that pages are made of: a head, and tables that never break on a bar in the text."""

from collections.abc import Iterable, Sequence
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent


def head(title: str, explained: str, source: str) -> str:
    """Return the beginning of a page; `source` is the file that it is made from."""
    return f"# {title}\n\n{explained}\n\nMade from `{source}` by `make reference`; changes belong there.\n"


def table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table."""
    lines = [columns, ["---"] * len(columns), *rows]
    return "\n".join("| " + " | ".join(cell(text) for text in line) + " |" for line in lines) + "\n"


def cell(text: str) -> str:
    """Return a text that fits in a table: one line, bars escaped."""
    return " ".join(text.split()).replace("|", "\\|")


def first_line(text: str | None) -> str:
    """Return the first paragraph of a docstring on one line."""
    return " ".join((text or "").strip().split("\n\n")[0].split())

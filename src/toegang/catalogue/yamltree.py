"""YAML text as a tree of nodes that know their place; made from the parser's events.

The library's own composer is not used: it recurses in C, so that a thousand brackets end the process,
and it follows aliases, with which a small file unfolds to a large one. Here depth is bounded and an
alias is a problem.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import yaml

if TYPE_CHECKING:
    from collections.abc import Iterator

DEEPEST = 16
"""A record never nests this deep."""

MEND = "mend the indentation or the quotes here"

_NULLS = frozenset({"", "~", "null", "Null", "NULL"})


@dataclass(frozen=True, slots=True)
class Scalar:
    """One value, as it was written; `null` when nothing was."""

    line: int
    column: int
    text: str
    null: bool


@dataclass(frozen=True, slots=True)
class Items:
    """A list."""

    line: int
    column: int
    nodes: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Pairs:
    """A mapping, in the order of the file, with keys that may stand there twice."""

    line: int
    column: int
    nodes: tuple[tuple[Node, Node], ...]


Node = Scalar | Items | Pairs


class NotYaml(Exception):
    """The text is not YAML, or more than is read here; line and column count from 1."""

    def __init__(self, what: str, line: int = 1, column: int = 1, remedy: str = MEND) -> None:
        """Say what is wrong, where, and how to mend it."""
        super().__init__(what)
        self.what = what
        self.remedy = remedy
        self.line = line
        self.column = column


def compose(text: str) -> Node | None:
    """Read one document; None when there is nothing in it.

    Raises:
        NotYaml: not YAML, two documents, nested too deep, or an alias.

    """
    try:
        events = yaml.parse(text, Loader=yaml.CSafeLoader)
        return _document(events)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        raise NotYaml(str(error.problem or error.context), line, column) from None
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        raise NotYaml(str(error.reason), line) from None


def _document(events: Iterator[yaml.Event]) -> Node | None:
    root: Node | None = None
    for event in events:
        if isinstance(event, yaml.DocumentStartEvent):
            if root is not None:
                raise _refusal(event, "a file holds one document", "make two files of it")
            root = _node(next(events), events, 0)
    return root


def _node(event: yaml.Event, events: Iterator[yaml.Event], depth: int) -> Node:
    line, column = _place(event)
    if depth > DEEPEST:
        raise _refusal(event, "this is nested too deep", "close the brackets")
    if isinstance(event, yaml.ScalarEvent):
        plain = event.style is None or event.style == ""
        return Scalar(line, column, event.value, plain and event.value in _NULLS)
    if isinstance(event, yaml.SequenceStartEvent):
        return Items(line, column, tuple(_until(yaml.SequenceEndEvent, events, depth)))
    if isinstance(event, yaml.MappingStartEvent):
        flat = list(_until(yaml.MappingEndEvent, events, depth))
        return Pairs(line, column, tuple(zip(flat[::2], flat[1::2], strict=True)))
    raise _refusal(event, "aliases (`*name`) are not read here", "write the value out again")


def _until(end: type[yaml.Event], events: Iterator[yaml.Event], depth: int) -> Iterator[Node]:
    for event in events:
        if isinstance(event, end):
            return
        yield _node(event, events, depth + 1)


def _place(event: yaml.Event) -> tuple[int, int]:
    mark = event.start_mark
    return (mark.line + 1, mark.column + 1) if mark else (1, 1)


def _refusal(event: yaml.Event, what: str, remedy: str) -> NotYaml:
    line, column = _place(event)
    return NotYaml(what, line, column, remedy)

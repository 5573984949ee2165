"""Reading the nodes of a file: values by key, each with its place, without guessing what they mean.

YAML would make a number of an OIN and a truth of the country code `no`; so every scalar is taken as it
was written, and the form of each key (forms.py) says what it must be.
"""

from __future__ import annotations

import difflib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

from toegang.catalogue import yamltree
from toegang.catalogue.problems import Place, Problem, Wrong
from toegang.catalogue.yamltree import Items, Node, NotYaml, Pairs, Scalar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Spot:
    """A node, the file it stands in, and where its problems go."""

    file: str
    node: Node
    problems: list[Problem] = field(repr=False)

    @property
    def place(self) -> Place:
        """Where the node begins."""
        return Place(file=self.file, line=self.node.line, column=self.node.column)

    def at(self, node: Node) -> Spot:
        """Return the spot of another node in the same file."""
        return Spot(self.file, node, self.problems)

    def complain(self, what: str, remedy: str) -> None:
        """Add a problem here."""
        self.problems.append(Problem(place=self.place, what=what, remedy=remedy))

    def attempt(self, read: Callable[[Spot], T]) -> T | None:
        """Read this node; what is wrong becomes a problem here, and the value None."""
        try:
            return read(self)
        except Wrong as wrong:
            self.complain(wrong.what, wrong.remedy)
            return None


@dataclass(frozen=True, slots=True)
class Keys:
    """What was read of a mapping: values by field, places by field, and whether anything was wrong."""

    values: dict[str, Any]
    places: dict[str, Place]
    sound: bool


def scalar(spot: Spot) -> str:
    """Return the text of a scalar as it was written.

    Raises:
        Wrong: a list, a mapping or nothing stands here.

    """
    node = spot.node
    if not isinstance(node, Scalar):
        message = "a list or mapping stands where one value belongs"
        raise Wrong(message, "write one value")
    if node.null:
        message = "there is no value here"
        raise Wrong(message, "write one, or leave the key out")
    return node.text


def items(spot: Spot) -> Iterator[Spot]:
    """Yield the spots of the items of a list.

    Raises:
        Wrong: something else stands here.

    """
    if not isinstance(spot.node, Items):
        message = "this must be a list"
        raise Wrong(message, "begin each item on a line of its own with `- `")
    for node in spot.node.nodes:
        yield spot.at(node)


def pairs(spot: Spot) -> Iterator[tuple[Spot, str, Spot]]:
    """Yield the key's spot, the key and the value's spot of each member of a mapping, each key once.

    Raises:
        Wrong: something else stands here.

    """
    if not isinstance(spot.node, Pairs):
        message = "this must be a mapping"
        raise Wrong(message, "write `key: value` lines")
    seen: dict[str, Place] = {}
    for key_node, value_node in spot.node.nodes:
        key_spot = spot.at(key_node)
        key = key_spot.attempt(scalar)
        if key is None:
            continue
        if key in seen:
            first = seen[key]
            key_spot.complain(f"`{key}` stands here twice, first on line {first.line}", "keep one of the two")
            continue
        seen[key] = key_spot.place
        yield key_spot, key, spot.at(value_node)


def keys(spot: Spot, known: Mapping[str, Callable[[Spot], object]], required: Iterable[str] = ()) -> Keys:
    """Read a mapping whose keys are known; a problem for each unknown, missing or unreadable one.

    Raises:
        Wrong: no mapping stands here.

    """
    before = len(spot.problems)
    values: dict[str, Any] = {}
    places: dict[str, Place] = {}
    present: set[str] = set()
    for key_spot, key, value_spot in pairs(spot):
        present.add(key)
        places[key] = value_spot.place
        if key not in known:
            key_spot.complain(f"unknown key `{key}`", _suggestion(key, tuple(known)))
            continue
        value = value_spot.attempt(known[key])
        if value is not None:
            values[key] = value
    for key in required:
        if key not in present:
            spot.complain(f"`{key}` is missing", f"add `{key}:`")
    return Keys(values, places, len(spot.problems) == before)


def compose(file: str, text: str, problems: list[Problem]) -> Spot | None:
    """Read YAML text to its root; a problem, and None, when it is not YAML or nothing is in it."""
    try:
        node = yamltree.compose(text)
    except NotYaml as error:
        place = Place(file=file, line=error.line, column=error.column)
        what = f"this is not YAML that can be read: {error.what}"
        problems.append(Problem(place=place, what=what, remedy=error.remedy))
        return None
    if node is None:
        place = Place(file=file)
        problems.append(Problem(place=place, what="the file is empty", remedy="fill it or remove it"))
        return None
    return Spot(file, node, problems)


def _suggestion(key: str, known: Sequence[str]) -> str:
    close = difflib.get_close_matches(key, known, n=1)
    return f"did you mean `{close[0]}`?" if close else f"known here are: {', '.join(known)}"

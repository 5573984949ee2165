"""The table of routes: from method and path to a handler, by one look per part of the path.

A template is a path whose parts are words, `{names}`, or a name with an ending as in `{figure}.svg`; a name
stands for what is not empty and has no slash. A word goes before a name, a longer ending before a shorter.
Nothing is ever redirected to a path with or without a slash: that would lead to whatever host the request
names (security line L15).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from toegang.web.routes import Handler


@dataclass(frozen=True, slots=True)
class Found:
    """A handler and what the names in its template stand for; without one, the methods that the path has."""

    handler: Handler | None = None
    template: str = ""
    names: tuple[str, ...] = ()
    values: Mapping[str, str] = field(default_factory=dict)
    allowed: tuple[str, ...] = ()


NOTHING = Found()


class Table:
    """All routes; `under` are handlers of everything below a path that ends in a slash, by GET."""

    def __init__(
        self, routes: Iterable[tuple[str, str, Handler]], under: Mapping[str, Handler] | None = None
    ) -> None:
        """Lay out the routes; of two with one method and template the first counts."""
        self._plain: dict[str, dict[str, Found]] = {}
        self._named = _Branch()
        self._under: dict[str, dict[str, Found]] = {}
        self._deepest = 0
        for method, template, handler in routes:
            named = "{" in template
            self._deepest = max(self._deepest, template.count("/") + 1)
            ends = self._named.grow(template) if named else self._plain.setdefault(template, {})
            _put(ends, method, Found(handler, template, _names(template)))
        for place, handler in (under or {}).items():
            _put(self._under.setdefault(place, {}), "GET", Found(handler, place))

    def find(self, method: str, path: str) -> Found:
        """Find the handler."""
        values: list[str] = []
        ends = self._plain.get(path) or self._named.follow(path.split("/"), 0, values) or self._below(path)
        if not ends:
            return NOTHING
        found = ends.get(method)
        if found is None:
            return Found(allowed=tuple(sorted(ends)))
        if not values:
            return found
        return Found(found.handler, found.template, found.names, dict(zip(found.names, values, strict=True)))

    def readable(self, path: str) -> str:
        """Return the nearest address that can be read, here or above; forms may go to one that cannot.

        Anybody can send a path of some ten thousand parts: what is deeper than any address of ours is passed
        over at once.
        """
        if self.find("GET", path).handler is None:
            path = "/".join(path.split("/", self._deepest)[: self._deepest])
        while path.strip("/") and self.find("GET", path).handler is None:
            path = path.rpartition("/")[0]
        return path if path.strip("/") else "/"

    def _below(self, path: str) -> dict[str, Found]:
        return next((ends for place, ends in self._under.items() if path.startswith(place)), {})


class _Branch:
    """What may follow after one part of a path: words, and names by their ending."""

    __slots__ = ("ends", "names", "words")

    def __init__(self) -> None:
        self.words: dict[str, _Branch] = {}
        self.names: list[tuple[str, _Branch]] = []
        self.ends: dict[str, Found] = {}

    def grow(self, template: str) -> dict[str, Found]:
        """Return where `template` ends, made where it is missing."""
        branch = self
        for part in template.split("/"):
            _, brace, ending = part.rpartition("}")
            branch = branch.named(ending) if brace else branch.words.setdefault(part, _Branch())
        return branch.ends

    def named(self, ending: str) -> _Branch:
        """Return the branch of names with this ending, made where it is missing."""
        known = dict(self.names)
        branch = known.setdefault(ending, _Branch())
        self.names = sorted(known.items(), key=lambda pair: -len(pair[0]))
        return branch

    def follow(self, parts: list[str], at: int, values: list[str]) -> dict[str, Found]:
        """Return where `parts` end, with the parts that names stand for added to `values`."""
        if at == len(parts):
            return self.ends
        part = parts[at]
        word = self.words.get(part)
        if word is not None and (ends := word.follow(parts, at + 1, values)):
            return ends
        for ending, name in self.names:
            value = part.removesuffix(ending)
            if not value or not part.endswith(ending):
                continue
            values.append(value)
            if ends := name.follow(parts, at + 1, values):
                return ends
            values.pop()
        return {}


def _put(ends: dict[str, Found], method: str, found: Found) -> None:
    for each in (method, "HEAD") if method == "GET" else (method,):  # RFC9110-9.3.2
        ends.setdefault(each, found)


def _names(template: str) -> tuple[str, ...]:
    return tuple(part.partition("}")[0][1:] for part in template.split("/") if part.startswith("{"))

"""Services found by what they are called: those at which people act for another, kept up change by change.

A look costs what it finds, and a look through the words of names (200 kB where there are 40,000 services);
never a look through services.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING, Final

import msgspec

from toegang.catalogue.grouped import Grouped, admits

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from toegang.catalogue.grouped import Read

    Changed = Iterable[tuple[bytes | None, bytes | None]]

MOST_WORDS: Final = 100
"""Words of names that one typed word is looked for in; who types less than it takes types more."""

_MANY: Final = 500
"""Words that one change has at most; with more of them all are put in order again."""

_WORD: Final = re.compile(r"\w+")
_BREAK: Final = "\n"


class _Names(msgspec.Struct, frozen=True, gc=False):
    nl: str
    en: str


class _Called(msgspec.Struct, frozen=True, gc=False):
    id: str
    names: _Names


_CALLED: Final = msgspec.json.Decoder(_Called)
_NOTHING: Final = ("", frozenset[str]())


def words_of(text: str) -> list[str]:
    """Return the words of a text as they are compared."""
    return _WORD.findall(text.casefold())


@dataclass(frozen=True, slots=True)
class Named:
    """Ids under words; `words` are all of them in order, one on each line, with a break at both ends."""

    under: Grouped = field(default_factory=Grouped)
    words: str = _BREAK
    order: tuple[str, ...] = ()

    def apply(self, changed: Changed, read: Read) -> Named:
        """Return it after records changed, each from its body before to that after."""
        bodies = list(changed)
        under = self.under.apply(bodies, read)
        if under is self.under:
            return self
        touched = {word for pair in bodies for body in pair if body is not None for word in read(body)[1]}
        if len(touched) > _MANY:
            order = tuple(sorted(under.groups))
            return Named(under, _BREAK + _BREAK.join(order) + _BREAK, order)
        return self._with_few(under, touched)

    def _with_few(self, under: Grouped, touched: set[str]) -> Named:
        """Return it with a few words put in or taken out: the others stay where they are."""
        order, words = list(self.order), self.words
        for word in touched:
            place = bisect_left(order, word)
            if word in under.groups and word not in self.under.groups:
                after = (
                    len(words) if place == len(order) else words.index(f"{_BREAK}{order[place]}{_BREAK}") + 1
                )
                words = f"{words[:after]}{word}{_BREAK}{words[after:]}"
                order.insert(place, word)
            elif word in self.under.groups and word not in under.groups:
                words = words.replace(f"{_BREAK}{word}{_BREAK}", _BREAK, 1)
                del order[place]
        return Named(under, words, tuple(order))

    def all(self) -> Iterator[str]:
        """Yield all ids, in the order of their words."""
        for word in self.order:
            yield from self.under.groups[word]

    def with_part(self, part: str) -> list[Sequence[str]]:
        """Return the ids under the words with this in it: those that begin with it first."""
        begin = bisect_left(self.order, part)
        found: dict[str, None] = {}
        for word in islice(self.order, begin, begin + MOST_WORDS):
            if not word.startswith(part):
                break
            found[word] = None
        place = self.words.find(part)
        while place >= 0 and len(found) < MOST_WORDS:
            ends = self.words.index(_BREAK, place)
            found[self.words[self.words.rindex(_BREAK, 0, place) + 1 : ends]] = None
            place = self.words.find(part, ends)
        return [self.under.groups[word] for word in found]


@dataclass(frozen=True, slots=True)
class Findable:
    """Services by title and by words, and organisations by words."""

    titles: Named = field(default_factory=Named)
    services: Named = field(default_factory=Named)
    owners: Named = field(default_factory=Named)

    def apply(self, services: Changed, organisations: Changed) -> Findable:
        """Return it after these changed."""
        changed = list(services)
        return Findable(
            self.titles.apply(changed, _by_title),
            self.services.apply(changed, _by_word),
            self.owners.apply(organisations, _by_own_word),
        )


def _by_title(body: bytes) -> tuple[str, frozenset[str]]:
    if not admits(body):
        return _NOTHING
    found = _CALLED.decode(body)
    return found.id, frozenset({" ".join(words_of(found.names.nl))})


def _by_word(body: bytes) -> tuple[str, frozenset[str]]:
    return _by_own_word(body) if admits(body) else _NOTHING


def _by_own_word(body: bytes) -> tuple[str, frozenset[str]]:
    found = _CALLED.decode(body)
    return found.id, frozenset(words_of(f"{found.names.nl} {found.names.en}"))

"""Decide: who may act for whom at a service, as values and rules; register.py asks the stores.

1. The rules of the service in force; without any, nobody acts for another there.
2. The level: the highest of what is asked, the service's own and what acting for another needs. A login
   below it is stepped up before anything about anybody else is looked at.
3. The candidates are paths: kept edges, what the law gives, and chains of these through organisations.
4. Each is judged (judging.py); of those that hold one is chosen in a fixed order.
5. What comes out is the lowest level, the intersection of the restrictions, the earliest end.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeVar

from toegang.catalogue.representation import EdgeKind
from toegang.mandates.answerable import ANYTHING
from toegang.mandates.judging import against, left
from toegang.mandates.link import met_on, whole, with_all
from toegang.mandates.why import Why

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from toegang.assurance import Level
    from toegang.catalogue.values import Service
    from toegang.mandates.answerable import Answerable
    from toegang.mandates.judging import Grounds
    from toegang.mandates.link import Link, Path
    from toegang.mandates.party import Party, PartyId
    from toegang.mandates.scope import Restriction

T = TypeVar("T")

_PRECEDENCE = list(EdgeKind)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asker:
    """Who wants to act at which service: proven at `authenticated`; the service asked `requested`.

    Of paths that let them act the one counts that is `answerable`.
    """

    actor: PartyId
    authenticated: Level
    service: Service
    requested: Level
    answerable: Answerable = ANYTHING

    def level_at(self, now: datetime) -> Level:
        """§3.5.1: return the level at which somebody acts for another here."""
        own = max(self.requested, self.service.level_at(now))
        return own if self.service.representation is None else max(own, self.service.representation.use)


@dataclass(frozen=True, slots=True, kw_only=True)
class StepUp:
    """The login is too low for acting for anybody here; `level` is what it takes. Nobody was looked at."""

    level: Level


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """Nobody acts by this: `whys` is for the person who asked. A service learns that it was refused."""

    whys: tuple[Why, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Permit:
    """Who may act for whom, by which path, at which level, within what, until when (None: no end known).

    `parties` are all on the path, as they were looked at.
    """

    principal: PartyId
    path: Path
    level: Level
    restriction: Restriction
    until: datetime | None
    parties: tuple[Party, ...]

    @property
    def basis(self) -> tuple[str, ...]:
        """Name the authorities on the path, from whoever acts to who is represented."""
        return tuple(link.basis for link in self.path)


Decision = Permit | StepUp | Refused


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed(Generic[T]):
    """A page of answers, which may be short; the next begins after `after`, None when this is the last."""

    found: tuple[T, ...]
    after: PartyId | None


def chosen(paths: Iterable[Path], grounds: Grounds, authenticated: Level) -> Permit | Refused:
    """P1, P17: judge every path, and return the first of those that hold; what is against them all, else.

    The law comes before what people gave, in the order of EdgeKind; then direct before a chain, short before
    long, new before old. The ids settle the rest, so that the same world gives the same answer.
    """
    judged = [(path, against(path, grounds)) for path in paths]
    good = sorted((path for path, why in judged if why is None), key=_order)
    if good:
        return permit(good[0], grounds, authenticated)
    whys = {why for _, why in judged if why is not None} or {Why.NO_AUTHORITY}
    return Refused(whys=tuple(why for why in Why if why in whys))


def permit(path: Path, grounds: Grounds, authenticated: Level) -> Permit:
    """P1, P2: return what a path gives: never more than its narrowest, lowest and shortest link."""
    links = with_all(path)
    # P1: what a mandate to who helps people is worth is for the service to say, also afterwards.
    helped = any(link.kind is EdgeKind.HELPER for link in links)
    most = (grounds.rules.helper_level,) if helped else ()
    ends = [link.until for link in links if link.until is not None]
    return Permit(
        principal=path[-1].principal,
        path=path,
        level=min(authenticated, *most, *(link.worth for link in links)),
        restriction=left(path),
        until=min(ends, default=None),
        parties=tuple(grounds.parties[each] for each in sorted(met_on(path))),
    )


def _order(path: Path) -> tuple[object, ...]:
    far = path[-1]
    rank = _PRECEDENCE.index(far.kind) if far.by_law else len(_PRECEDENCE)
    began = max((link.from_.timestamp() for link in path if link.from_ is not None), default=0.0)
    return rank, len(path), -began, tuple(_name(link) for link in path), tuple(map(_name, whole(path)))


def _name(link: Link) -> tuple[str, ...]:
    return str(link.edge or ""), link.basis, str(link.agent), str(link.principal)

"""Drafts: a mandate on its way through the pages that make it, kept for who began it and for nobody else."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Final

from toegang.catalogue.representation import EdgeKind
from toegang.errors import LoginExpired, OneTimeGone, Refusal
from toegang.mandates.edge import EdgeId
from toegang.mandates.finding import Found
from toegang.mandates.party import PartyId
from toegang.mandates.scope import UNRESTRICTED, WIDE, Restriction, Scope

if TYPE_CHECKING:
    from collections.abc import Callable

    from toegang.ids import Ids
    from toegang.units import Expiring, Unit, Units

LIVES: Final = timedelta(hours=1)
MOST_SERVICES: Final = 50
MOST_OTHERS: Final = 10
"""Who get the same at once."""
MOST_LISTED: Final = 200
"""Whom an organisation asks the same at once, by a list."""

BROKEN_OFF: Final = timedelta(minutes=1)
"""After so long nobody who began to ask still does: it was broken off."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Other:
    """Somebody on the other side; of an organisation its employees act.

    `ending` is the end of the number that stood on a list.
    """

    found: Found
    to_organisation: bool = False
    ending: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What was chosen until now: by whom, in which session, with whom, for what (keys of scopes), until when.

    `more` are those who get the same besides `other`, each by a mandate of their own.

    `begins` is the first day; None: at once.

    With `asking` the other side is to be represented, else they are to act. `renews` is the id of the mandate
    that it follows up. `kind` and `to_organisation` follow from who the two are. With `later` what is wider
    than single services also reaches those that come later. With `grants` who acts may give it on; `on` is
    the mandate that is given on. `restriction` is what may be done there.

    `listed` are those whom an organisation asks by a list, `other` first. `asked` is what became of the first
    of them: why not, or empty. Since `taken_at` they are being asked, by one go.
    """

    by: PartyId
    session: str
    asking: bool
    other: Found
    begun_at: datetime
    scopes: tuple[str, ...] = ()
    until: date | None = None
    renews: EdgeId | None = None
    later: bool = False
    kind: EdgeKind = EdgeKind.VOLUNTARY
    to_organisation: bool = False
    grants: bool = False
    on: EdgeId | None = None
    begins: date | None = None
    restriction: Restriction = UNRESTRICTED
    more: tuple[Other, ...] = ()
    listed: tuple[Other, ...] = ()
    asked: tuple[str, ...] = ()
    taken_at: datetime | None = None

    @property
    def others(self) -> tuple[Other, ...]:
        """Everybody on the other side, in the order in which they were chosen."""
        if self.listed:
            return self.listed
        return (Other(found=self.other, to_organisation=self.to_organisation), *self.more)

    def is_busy(self, now: datetime) -> bool:
        """Tell whether somebody on its list is being asked now, as far as can be told."""
        return self.taken_at is not None and now < self.taken_at + BROKEN_OFF

    def may_be_several(self) -> bool:
        """Tell whether others can get the same: what is asked, given on or followed up is with one."""
        return not self.asking and self.on is None and self.renews is None

    def with_other(self, other: Other) -> Draft:
        """Return it with one more, up to ten; who was chosen or typed before counts once.

        L03: nothing but what was typed is compared, so that a number never tells whose it is.
        """
        known = any(each.found.nobody == other.found.nobody for each in self.others)
        full = len(self.others) >= MOST_OTHERS
        return self if known or full or not self.may_be_several() else replace(self, more=(*self.more, other))

    def without(self, place: int) -> Draft:
        """Return it without the one at this place, as long as somebody is left."""
        left = [other for at, other in enumerate(self.others) if at != place]
        if not left:
            return self
        return replace(
            self, other=left[0].found, to_organisation=left[0].to_organisation, more=tuple(left[1:])
        )

    def meant(self, now: datetime) -> tuple[Scope, ...]:
        """Return for what it is, begun now: what is wide is frozen as it is now, unless it is to grow."""
        scopes = map(Scope.parse, self.scopes)
        return tuple(
            replace(each, as_of=now) if each.kind in WIDE and not self.later else each for each in scopes
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Drafts:
    """Keeps drafts; the id of one is a secret of its session."""

    units: Units
    ids: Ids
    store: Expiring[Draft]

    async def begin(self, draft: Draft, now: datetime) -> str:
        """Keep a draft for an hour; return its id."""
        id_ = self.ids.token()
        async with self.units.begin() as unit:
            await self.store.add(unit, id_, draft, now + LIVES, now)
        return id_

    async def find(self, id_: str, by: PartyId, session: str, now: datetime) -> Draft:
        """Return a draft of this person in this session.

        Raises:
            LoginExpired: there is none, or it took too long; or it is somebody else's, never said which.

        """
        kept = await self.store.find(id_, now)
        if kept is None or (kept.by, kept.session) != (by, session):
            raise LoginExpired
        return kept

    async def change(self, id_: str, now: datetime, change: Callable[[Draft], Draft]) -> Draft:
        """Put what was chosen into a draft that was found.

        Raises:
            LoginExpired: it is gone.

        """
        async with self.units.begin() as unit:
            kept = await self.store.change(unit, id_, now, change)
        if kept is None or isinstance(kept, Refusal):
            raise LoginExpired
        return kept

    async def take(self, id_: str, now: datetime) -> Draft | None:
        """Take a draft of a list to ask what is left of it; None when another tab did, or nothing is left.

        What was broken off is taken again once nobody can still be at it.
        """

        def taken(kept: Draft) -> Draft | Refusal:
            over = kept.is_busy(now) or len(kept.asked) == len(kept.listed)
            return OneTimeGone() if over else replace(kept, taken_at=now)

        async with self.units.begin() as unit:
            kept = await self.store.change(unit, id_, now, taken)
        return None if isinstance(kept, Refusal) else kept

    async def went_on(self, unit: Unit, id_: str, taken: Draft, word: str, now: datetime) -> None:
        """Put down what became of the next on a list, in the unit in which it did.

        Raises:
            OneTimeGone: another go has it by now, so this one does nothing.

        """

        def further(kept: Draft) -> Draft | Refusal:
            mine = (kept.taken_at, len(kept.asked)) == (taken.taken_at, len(taken.asked))
            return replace(kept, asked=(*kept.asked, word)) if mine else OneTimeGone()

        if not isinstance(await self.store.change(unit, id_, now, further), Draft):
            raise OneTimeGone

    async def drop(self, id_: str) -> None:
        """Forget a draft of which a mandate was made."""
        async with self.units.begin() as unit:
            await self.store.drop(unit, id_)

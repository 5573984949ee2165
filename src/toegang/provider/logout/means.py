"""Means of other parties in a logout: told like every participant, and heard when they log somebody out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from toegang.errors import UnknownParty
from toegang.means.external.sessions import is_told
from toegang.provider.logout.leave import Begun, Wish
from toegang.provider.logout.records import ReturnTo, Way
from toegang.provider.logout.tellers import Participant, Visit

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from toegang.catalogue.values import AdmittedMeans, MeansId, Text
    from toegang.catalogue.watch import Catalogue
    from toegang.means.external.sessions import Farewell, ForeignSessions, Known
    from toegang.provider.grants import Grant
    from toegang.provider.logout.leave import Logouts

PREFIX = "means"


class Foreign(Protocol):
    """A kind of means with sessions of its own."""

    async def farewell(self, admission: AdmittedMeans, known: Known, now: datetime) -> Farewell:
        """Write a request to log out there.

        Raises:
            ToegangError: it cannot be written.

        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class MeansTeller:
    """Knows the means on whose sessions ours rest (provider.logout.tellers.Teller); `kinds` by their word."""

    catalogue: Catalogue
    sessions: ForeignSessions
    kinds: Mapping[str, Foreign]

    def participant(self, grant: Grant, now: datetime) -> Participant | None:  # noqa: ARG002 a teller's question
        """Say by which means somebody logged in, where its admission says that it is told."""
        proven = grant.proven
        if not proven.elsewhere:
            return None
        admission = self.catalogue.current.means(proven.means)
        told = admission is not None and is_told(admission) and admission.kind in self.kinds
        key = f"{PREFIX}:{proven.elsewhere}"
        return Participant(key=key, party=proven.means, way=Way.FRONT if told else Way.NONE)

    def name(self, party: str) -> Text | None:
        """Return what the means is called."""
        admission = self.catalogue.current.means(party)  # type: ignore[arg-type]
        return admission.names if admission else None

    async def visit(self, key: str, now: datetime) -> Visit:
        """Write the request by the protocol of the means.

        Raises:
            ToegangError: it cannot be written.

        """
        means, known = await self.sessions.open(key.partition(":")[2], now)
        admission = self.catalogue.current.means(means)
        if admission is None:
            message = "the means is gone from the catalogue"
            raise UnknownParty(message)
        farewell = await self.kinds[admission.kind].farewell(admission, known, now)
        return Visit(request=farewell.request, location=farewell.location, fields=farewell.fields)


@dataclass(frozen=True, slots=True, kw_only=True)
class EndedElsewhere:
    """What a party that logged somebody in says of it later: that it ended (S27)."""

    party: str
    means: MeansId
    name: str
    indexes: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MeansEndings:
    """Ends what rests on sessions elsewhere, when the party itself says that these ended."""

    sessions: ForeignSessions
    logouts: Logouts

    async def end(self, ended: EndedElsewhere, now: datetime, back: ReturnTo, browser: str) -> Begun | None:
        """End our sessions; None when none rests on it. Also a login that is under way comes to nothing.

        `back` is how the party is answered; `browser` the hash of the secret of the browser that brought
        it, empty from a server.
        """
        tokens = await self.sessions.find(ended.party, ended.name, ended.indexes, now)
        ours: set[str] = set()
        async with self.logouts.units.begin() as unit:
            found: set[str] = set()
            for token in tokens:
                found.update(await self.logouts.sessions.over_elsewhere(unit, token, now))
            ours = found
        if not tokens:
            return None
        wish = Wish(sessions=frozenset(ours), asked_by=ended.means, back=back, browser=browser)
        return await self.logouts.begin(wish, now)

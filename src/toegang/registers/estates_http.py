"""The register of estates over HTTP, as docs/protocols/authority-registers.md describes it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import msgspec

from toegang.identity.numbers import Bsn
from toegang.registers.estates import Authorised, Certificate, Choice, Estate, Executor, Kin, Kinship, Will
from toegang.registers.spoken import (
    PartyBody,
    Register,
    day,
    holder_of,
    listed,
    moment,
    period,
    reference,
    understood,
)

if TYPE_CHECKING:
    from datetime import datetime

    from toegang.clock import Clock
    from toegang.outbound.client import Outbound, Response
    from toegang.registers.spoken import Held, Holder

PARTY: Final = "estate-register"
MOST_NEEDED: Final = 10


class KinBody(msgspec.Struct, frozen=True, rename="camel"):
    """One heir in an answer."""

    party: PartyBody
    kinship: str
    choice: str
    deceased_on: str | None = None
    in_place_of: PartyBody | None = None


class ExecutorBody(msgspec.Struct, frozen=True, rename="camel"):
    """One executor in an answer."""

    party: PartyBody
    since: str
    until: str | None = None
    court: bool = False
    deceased_on: str | None = None


class CertificateBody(msgspec.Struct, frozen=True):
    """The certificate in an answer."""

    number: str
    issued: str
    heirs: list[PartyBody]
    withdrawn: bool = False


class AuthorisedBody(msgspec.Struct, frozen=True):
    """One who was authorised, in an answer."""

    party: PartyBody
    services: list[str]
    since: str
    number: str
    until: str | None = None


class EstateBody(msgspec.Struct, frozen=True, rename="camel"):
    """One estate in an answer; what is not named here is not read."""

    deceased: str
    died_on: str
    will: str
    kin: list[KinBody]
    executors: list[ExecutorBody]
    executors_needed: int
    authorised: list[AuthorisedBody]
    certificate: CertificateBody | None = None
    division_undone: bool = False
    settled_on: str | None = None
    disputed: bool = False
    recorded_at: str | None = None


class AnswerBody(msgspec.Struct, frozen=True):
    """An answer: no estate or one."""

    estates: list[EstateBody]


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpEstates:
    """Asks the register at `url`; the bearer `secret` proves us, empty where the connection does."""

    outbound: Outbound
    clock: Clock
    url: str
    secret: str = field(repr=False)

    async def find(self, bsn: Bsn) -> Estate | None:
        """Find what this person left.

        Raises:
            Unavailable: the register does not answer, or not in its own form.

        """
        response = await self._register.ask("find", {"bsn": bsn.digits})
        return read(response, bsn, self.url, self.clock.now())

    async def held_by(self, holder: Holder, after: str, most: int) -> Held:
        """Return at most so many of the dead in whose estates `holder` is registered.

        Raises:
            Unavailable: as `find`.

        """
        return await self._register.held_by(holder, after, most)

    @property
    def _register(self) -> Register:
        return Register(outbound=self.outbound, party=PARTY, url=self.url, secret=self.secret)


def read(response: Response, bsn: Bsn, source: str, now: datetime) -> Estate | None:
    """Read an answer about one of the dead strictly.

    Raises:
        Unavailable: another status, not the agreed form, or about another person.

    """

    def one_of(body: AnswerBody) -> Estate | None:
        if not body.estates:
            return None
        (found,) = body.estates
        estate = _estate(found, source, now)
        _check(estate, bsn)
        return estate

    return understood(response, PARTY, AnswerBody, one_of)


def _check(estate: Estate, asked: Bsn) -> None:
    heirs = [each.party for each in estate.kin]
    executing = [(each.party, each.since) for each in estate.executors]
    authorised = [(each.party, each.since) for each in estate.authorised]
    acting = dict(executing + authorised)
    if (
        estate.deceased != asked
        or estate.deceased in heirs
        or estate.deceased in acting
        or len(set(heirs)) != len(heirs)
        or not 1 <= estate.executors_needed <= MOST_NEEDED
        or any(since < estate.died_on for _, since in executing + authorised)
        or (estate.settled_on is not None and estate.settled_on <= estate.died_on)
        or (estate.certificate is not None and estate.certificate.issued < estate.died_on)
    ):
        message = "an estate that cannot be, or of another person"
        raise ValueError(message)


def _estate(body: EstateBody, source: str, now: datetime) -> Estate:
    return Estate(
        deceased=Bsn.parse(body.deceased),
        died_on=day(body.died_on),
        will=Will(body.will),
        kin=listed(body.kin, _kin),
        executors=listed(body.executors, _executor),
        executors_needed=body.executors_needed,
        certificate=None if body.certificate is None else _certificate(body.certificate),
        authorised=listed(body.authorised, _authorised),
        as_of=now,
        source=source,
        division_undone=body.division_undone,
        settled_on=None if body.settled_on is None else day(body.settled_on),
        disputed=body.disputed,
        recorded_at=moment(body.recorded_at),
    )


def _kin(body: KinBody) -> Kin:
    party = holder_of(body.party)
    in_place_of = None if body.in_place_of is None else holder_of(body.in_place_of)
    if party == in_place_of:
        message = "nobody stands in their own place"
        raise ValueError(message)
    return Kin(
        party=party,
        kinship=Kinship(body.kinship),
        choice=Choice(body.choice),
        deceased_on=None if body.deceased_on is None else day(body.deceased_on),
        in_place_of=in_place_of,
    )


def _executor(body: ExecutorBody) -> Executor:
    since, until = period(body.since, body.until)
    died = None if body.deceased_on is None else day(body.deceased_on)
    return Executor(party=holder_of(body.party), since=since, until=until, court=body.court, deceased_on=died)


def _certificate(body: CertificateBody) -> Certificate:
    heirs = frozenset(listed(body.heirs, holder_of))
    return Certificate(
        number=reference(body.number), issued=day(body.issued), heirs=heirs, withdrawn=body.withdrawn
    )


def _authorised(body: AuthorisedBody) -> Authorised:
    since, until = period(body.since, body.until)
    services = frozenset(listed(body.services, reference))
    if not services:
        message = "authorised for nothing"
        raise ValueError(message)
    return Authorised(
        party=holder_of(body.party),
        services=services,
        since=since,
        until=until,
        number=reference(body.number),
    )

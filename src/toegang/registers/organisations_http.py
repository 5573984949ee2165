"""The trade register over HTTP, as docs/protocols/authority-registers.md describes it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import msgspec

from toegang.identity.numbers import BRANCH_LENGTH, KvkNumber, Rsin
from toegang.registers.organisations import (
    Branch,
    LegalForm,
    Official,
    Proxy,
    RegisteredOrganisation,
    Representing,
    Role,
    Standing,
)
from toegang.registers.spoken import (
    PartyBody,
    Register,
    day,
    holder_of,
    listed,
    moment,
    name,
    period,
    understood,
)

if TYPE_CHECKING:
    from datetime import datetime

    from toegang.clock import Clock
    from toegang.outbound.client import Outbound, Response
    from toegang.registers.spoken import Held, Holder

PARTY: Final = "trade-register"
MOST_NEEDED: Final = 50
LARGEST_AMOUNT: Final = 10**14  # eurocents


class OfficialBody(msgspec.Struct, frozen=True):
    """One official in an answer."""

    party: PartyBody
    role: str
    representing: str
    since: str
    until: str | None = None
    needed: int | None = None
    most: int | None = None


class ProxyBody(msgspec.Struct, frozen=True):
    """One proxy in an answer."""

    party: PartyBody
    full: bool
    since: str
    until: str | None = None
    most: int | None = None
    branch: str | None = None


class BranchBody(msgspec.Struct, frozen=True):
    """One branch in an answer."""

    number: str
    name: str
    main: bool = False


class OrganisationBody(msgspec.Struct, frozen=True, rename="camel"):
    """One organisation in an answer; what is not named here is not read."""

    kvk: str
    name: str
    form: str
    registered_on: str
    standing: str
    standing_since: str
    officials: list[OfficialBody]
    proxies: list[ProxyBody]
    branches: list[BranchBody]
    rsin: str | None = None
    into: str | None = None
    disputed: bool = False
    recorded_at: str | None = None


class AnswerBody(msgspec.Struct, frozen=True):
    """An answer: no organisation or one."""

    organisations: list[OrganisationBody]


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpOrganisations:
    """Asks the register at `url`; the bearer `secret` proves us, empty where the connection does."""

    outbound: Outbound
    clock: Clock
    url: str
    secret: str = field(repr=False)

    async def find(self, kvk: KvkNumber) -> RegisteredOrganisation | None:
        """Find the organisation with this number.

        Raises:
            Unavailable: the register does not answer, or not in its own form.

        """
        response = await self._register.ask("find", {"kvk": kvk.digits})
        return read(response, kvk, self.url, self.clock.now())

    async def held_by(self, holder: Holder, after: str, most: int) -> Held:
        """Return at most so many of the organisations in which `holder` is registered.

        Raises:
            Unavailable: as `find`.

        """
        return await self._register.held_by(holder, after, most)

    @property
    def _register(self) -> Register:
        return Register(outbound=self.outbound, party=PARTY, url=self.url, secret=self.secret)


def read(response: Response, kvk: KvkNumber, source: str, now: datetime) -> RegisteredOrganisation | None:
    """Read an answer about one organisation strictly.

    Raises:
        Unavailable: another status, not the agreed form, or about another organisation.

    """

    def one_of(body: AnswerBody) -> RegisteredOrganisation | None:
        if not body.organisations:
            return None
        (told,) = body.organisations
        found = _organisation(told, source, now)
        _check(found, kvk)
        return found

    return understood(response, PARTY, AnswerBody, one_of)


def _check(found: RegisteredOrganisation, asked: KvkNumber) -> None:
    branches = [each.number for each in found.branches]
    acting = {each.party for each in found.officials} | {each.party for each in found.proxies}
    if (
        found.kvk != asked
        or found.into == asked
        or asked in acting
        or len(set(branches)) != len(branches)
        or any(each.branch is not None and each.branch not in branches for each in found.proxies)
        or found.standing_since < found.registered_on
        or (found.into is not None) != (found.standing is Standing.MERGED)
    ):
        message = "an organisation that cannot be, or another than was asked for"
        raise ValueError(message)


def _organisation(body: OrganisationBody, source: str, now: datetime) -> RegisteredOrganisation:
    return RegisteredOrganisation(
        kvk=KvkNumber.parse(body.kvk),
        rsin=None if body.rsin is None else Rsin.parse(body.rsin),
        name=name(body.name),
        form=LegalForm(body.form),
        registered_on=day(body.registered_on),
        standing=Standing(body.standing),
        standing_since=day(body.standing_since),
        officials=listed(body.officials, _official),
        proxies=listed(body.proxies, _proxy),
        branches=listed(body.branches, _branch),
        as_of=now,
        source=source,
        into=None if body.into is None else KvkNumber.parse(body.into),
        disputed=body.disputed,
        recorded_at=moment(body.recorded_at),
    )


def _official(body: OfficialBody) -> Official:
    since, until = period(body.since, body.until)
    representing = Representing(body.representing)
    together = representing is Representing.TOGETHER
    if body.needed is not None and not (together and 1 < body.needed <= MOST_NEEDED):
        message = "together is two or more, and a number is for who acts together"
        raise ValueError(message)
    return Official(
        party=holder_of(body.party),
        role=Role(body.role),
        representing=representing,
        since=since,
        until=until,
        needed=body.needed,
        most=_amount(body.most),
    )


def _proxy(body: ProxyBody) -> Proxy:
    since, until = period(body.since, body.until)
    return Proxy(
        party=holder_of(body.party),
        full=body.full,
        since=since,
        until=until,
        most=_amount(body.most),
        branch=None if body.branch is None else _branch_number(body.branch),
    )


def _branch(body: BranchBody) -> Branch:
    return Branch(number=_branch_number(body.number), name=name(body.name), main=body.main)


def _branch_number(text: str) -> str:
    if len(text) != BRANCH_LENGTH or not (text.isascii() and text.isdigit()):
        message = "a branch has a number of twelve digits"
        raise ValueError(message)
    return text


def _amount(found: int | None) -> int | None:
    if found is not None and not 0 < found <= LARGEST_AMOUNT:
        message = "not an amount"
        raise ValueError(message)
    return found

"""Everything that is kept about a person, in one file for that person (GDPR-15, GDPR-20).

Each room that keeps something fills a `Source` with its part, as plain values; the file has a part for each.
No secret is ever in it: no password, no code, no key, no token, and no mark of one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Final, Protocol

from toegang.audit.events import AccountDataDownloaded
from toegang.catalogue.values import Text
from toegang.errors import AccountClosed, LevelNotProven, settle
from toegang.login.decision import Wanted
from toegang.means.citizen.desk import personal

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from toegang.audit.trail import TrailReader
    from toegang.login.decision import Decision, Decisions
    from toegang.login.floor import Floors
    from toegang.means.citizen.account import Account
    from toegang.means.citizen.desk import Desk
    from toegang.means.citizen.own_account import OwnAccount, SignedIn
    from toegang.means.listed import Lister
    from toegang.provider.grants import Grants

FORMAT: Final = "toegang-own-data-1"
PAGE: Final = 200

Value = str | int | bool | None
Row = Mapping[str, "Value | datetime | tuple[str, ...]"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One part of the file: its name in the file, what it is for people, and its rows."""

    name: str
    title: Text
    rows: tuple[Row, ...]


class Source(Protocol):
    """A room that keeps something about people."""

    async def part(self, account: Account, now: datetime) -> Part:
        """Return all that is kept of the person of this account, oldest or newest first."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnData:
    """Collects the parts; every collecting is an event."""

    own: OwnAccount
    sources: Sequence[Source]

    async def collect(self, signed_in: SignedIn, form: str, now: datetime) -> tuple[Part, ...]:
        """Return every part, for a login of just now at the level of the account.

        Raises:
            LevelNotProven: log in again first.
            TooManyTries: it was downloaded too often today.
            AccountClosed: the account was stopped.

        """
        desk = self.own.desk
        if await self.own.login_needed(signed_in, now) is not None:
            raise LevelNotProven
        account = await desk.accounts.find(signed_in.account)
        if account is None:
            raise AccountClosed
        async with desk.units.begin() as unit:
            refusal = await desk.tallies.count(unit, f"data:{account.id}", desk.policy.downloads, now)
            if refusal is None:
                event = AccountDataDownloaded(at=now, means=desk.means, person=personal(account), format=form)
                await desk.trail.record(unit, event)
        settle(refusal)
        return tuple([await source.part(account, now) for source in self.sources])


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountData:
    """The account itself, with the number and the lowest level (Source)."""

    desk: Desk
    floors: Floors

    async def part(self, account: Account, now: datetime) -> Part:
        """Return the account."""
        desk, number = self.desk, self.desk.number_of(account)
        mail = desk.keys.open_mail(account.mail) if account.mail else None
        person = await desk.enrolment.people.find(account.person) if account.person else None
        floor = await self.floors.find(account.person) if account.person else None
        row: Row = {
            "account": str(account.id),
            "person": str(account.person) if account.person else None,
            "bsn": desk.enrolment.bsn_of(person).digits if person else None,
            "status": account.status.value,
            "language": account.language,
            "large_print": account.large_print,
            "since": account.since,
            "activated_at": account.activated_at,
            "last_used_at": account.last_used_at,
            "telephone": number.number if number else None,
            "telephone_since": account.number_since,
            "mail": mail.address if mail else None,
            "notices": account.notices,
            "lowest_level": floor.at(now).name.lower() if floor else None,
        }
        return Part(name="account", title=Text(nl="Uw account", en="Your account"), rows=(row,))


@dataclass(frozen=True, slots=True, kw_only=True)
class MeansData:
    """What the person can log in with (Source)."""

    listers: Sequence[Lister]

    async def part(self, account: Account, now: datetime) -> Part:  # noqa: ARG002 a source's question
        """Return every means of the account."""
        found = [one for lister in self.listers for one in await lister.listed(account)]
        rows: list[Row] = [
            {
                "means": one.title.nl,
                "name": one.name,
                "state": one.state.value,
                "level": one.level.name.lower() if one.level else None,
                "since": one.since,
                "last_used_at": one.last_used_at,
            }
            for one in found
        ]
        title = Text(nl="Uw inlogmiddelen", en="Your login means")
        return Part(name="means", title=title, rows=tuple(rows))


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceData:
    """On which devices the person is known (Source)."""

    desk: Desk

    async def part(self, account: Account, now: datetime) -> Part:  # noqa: ARG002 a source's question
        """Return the devices of the account."""
        found = await self.desk.devices.of_account(account.id)
        rows = tuple({"since": one.since, "last_used_at": one.last_used_at} for one in found)
        return Part(name="devices", title=Text(nl="Uw apparaten", en="Your devices"), rows=rows)


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionData:
    """Where the person is logged in (Source)."""

    grants: Grants

    async def part(self, account: Account, now: datetime) -> Part:
        """Return the living answers to services."""
        states = await self.grants.of_person(account.person, now) if account.person else ()
        rows: list[Row] = [
            {
                "reference": state.grant.reference,
                "client": str(state.grant.client),
                "subject": state.grant.subject,
                "answered_at": state.grant.answered_at,
                "until": state.grant.until,
            }
            for state in states
        ]
        return Part(
            name="sessions",
            title=Text(nl="Waar u bent ingelogd", en="Where you are logged in"),
            rows=tuple(rows),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class LoginData:
    """Every login, with what the service got to know (Source)."""

    decisions: Decisions

    async def part(self, account: Account, now: datetime) -> Part:
        """Return every login of the person, latest first."""
        found: list[Decision] = []
        wanted = Wanted(limit=PAGE, before=now)
        while account.person and (page := await self.decisions.of_person(account.person, wanted)):
            found += page
            wanted = Wanted(limit=PAGE, before=page[-1].ended_at, reference=page[-1].reference)
        rows = tuple(_login(decision) for decision in found)
        return Part(name="logins", title=Text(nl="Uw logins", en="Your logins"), rows=rows)


@dataclass(frozen=True, slots=True, kw_only=True)
class TrailData:
    """What the audit trail says of the person, notices that were sent among it (Source)."""

    trail: TrailReader

    async def part(self, account: Account, now: datetime) -> Part:  # noqa: ARG002 a source's question
        """Return every event that names the person, latest first."""
        rows: list[Row] = []
        before = None
        while account.person and (page := await self.trail.by_person(str(account.person), PAGE, before)):
            rows += [
                {"id": str(one.id), "index": one.index, "event": one.event.name, **_said(asdict(one.event))}
                for one in page
            ]
            before = page[-1].id
        return Part(
            name="trail", title=Text(nl="Wat is vastgelegd", en="What was recorded"), rows=tuple(rows)
        )


def _login(decision: Decision) -> Row:
    return {
        "reference": decision.reference,
        "started_at": decision.started_at,
        "ended_at": decision.ended_at,
        "provider": decision.provider.nl,
        "service": decision.service_name.nl,
        "required": decision.required.name.lower(),
        "level": decision.level.name.lower() if decision.level else None,
        "means": tuple(str(proof.means) for proof in decision.proven),
        "released": decision.released,
        "end": decision.end,
        "represented": decision.represented,
        "browser": decision.agent.nl if decision.agent else None,
    }


def _said(fields: Mapping[str, object]) -> dict[str, str]:
    """Write out what an event says; values about people are told in the account's own part."""
    return {
        name: str(value)
        for name, value in fields.items()
        if value is not None and not isinstance(value, dict)
    }

"""The desk: the stores, keys and posts that every journey of the account works with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

from toegang.audit.event import Personal
from toegang.errors import Unavailable
from toegang.identity.holds import HoldReason
from toegang.identity.numbers import Bsn
from toegang.keys.secret import FindingKey, SealingKey
from toegang.means.citizen.codes import CodeHash
from toegang.means.citizen.names import canonical
from toegang.means.citizen.passwords import normal
from toegang.post.mail_address import MailAddress
from toegang.post.telephone import Telephone

if TYPE_CHECKING:
    from collections.abc import Mapping

    from toegang.audit.trail import Trail
    from toegang.catalogue.values import MeansId
    from toegang.identity.enrolment import Enrolment
    from toegang.identity.holds import Holds
    from toegang.identity.people import PersonId
    from toegang.ids import Ids
    from toegang.means.citizen.account import Account, AccountStore, Companions, DeviceStore, LinkedMeans
    from toegang.means.citizen.hashing import Hasher
    from toegang.means.citizen.policy import Policy
    from toegang.means.citizen.posting import Posting
    from toegang.means.citizen.records import (
        Application,
        DeskCode,
        LetterCode,
        MailChange,
        NumberChange,
        Recovery,
        SignIn,
    )
    from toegang.means.citizen.throttle import Tallies, Tally
    from toegang.post.outbox import Outbox
    from toegang.registers.population import Population, Registered
    from toegang.units import Expiring, Units


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountKeys:
    """The keys of the room, each for one purpose."""

    names: FindingKey
    codes: FindingKey
    numbers: FindingKey
    passwords: FindingKey
    sealing: SealingKey

    @classmethod
    def derive(cls, sealing: Mapping[int, bytes], finding: bytes) -> Self:
        """Derive them from the sealing secrets by version and the finding secret (32 bytes each).

        Raises:
            Misconfigured: a secret of another length, or no version.

        """
        return cls(
            names=FindingKey.derive(finding, "user name"),
            codes=FindingKey.derive(finding, "account code"),
            numbers=FindingKey.derive(finding, "telephone number"),
            passwords=FindingKey.derive(finding, "password tried"),
            sealing=SealingKey.derive(sealing, "account"),
        )

    @property
    def code_hash(self) -> CodeHash:
        """Hashes the codes that are sent."""
        return CodeHash(key=self.codes)

    def name(self, typed: str) -> bytes:
        """Return what an account with this user name is found by, however it was typed."""
        return self.names.find(canonical(typed).encode())

    def password(self, typed: str) -> str:
        """Return by what one password is noticed that is tried on many names (security line L01)."""
        return self.passwords.find(normal(typed).encode("utf-8", "surrogatepass")).hex()

    def seal_number(self, number: Telephone) -> bytes:
        """Seal a telephone number."""
        return self.sealing.seal(f"{number.prefix} {number.number}".encode(), b"telephone number")

    def open_number(self, sealed: bytes) -> Telephone:
        """Open a telephone number."""
        prefix, number = self.sealing.open(sealed, b"telephone number").decode().split(" ")
        return Telephone(number, prefix)

    def seal_mail(self, mail: MailAddress) -> bytes:
        """Seal an address for mail."""
        return self.sealing.seal(mail.address.encode(), b"mail address")

    def open_mail(self, sealed: bytes) -> MailAddress:
        """Open an address for mail."""
        return MailAddress(self.sealing.open(sealed, b"mail address").decode())


@dataclass(frozen=True, slots=True, kw_only=True)
class Memory:
    """What is remembered between pages; each store keeps one kind of record."""

    sign_ins: Expiring[SignIn]
    applications: Expiring[Application]
    recoveries: Expiring[Recovery]
    number_changes: Expiring[NumberChange]
    mail_changes: Expiring[MailChange]
    letter_codes: Expiring[LetterCode]
    desk_codes: Expiring[DeskCode]
    tallies: Expiring[Tally]


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """Everything the journeys need; `means` is the admitted means that these accounts belong to."""

    means: MeansId
    units: Units
    accounts: AccountStore
    devices: DeviceStore
    holds: Holds
    companions: Companions
    links: LinkedMeans
    memory: Memory
    tallies: Tallies
    enrolment: Enrolment
    population: Population
    posting: Posting
    outbox: Outbox
    trail: Trail
    hasher: Hasher
    ids: Ids
    keys: AccountKeys
    policy: Policy

    async def registered(self, person: PersonId) -> Registered | None:
        """Ask the population register about a person of ours.

        Raises:
            Unavailable: the register does not answer.

        """
        kept = await self.enrolment.people.find(person)
        return None if kept is None else await self.population.find(self.enrolment.bsn_of(kept))

    async def addressee(self, account: Account) -> Registered | None:
        """Return whom a letter without a code can be sent to; None when the register does not say."""
        try:
            found = await self.registered(account.person) if account.person else None
        except Unavailable:
            return None
        return found if can_get_notice(found) else None

    async def has_died(self, digits: str) -> bool:
        """Tell whether the person of ours with this BSN is held because they died."""
        person = await self.enrolment.find(Bsn.parse(digits))
        holds = await self.holds.of_person(person.id) if person else ()
        return any(hold.reason is HoldReason.DIED for hold in holds)

    def number_of(self, account: Account) -> Telephone | None:
        """Return the number that codes for the account go to."""
        return None if account.number is None else self.keys.open_number(account.number)

    def mail_of(self, account: Account) -> MailAddress | None:
        """Return the address that notices go to by mail; None also where we send no mail."""
        return None if self.posting.mails is None else self.kept_mail_of(account)

    def kept_mail_of(self, account: Account) -> MailAddress | None:
        """Return the address that is kept for notices, also where we send no mail now."""
        return None if account.mail is None else self.keys.open_mail(account.mail)


def personal(account: Account | None) -> Personal | None:
    """Return the account's person for an event, so that people can see what happened to theirs."""
    return Personal.maybe(account.person if account else None)


def can_get_letter(found: Registered | None) -> bool:
    """Tell whether the register knows a living resident with an address, secret or not."""
    return found is not None and found.deceased_on is None and found.resident and found.address is not None


def can_get_notice(found: Registered | None) -> bool:
    """Tell whether a letter without a code reaches somebody who lives: also in another country."""
    return can_get_letter(found) or (found is not None and found.deceased_on is None and bool(found.abroad))


def network_event(network: str) -> Personal | None:
    """Return a network for an event, to notice what comes in bulk."""
    return Personal.maybe(network or None)

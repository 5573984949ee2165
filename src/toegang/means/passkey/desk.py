"""The desk of this room: the stores, keys and posts that its journeys work with."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from toegang.assurance import Level
from toegang.catalogue import gate
from toegang.catalogue.values import MeansId, Text
from toegang.errors import OneTimeGone, PartyClosed
from toegang.identity.subject import Subject
from toegang.means.citizen.account import AccountId
from toegang.means.passkey.attestation import Trusted
from toegang.means.passkey.policy import Worth

if TYPE_CHECKING:
    from toegang.catalogue.values import AdmittedMeans
    from toegang.catalogue.watch import Catalogue
    from toegang.means.citizen.desk import Desk
    from toegang.means.passkey.attestation import Rooted
    from toegang.means.passkey.ceremonies import Site
    from toegang.means.passkey.policy import PasskeyPolicy
    from toegang.means.passkey.values import Passkey, PasskeyStore
    from toegang.units import Expiring

KIND = "passkey"  # the word for admissions in the catalogue


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a login asks of a passkey; kept under the login's id until it is proven, once."""

    browser: str
    means: MeansId
    required: Level
    provider: Text
    service: Text
    reference: str
    until: datetime
    known_subject: Subject | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Registration:
    """A passkey that somebody is adding; kept under the id of their account."""

    browser: str
    account: AccountId
    means: MeansId
    challenge: str = field(repr=False)
    handle: bytes = field(repr=False)
    level: Level
    signed_in_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PasskeyMemory:
    """What is remembered between a page and its answer; a challenge is taken with the answer, once.

    `challenges` are kept under the id of their login: the last page that was shown has the one that counts.
    """

    asked: Expiring[Asked]
    challenges: Expiring[str]
    registrations: Expiring[Registration]


@dataclass(frozen=True, slots=True, kw_only=True)
class PasskeyDesk:
    """Everything that the journeys of a passkey need; `account` is the desk of the account that it is of."""

    site: Site
    account: Desk
    passkeys: PasskeyStore
    memory: PasskeyMemory
    catalogue: Catalogue
    models: Rooted
    policy: PasskeyPolicy

    def admission(self, now: datetime) -> AdmittedMeans:
        """Return passkeys as they are admitted now.

        Raises:
            PartyClosed: they are not, or not now.

        """
        snapshot = self.catalogue.current
        for means in snapshot.all_means():
            if means.kind == KIND:
                return gate.open_means(snapshot, means.id, now)
        message = "no passkeys are admitted"
        raise PartyClosed(message)

    def worth(self, means: MeansId, now: datetime) -> Worth:
        """Return what passkeys of a means are worth now.

        Raises:
            PartyClosed, UnknownParty: the means is closed now.

        """
        return Worth.of(gate.open_means(self.catalogue.current, means, now))

    def level_of(self, passkey: Passkey, now: datetime) -> Level | None:
        """Return what a passkey proves now, before the ceiling; None when its bond is not admitted."""
        worth, trusted = self.worth(passkey.means, now), self.models.roots_of(passkey.model)
        if passkey.attested and not trusted:
            return worth.level_of(passkey.unattested)
        return worth.level_of(passkey)

    def trusted(self, means: MeansId, now: datetime) -> Trusted:
        """Return whose word counts for new passkeys of a means.

        Raises:
            PartyClosed, UnknownParty: the means is closed now.

        """
        return Trusted(models=self.models, listed=self.worth(means, now).models)

    async def asked(self, login: str, now: datetime) -> Asked:
        """Return what a login asks.

        Raises:
            OneTimeGone: nothing, or it was proven.

        """
        found = await self.memory.asked.find(login, now)
        if found is None:
            raise OneTimeGone
        return found

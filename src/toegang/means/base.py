"""The interface between a login and the means it is done with.

A means is asked to authenticate a person (`Ask`), sends the browser wherever that happens (a page of
its own or another party), and in the end returns an `Authentication`: who, how sure, when, by what.
It never decides whether that is enough: login/flow.py does.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass, field
from datetime import datetime
from typing import NewType, Protocol

from toegang.assurance import Level
from toegang.catalogue.values import AdmittedMeans, MeansId, Text
from toegang.hot import hot
from toegang.identity.subject import Represented, Subject

TransactionId = NewType("TransactionId", str)


class Factor(enum.StrEnum):
    """A category of proof (eIDAS-2015/1502-2.2.1) and its form."""

    PASSWORD = "password"  # noqa: S105 a name, not a password
    SMS_CODE = "sms-code"
    APP = "app"
    PASSKEY = "passkey"
    DOCUMENT_CHIP = "document-chip"
    CARD_PIN = "card-pin"
    EXTERNAL = "external"
    BENCH = "bench"


@hot(frozen=True, slots=True, kw_only=True)
class Authentication:
    """What a means proved, once: who, how sure, when, with which factors.

    `level` is what the means itself vouches for; the ceiling of its admission is applied by the login.
    `represented` is whom the person acts for, None for nobody but themselves. `authorities` are who else
    took part in proving it, by the names that their protocol gives them, and `statements` what they said
    of it, signed by them (SAMLCore-2.6.1): opaque octets, handed on to who asks for them. `elsewhere` is our
    name for the session at another party that it rests on, where that can be ended; empty for none.
    `authenticator` names which of a person's devices proved it, where a means has more than one.
    """

    subject: Subject
    means: MeansId
    level: Level
    at: datetime
    factors: tuple[Factor, ...]
    represented: Represented | None = None
    authorities: tuple[str, ...] = ()
    statements: tuple[bytes, ...] = field(default=(), repr=False)
    elsewhere: str = field(default="", repr=False)
    authenticator: str = ""


@hot(frozen=True, slots=True, kw_only=True)
class Ask:
    """What a login asks of a means: for whom, at which level, and where the browser is bound.

    `reference` is the login's reference code: what the means records about it is found by that code.
    `browser` is the SHA-256 (hex) of the secret that binds the login to one browser; a means with pages
    of its own refuses them to any other browser. `fresh` forbids the means to reuse an
    earlier authentication of its own. `known_subject` is who is known already when this is a step up:
    nobody else may answer. `highest` asks for all that the account can prove, where that is more than
    `required`. `earlier` is what this same means proved before, in this login or in one
    whose session this browser opened; the login vouches for both, the means decides what it is worth.
    `requester` is what the service provider calls itself, `service_id` the service's UUID, and `destination`
    where the browser ends: a page of the means may lead there (CSP3-form-action).
    """

    transaction: TransactionId
    reference: str
    browser: str = field(repr=False)
    admission: AdmittedMeans
    required: Level
    provider: Text
    service: Text
    language: str
    fresh: bool
    highest: bool = False
    known_subject: Subject | None = None
    earlier: Authentication | None = None
    requester: str = ""
    service_id: str = ""
    destination: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Go:
    """Where the browser goes to be authenticated: an address of ours or of another party."""

    location: str


class MeansKind(Protocol):
    """One kind of means: the code behind every admission with its `kind`."""

    def reach(self, admission: AdmittedMeans) -> Level:
        """Return the highest level that this kind can prove under `admission`, before the ceiling."""
        ...

    async def start(self, ask: Ask, now: datetime) -> Go:
        """Begin authenticating for `ask`; the kind remembers what it needs under the transaction's id.

        Raises:
            Unavailable: the means, or the party behind it, does not answer.

        """
        ...

    def pages(self, admission: AdmittedMeans) -> tuple[str, ...]:
        """Return addresses of other parties that `start` may lead to; forms may lead there (CSP3)."""
        ...

    async def proves(self, admission: AdmittedMeans, subject: Subject) -> bool:
        """Tell whether this means can prove `subject`, as far as is known: asked before a step up with it."""
        ...

    async def check_usable(self, proven: Authentication, now: datetime) -> None:
        """Refuse an earlier authentication whose account was stopped or whose proofs were withdrawn.

        Asked when a proof is used again: single sign-on, refresh, userinfo, introspection.

        Raises:
            AccountClosed: it may no longer be used.

        """
        ...

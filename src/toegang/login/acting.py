"""For whom somebody logs in: what is asked, what they said, and by what they may (values only)."""

from __future__ import annotations

import enum
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from toegang.assurance import Level
from toegang.catalogue import gate
from toegang.catalogue.representation import EdgeKind
from toegang.mandates.party import PartyId

if TYPE_CHECKING:
    from toegang.catalogue.values import Asker, Service
    from toegang.identity.subject import Represented
    from toegang.mandates.statement import Statement
    from toegang.mandates.stating import Prepared


class ForWhom(enum.StrEnum):
    """For whom the person can log in. Only a service that admits it, at who understands it, has a choice."""

    THEMSELVES = "themselves"
    CHOICE = "choice"  # themselves, or whom they may act for
    ANOTHER = "another"  # the service asked for somebody whom they act for, and for nobody else
    ORGANISATION = "organisation"  # the service is about organisations: one that they act for

    @classmethod
    def at(cls, service: Service, asker: Asker, *, only_another: bool = False) -> ForWhom:
        """MANDATES-P9: tell for whom people can log in at a service, asked by `asker`."""
        if not gate.represents(service, asker) or service.representation is None:
            return cls.THEMSELVES
        if service.identity.of_organisation and service.representation.of_organisations:
            return cls.ORGANISATION
        return cls.ANOTHER if only_another else cls.CHOICE

    @property
    def only_another(self) -> bool:
        """Whether nobody can log in for themselves."""
        return self in {ForWhom.ANOTHER, ForWhom.ORGANISATION}


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """One party that a service asks for, by one of these; all empty names nobody whom anybody may act for."""

    kvk: str = field(default="", repr=False)
    rsin: str = field(default="", repr=False)
    party: PartyId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sought:
    """What a service asks of acting for another: by which kinds of authority (empty: any), and for whom."""

    kinds: tuple[EdgeKind, ...] = ()
    named: Named | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Again:
    """Whom a silent login is for: as the login of before that the service names, while its `session` lasts.

    Without a session that login can no longer be repeated, and the person has to choose.
    """

    principal: PartyId
    session: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Acting:
    """What came of the question for whom somebody logs in; `open` while they have to answer it.

    `answered` says that they did: without it there was nobody to choose. `principal` is whom they chose, None
    for themselves. `takes` is the level that acting for another takes here, where the login was too low to
    look further; `climbs` that they want to log in higher for it. `lost` says that whom they chose before
    could not be acted for any more when the login was to end.
    """

    open: bool = False
    answered: bool = False
    principal: PartyId | None = None
    takes: Level | None = None
    climbs: bool = False
    lost: bool = False

    @property
    def required(self) -> Level:
        """The level that this asks of the login, besides what the service asks."""
        return self.takes if self.climbs and self.takes is not None else Level.MINIMAL


@dataclass(frozen=True, slots=True, kw_only=True)
class Authority:
    """By what somebody acts in a login that is about to end, and through whom for whom.

    Of `chain` the first is represented by who logged in, each next one by the one before; the last is whom
    the service is about.
    """

    prepared: Prepared
    chain: tuple[Represented, ...]

    @property
    def statement(self) -> Statement:
        """What is put down with the login."""
        return self.prepared.statement


class PathChanged(Exception):
    """The unit that would end a login is given up: what its authority rests on changed meanwhile."""

"""Grants: what is remembered of an answered login, from its code until the last token is over.

Every protocol keeps its answers here, so that one session has one list of who took part in it.
One row per answer. A code is redeemed once, by one atomic statement; a code that comes a second time
ends the grant (RFC6749-4.1.2). A refresh token is `grant.number.mac`: it is not stored, only the number
that is good now; an older number that comes again ends the grant (RFC9700-4.14.2).
"""

from __future__ import annotations

import enum
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from toegang.assurance import Level
from toegang.catalogue.values import AttributeGrant, ClientId, IdentityForm, OrganisationId, ServiceId
from toegang.hot import hot
from toegang.identity.subject import Represented
from toegang.mandates.statement import Statement
from toegang.means.base import Authentication

if TYPE_CHECKING:
    from toegang.identity.people import Person, PersonId
    from toegang.login.usable import Bearing
    from toegang.units import Unit


@hot(frozen=True, slots=True, kw_only=True)
class Grant:
    """What a client was granted by one login; never changed after it is made.

    `subject` is the name that the client knows the person by, `session` the one it knows the session by.
    `challenge` and `redirect_uri` must be met by whoever redeems the code. `proof_key` is the thumbprint
    that tokens are bound to when the client bound its request to a key (RFC9449-10).
    `level` is what was answered: its means must still be admitted for it whenever the grant is used.
    `memory` is what the room of another protocol remembers of the request, read by nobody else; what only
    OpenID Connect has is then empty. `browser` is the hash of the secret of the browser that logged in:
    only there may partners be visited one after the other when it ends. `statement` is by what the person
    acts for another, `chain` for whom (login.acting.Authority), `names` what the client knows each of them
    by; the level of the login itself is `own_level`. `details` are the `authorization_details` that were
    granted, as JSON.
    """

    id: str
    reference: str
    session: str
    client: ClientId
    organisation: OrganisationId
    service: ServiceId
    subject: str
    proven: Authentication
    authenticated_at: datetime
    acr: str
    scope: tuple[str, ...]
    nonce: str
    redirect_uri: str
    challenge: str
    proof_key: str
    identity: IdentityForm
    attributes: tuple[AttributeGrant, ...]
    answered_at: datetime
    code_until: datetime
    until: datetime
    level: Level = Level.BASIC  # as if lowest in grants that were kept before this was
    memory: str = field(default="", repr=False)
    browser: str = field(default="", repr=False)
    own_level: Level = Level.BASIC
    chain: tuple[Represented, ...] = ()
    names: tuple[str, ...] = field(default=(), repr=False)
    statement: Statement | None = None
    details: str = field(default="", repr=False)


@hot(frozen=True, slots=True, kw_only=True)
class GrantState:
    """A grant as it is now: whether its code was redeemed, which refresh token is good, if it ended.

    `person` is who logged in, as kept: read along where a grant is found by its code, and only there.
    `bearing` is what bears on that person: read along where a grant is found or redeemed, alone.
    """

    grant: Grant
    redeemed_at: datetime | None
    bound_key: str
    refresh_number: int
    refreshed_at: datetime | None
    ended_at: datetime | None
    person: Person | None = field(default=None, repr=False)
    bearing: Bearing | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class EndedGrant:
    """A grant of a session that ended; `newly` when this very act ended it, and no earlier one."""

    state: GrantState
    newly: bool


class Redemption(enum.Enum):
    """What became of an attempt to use a one-time thing of a grant."""

    FIRST = "first"
    AGAIN = "again"


class Grants(Protocol):
    """Keeps grants; only hashes of codes are kept."""

    async def add(self, unit: Unit, grant: Grant, code: str) -> None:
        """Keep a grant under its code."""
        ...

    async def redeem(
        self, unit: Unit, code: str, bound_key: str, now: datetime
    ) -> tuple[Redemption, GrantState] | None:
        """Redeem a code, binding its tokens to `bound_key` (empty for none).

        Of many who try exactly one gets FIRST, whatever comes of it after; the others get AGAIN. None
        for a code that never was or whose `code_until` is over.
        """
        ...

    async def spend(self, unit: Unit, code: str, now: datetime) -> None:
        """Redeem a code whose grant was read already; nothing waits for it.

        Of many who try the unit of exactly one succeeds; those of the others fail with TakenBefore, at their
        commit at the latest.
        """
        ...

    async def find(self, id: str) -> GrantState | None:  # noqa: A002
        """Find by id, ended or not."""
        ...

    async def find_by_code(self, code: str, now: datetime) -> GrantState | None:
        """Find by a code that can be redeemed now or was before, with its person, leaving it as it is."""
        ...

    async def refresh(self, unit: Unit, id: str, number: int, now: datetime) -> bool:  # noqa: A002
        """Step from refresh token `number` to the next; False when another number is good now."""
        ...

    async def end(self, unit: Unit, id: str, now: datetime) -> bool:  # noqa: A002
        """End the grant; False when it had ended, or never was."""
        ...

    async def end_session(self, unit: Unit, session: str, now: datetime) -> tuple[EndedGrant, ...]:
        """End every grant of a session and return them all, also those that had ended.

        Of many who end the same session, each grant is `newly` ended for exactly one. None is redeemed
        after it.
        """
        ...

    async def of_session(self, session: str) -> tuple[GrantState, ...]:
        """Return the grants of a session, ended or not."""
        ...

    async def of_person(self, person: PersonId, now: datetime) -> tuple[GrantState, ...]:
        """Return the living grants of a person."""
        ...

"""How a role (OpenID provider, SAML identity provider) hands the end of a login back to its service."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from datetime import datetime

    from toegang.errors import Refusal
    from toegang.identity.subject import Subject
    from toegang.login.request import LoginRequest, Outcome
    from toegang.units import Unit


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """Where the browser goes with the answer: by redirect, or by a form with `fields`."""

    location: str
    fields: tuple[tuple[str, str], ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """A login that came to nothing: `code` is that of the refusal (errors)."""

    reference: str
    code: str
    ended_at: datetime


class Answerer(Protocol):
    """Answers the services of one protocol; called in the unit that ends the login."""

    def check_subject(self, request: LoginRequest, subject: Subject) -> None:
        """Refuse somebody else than the service asked for, if it asked for somebody.

        Called before an earlier proof is used again; whoever logs in is checked by `answer`.

        Raises:
            UserInteractionNeeded: it asked for somebody else.

        """
        ...

    async def answer(self, unit: Unit, request: LoginRequest, outcome: Outcome) -> Reply | Refusal:
        """Write what the service will redeem, and say where the browser goes.

        Called before anything is recorded. A Refusal says that this outcome may not be told: the login
        then ends as refused, in the same unit, and nothing was written for the service to redeem.
        """
        ...

    async def refuse(self, unit: Unit, request: LoginRequest, refused: Refused) -> Reply:
        """Say where the browser goes with a refusal: a service always gets an answer."""
        ...

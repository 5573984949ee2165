"""How a role (OpenID provider, SAML identity provider) hands the end of a login back to its service."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from toegang.login.request import LoginRequest, Outcome
    from toegang.units import Unit


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """Where the browser goes with the answer: by redirect, or by a form with `fields`."""

    location: str
    fields: tuple[tuple[str, str], ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """A login that came to nothing: `code` is that of the refusal (errors.py)."""

    reference: str
    code: str


class Answerer(Protocol):
    """Answers the services of one protocol; called in the unit that ends the login."""

    async def answer(self, unit: Unit, request: LoginRequest, end: Outcome | Refused) -> Reply:
        """Write what the service will redeem, and say where the browser goes.

        Never refuses: a service always gets an answer.
        """
        ...

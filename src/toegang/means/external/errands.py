"""An errand: what is remembered while the browser is away at another party, in one row, taken once.

The row binds the answer to one request, one party, one login and one browser (S21, RFC9700-4.7): an
answer that fits no row was not asked, or was given before.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from toegang.assurance import Level
from toegang.catalogue.values import MeansId
from toegang.errors import LoginElsewhere, OneTimeGone
from toegang.means.base import TransactionId

if TYPE_CHECKING:
    from toegang.means.base import Ask
    from toegang.units import Expiring, Units

LIFETIME = timedelta(minutes=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class Errand:
    """A request that was sent to another party.

    `party` is whom it was sent to: its issuer or entity id. `proof` is what its answer must repeat or fit
    (the nonce; the request's id), `verifier` the secret half of PKCE, where there is one.
    """

    transaction: TransactionId
    browser: str = field(repr=False)
    means: MeansId
    party: str
    required: Level
    fresh: bool
    sent_at: datetime
    proof: str = field(repr=False)
    verifier: str = field(default="", repr=False)

    @classmethod
    def of(cls, ask: Ask, party: str, proof: str, now: datetime, verifier: str = "") -> Errand:
        """Write down what is asked of `party`."""
        return cls(
            transaction=ask.transaction,
            browser=ask.browser,
            means=ask.admission.id,
            party=party,
            required=ask.required,
            fresh=ask.fresh,
            sent_at=now,
            proof=proof,
            verifier=verifier,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Errands:
    """Keeps errands; `kept` finds them by a secret that the answer brings back."""

    units: Units
    kept: Expiring[Errand]

    async def keep(self, secret: str, errand: Errand, now: datetime) -> None:
        """Remember an errand."""
        async with self.units.begin() as unit:
            await self.kept.add(unit, secret, errand, now + LIFETIME, now)

    async def take(self, secret: str, browser: str, now: datetime, means: MeansId | None = None) -> Errand:
        """Return the errand that an answer belongs to; whatever becomes of it, it is gone.

        `browser` hashes the cookie of the browser that brought it; `means` is whose answer it is, where the
        address says so that it came to.

        Raises:
            OneTimeGone: not asked, answered before, too late, or asked of another party.
            LoginElsewhere: asked by another browser.

        """
        async with self.units.begin() as unit:
            errand = await self.kept.take(unit, secret, now)
        if errand is None or means not in {None, errand.means}:
            message = "an answer to nothing that was asked of this means"
            raise OneTimeGone(message)
        if not hmac.compare_digest(errand.browser, browser):
            raise LoginElsewhere
        return errand

"""A savings bank that speaks SAML: its admission, and a browser that goes there and back."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import httpx2

from tests.journeys.house import HUB, text
from tests.means.elsewhere import Customer
from tests.means.identity_provider import LOW, SUBSTANTIAL, IdentityProvider, form
from toegang.assurance import Level
from toegang.catalogue.values import AcrAlias, AdmittedMeans, MeansId
from toegang.saml.messages import AuthnRequest
from toegang.saml.writing import SignedPart

SAVINGS = MeansId("savings")
LEVELS = (AcrAlias(name=LOW, level=Level.LOW), AcrAlias(name=SUBSTANTIAL, level=Level.SUBSTANTIAL))


def savings(provider: IdentityProvider, id_: MeansId = SAVINGS, **more: Any) -> AdmittedMeans:  # noqa: ANN401
    """Admit the bank; `settings` are added to its own."""
    settings = {"entity_id": provider.entity_id} | more.pop("settings", {})
    made: dict[str, Any] = {
        "id": id_,
        "kind": "saml",
        "organisation": HUB,
        "names": text(id_),
        "ceiling": Level.SUBSTANTIAL,
        "linkable": True,
        "levels": LEVELS,
        "settings": tuple(sorted(settings.items())),
    }
    return AdmittedMeans(**(made | more))


@dataclass(kw_only=True)
class Saver:
    """A customer of the savings bank, with a browser of their own."""

    customer: Customer
    bank: IdentityProvider
    means: MeansId = SAVINGS
    request: AuthnRequest = field(init=False)
    state: str = field(init=False)

    async def leave(self, **asked: str) -> AuthnRequest:
        """Ask a login and choose the bank; read what it is asked."""
        gone = await self.customer.leave(self.means, **asked)
        if gone.startswith("/means/saml/"):
            page = await self.customer.browser.get(gone)
            self.request, self.state = self.bank.asked_of(page.text)
        else:
            self.request, self.state = self.bank.asked_in(gone)
        return self.request

    async def post(self, octets: bytes, state: str | None = None) -> httpx2.Response:
        """Post a response as a browser does from another site: without our cookies; and follow."""
        there = form(octets, self.state if state is None else state or None)
        bare = self.customer.house.browser()
        kept = await bare.post("/saml/acs", data=there)
        if kept.status_code != 303:
            return kept
        return await self.customer.come_back(kept.headers["location"])

    async def answer(self, part: SignedPart = SignedPart.BOTH, **bent: Any) -> httpx2.Response:  # noqa: ANN401
        """Have the bank say who logged in; `bent` changes its assertion."""
        told = self.bank.response(self.request, self.bank.assertion(self.request, **bent))
        return await self.post(self.bank.signed(told, part))

"""What travels in forms: answers that one browser posts to its service, and messages that came by POST.

A browser keeps our cookies back from another site's POST, not from the GET after it; so a message that was
posted waits here for that GET, and travels in no address.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from hmac import compare_digest
from typing import TYPE_CHECKING

from toegang.catalogue.values import Text
from toegang.errors import OneTimeGone
from toegang.provider.saml.received import Arrived
from toegang.saml.bindings import post
from toegang.saml.bindings.parameters import Carrier, carrier, parse_parameters
from toegang.saml.names import Binding

if TYPE_CHECKING:
    from datetime import datetime

    from toegang.catalogue.watch import Catalogue
    from toegang.ids import Ids
    from toegang.provider.saml.fetch import Fetching
    from toegang.provider.saml.letter import Letter
    from toegang.saml.bindings.post import Fields
    from toegang.units import Expiring, Units

LIFETIME = timedelta(seconds=90)  # the browser follows at once


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """A form for the browser to send: where to, whose that is, with which hidden fields."""

    action: str
    name: Text
    fields: Fields


@dataclass(frozen=True, slots=True, kw_only=True)
class PostedAnswers:
    """Answers by POST (SAMLBind-3.5)."""

    catalogue: Catalogue
    fetching: Fetching

    async def take(self, code: str, browser: str, now: datetime) -> Form:
        """Return the form with an answer, once, for the browser (the hash of its secret) that asked.

        Raises:
            OneTimeGone: there is none, or it was given, or it is another browser's.
            Unavailable: the register does not answer; the answer is still there.

        """

        def mine(letter: Letter, _: str) -> bool:
            posted = letter.address.binding is Binding.POST
            # A request that was refused before a login began tells nothing of anybody, and binds nobody.
            return posted and (not letter.browser or compare_digest(letter.browser, browser))

        found = await self.fetching.fetch(code, mine, "", now)
        if found is None:
            message = "no answer waits under this name for this browser"
            raise OneTimeGone(message)
        address = found.letter.address
        limit = found.letter.relay_limit
        fields = post.fields(Carrier.RESPONSE, found.octets, address.relay_state, relay_limit=limit)
        connection = self.catalogue.current.connection_of(found.letter.issuer)
        name = connection.names if connection else Text("de website", "the website")
        return Form(action=address.consumer, name=name, fields=fields)


@dataclass(frozen=True, slots=True, kw_only=True)
class PostedMessages:
    """Keeps forms that came from other sites for the GET that follows."""

    units: Units
    kept: Expiring[bytes]
    ids: Ids

    def check(self, octets: bytes) -> None:
        """Refuse what is no form with one message.

        Raises:
            Malformed, TooLarge: it is none.

        """
        carrier(parse_parameters(octets))

    async def keep(self, octets: bytes, now: datetime) -> str:
        """Keep a form that was checked, to be read at the GET; return the name to ask it back by."""
        name = self.ids.token()
        async with self.units.begin() as unit:
            await self.kept.keep(unit, name, octets, now + LIFETIME)
        return name

    async def get(self, name: str, now: datetime) -> Arrived:
        """Return a form that was kept; it stays for a reload.

        Raises:
            OneTimeGone: unknown, or too long ago.

        """
        octets = await self.kept.find(name, now)
        if octets is None:
            message = "no posted message of this name"
            raise OneTimeGone(message)
        return Arrived(binding=Binding.POST, octets=octets)

"""What travels in forms: answers that one browser posts to its service, and messages that came by POST.

A browser keeps our cookies back from another site's POST, not from the GET after it; so a message that was
posted waits here for that GET, and travels in no address.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from hmac import compare_digest
from typing import TYPE_CHECKING, Final

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
MOST_HERE: Final = 4 * 1024 * 1024
"""Octets of forms that a worker remembers: some thousand of a usual size."""
BESIDE: Final = 256
"""Octets that remembering one costs besides: many that hold nearly nothing take no more than a few large."""


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


@dataclass(slots=True, kw_only=True)
class Here:
    """The newest forms that this worker kept, by their names: it need not ask for what it still knows.

    A form never changes, and whoever knows its name may have it as often as they like; so it makes no
    difference which worker hands it out. One that is forgotten here, or was kept elsewhere, is asked for.
    """

    most: int = MOST_HERE
    _forms: dict[str, tuple[bytes, datetime]] = field(default_factory=dict, init=False, repr=False)
    _octets: int = field(default=0, init=False)

    def keep(self, name: str, octets: bytes, until: datetime) -> None:
        """Remember a form of a new name, and forget the oldest where that is too much."""
        self._forms[name] = octets, until
        self._octets += len(octets) + BESIDE
        while self._octets > self.most:
            oldest, _ = self._forms.pop(next(iter(self._forms)))
            self._octets -= len(oldest) + BESIDE

    def find(self, name: str, now: datetime) -> bytes | None:
        """Return a form until its time is over."""
        octets, until = self._forms.get(name, (None, now))
        return octets if now < until else None


@dataclass(frozen=True, slots=True, kw_only=True)
class PostedMessages:
    """Keeps forms that came from other sites for the GET that follows."""

    units: Units
    kept: Expiring[bytes]
    ids: Ids
    here: Here = field(default_factory=Here, repr=False)

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
        self.here.keep(name, octets, now + LIFETIME)
        return name

    async def get(self, name: str, now: datetime) -> Arrived:
        """Return a form that was kept; it stays for a reload.

        Raises:
            OneTimeGone: unknown, or too long ago.

        """
        octets = self.here.find(name, now) or await self.kept.find(name, now)
        if octets is None:
            message = "no posted message of this name"
            raise OneTimeGone(message)
        return Arrived(binding=Binding.POST, octets=octets)

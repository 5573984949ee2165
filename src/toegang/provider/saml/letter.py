"""What the identity provider must remember of a request while the login goes on, and after it.

It travels in `LoginRequest.reply_to.letter` and then in the grant; nobody but this room reads it.
"""

from __future__ import annotations

from dataclasses import dataclass

from toegang.hot import hot
from toegang.login.request import ReplyTo
from toegang.provider import letters
from toegang.provider.saml.levels import AskedLevels
from toegang.provider.saml.profiles import PROFILES
from toegang.saml.names import Binding

PROVIDER = "saml"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnAddress:
    """A consumer out of pinned metadata, and how an answer travels to it (SAMLProf-4.1.4.1)."""

    consumer: str
    binding: Binding
    relay_state: str | None


@hot(frozen=True, slots=True, kw_only=True)
class Letter:
    """The request, as far as its answer needs it.

    `issuer` is the entity that asked, `recipient` the one that learns who it is (another one in a
    cluster), `keys_of` the one whose encryption keys are used for that. `browser` is the hash of the
    browser's secret, to which a posted answer is given and to no other; empty for what tells of nobody.
    `name_format` is the kind of NameID that was asked.
    """

    profile: str
    issuer: str
    recipient: str
    keys_of: str
    request_id: str
    address: ReturnAddress
    levels: AskedLevels
    browser: str
    name_format: str = ""

    @property
    def audiences(self) -> tuple[str, ...]:
        """STSAML-4.3: who may use the answer: the service provider, and who asked for it."""
        return tuple(dict.fromkeys((self.recipient, self.issuer)))

    @property
    def relay_limit(self) -> int:
        """SAMLBind-3.4.3: the bytes that a RelayState of this profile may have."""
        return PROFILES[self.profile].relay_limit

    def write(self) -> str:
        """Write the letter down."""
        return letters.write(self)

    def seal(self) -> ReplyTo:
        """Write the letter for the login to carry."""
        return ReplyTo(provider=PROVIDER, letter=self.write(), destination=self.address.consumer)

    @classmethod
    def read(cls, letter: str) -> Letter:
        """Read a letter that this room wrote."""
        return letters.read(letter, cls)

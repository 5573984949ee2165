"""What is said in SAML: frozen values, read by reading.py from what was verified, written by writing.py.

No value here says that it may be believed: that is in the type it came in (`signature.Verified`).
Times are UTC. Texts are as sent, trimmed of nothing.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass, field
from datetime import datetime

from toegang.hot import hot


@hot(frozen=True, slots=True, kw_only=True)
class NameId:
    """Who somebody is (SAMLCore-2.2.3). The text never appears in a log."""

    value: str = field(repr=False)
    format: str = ""
    name_qualifier: str = ""
    sp_name_qualifier: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class EncryptedId:
    """A NameID that only `recipient` can read (SAMLCore-2.2.4); `octets` is the element, canonical.

    `recipient` is the entity that the key was wrapped for (XMLENC-3.5.1), empty when none is named.
    """

    octets: bytes = field(repr=False)
    recipient: str = ""


Value = str | NameId | EncryptedId


@hot(frozen=True, slots=True, kw_only=True)
class Attribute:
    """A name with its values (SAMLCore-2.7.3.1)."""

    name: str
    values: tuple[Value, ...] = field(repr=False)
    name_format: str = ""
    friendly_name: str = ""


class Comparison(enum.StrEnum):
    """How a context class is meant (SAMLCore-3.3.2.2.1)."""

    EXACT = "exact"
    MINIMUM = "minimum"
    MAXIMUM = "maximum"
    BETTER = "better"


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestedContext:
    """The context classes that a request asks, in its order (SAMLCore-3.3.2.2.1).

    None when it asks declarations in their place.
    """

    classes: tuple[str, ...]
    comparison: Comparison = Comparison.EXACT


@dataclass(frozen=True, slots=True, kw_only=True)
class NameIdPolicy:
    """Which kind of name is asked (SAMLCore-3.4.1.1)."""

    format: str = ""
    sp_name_qualifier: str = ""
    allow_create: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Scoping:
    """Which identity providers are asked, and on whose behalf (SAMLCore-3.4.1.2)."""

    providers: tuple[str, ...] = ()
    requesters: tuple[str, ...] = ()
    proxy_count: int | None = None


@hot(frozen=True, slots=True, kw_only=True)
class AuthnRequest:
    """A request for a login (SAMLCore-3.4.1); `extensions` are attributes inside samlp:Extensions."""

    id: str
    issuer: str
    issued_at: datetime
    destination: str = ""
    force_authn: bool = False
    passive: bool = False
    consumer_index: int | None = None
    consumer_url: str = ""
    binding: str = ""
    service_index: int | None = None
    provider_name: str = ""
    requested: RequestedContext | None = None
    name_id_policy: NameIdPolicy | None = None
    scoping: Scoping | None = None
    has_subject: bool = False
    extensions: tuple[Attribute, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """How it went (SAMLCore-3.2.2): a first code, perhaps a second, perhaps a sentence."""

    code: str
    second: str = ""
    message: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirmation:
    """SAMLProf-3.3: by what the assertion may be believed, where, until when and in answer to what."""

    method: str
    recipient: str = ""
    not_before: datetime | None = None
    not_on_or_after: datetime | None = None
    in_response_to: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthnStatement:
    """When and how somebody proved who they are (SAMLCore-2.7.2)."""

    at: datetime
    context_class: str
    session_index: str = ""
    session_until: datetime | None = None
    authorities: tuple[str, ...] = ()


@hot(frozen=True, slots=True, kw_only=True)
class Assertion:
    """What one issuer says of one subject (SAMLCore-2.3.3).

    `advice` holds assertions of others as they were sent: opaque octets, to be verified on their own and
    never read as this login. `one_time` is OneTimeUse.
    """

    id: str
    issuer: str
    issued_at: datetime
    subject: NameId | EncryptedId
    confirmations: tuple[Confirmation, ...] = ()
    not_before: datetime | None = None
    not_on_or_after: datetime | None = None
    audiences: tuple[tuple[str, ...], ...] = ()
    one_time: bool = False
    authn: AuthnStatement | None = None
    attributes: tuple[Attribute, ...] = ()
    advice: tuple[bytes, ...] = field(default=(), repr=False)

    def values(self, name: str) -> tuple[Value, ...]:
        """Return the values of the attribute `name`; empty when it is not there."""
        return next((each.values for each in self.attributes if each.name == name), ())


@hot(frozen=True, slots=True, kw_only=True)
class Response:
    """An answer to a request for a login (SAMLCore-3.3.3); at most one assertion, or one that is encrypted.

    As read, `assertion` was itself signed or stands inside a response that was: which of the two is a
    question for who verified it. `encrypted` is an EncryptedAssertion as it was sent.
    """

    id: str
    issuer: str
    issued_at: datetime
    status: Status
    in_response_to: str = ""
    destination: str = ""
    assertion: Assertion | None = None
    encrypted: bytes | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class ArtifactResolve:
    """A request for the message behind an artifact (SAMLCore-3.5.1)."""

    id: str
    issuer: str
    issued_at: datetime
    artifact: str = field(repr=False)
    destination: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ArtifactResponse:
    """The message behind an artifact, or nothing (SAMLCore-3.5.2); `message` is the element's octets."""

    id: str
    issuer: str
    issued_at: datetime
    status: Status
    in_response_to: str = ""
    destination: str = ""
    message: bytes | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class LogoutRequest:
    """A wish to end sessions (SAMLCore-3.7.1); `reason` is a URI."""

    id: str
    issuer: str
    issued_at: datetime
    subject: NameId | EncryptedId
    destination: str = ""
    not_on_or_after: datetime | None = None
    session_indexes: tuple[str, ...] = ()
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LogoutResponse:
    """How a wish to end sessions went (SAMLCore-3.7.2)."""

    id: str
    issuer: str
    issued_at: datetime
    status: Status
    in_response_to: str = ""
    destination: str = ""


Message = AuthnRequest | Response | ArtifactResolve | ArtifactResponse | LogoutRequest | LogoutResponse

"""What service providers do at the SAML identity provider."""

import enum
from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from toegang.audit.event import Event
from toegang.audit.events.openid import TokenEvent


@dataclass(frozen=True, slots=True, kw_only=True)
class AssertionIssued(TokenEvent):
    """SAMLCore-2.3.3: an assertion was signed and handed over.

    `assertion` is its ID, `digest` the SHA-256 that its signature gives (DigestValue), in hexadecimal: who
    holds an assertion in our name can ask whether it was ever issued, and one that is not in the trail was
    made by a thief of keys.
    """

    name: ClassVar[str] = "assertion:issued"

    assertion: str
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclarationIssued(TokenEvent):
    """STSAML-4.3: beside an assertion, a declaration of who may act for whom was signed and handed over.

    `declaration` is its ID and `digest` the SHA-256 that its signature gives, as of an assertion; `issuer` is
    in whose name it was signed, our register of mandates or the hub in its place, `statement` the statement
    that it declares.
    """

    name: ClassVar[str] = "declaration:issued"

    declaration: str
    digest: str
    issuer: str
    statement: UUID


class ArtifactRefusal(enum.StrEnum):
    """Why nothing was given for an artifact."""

    UNKNOWN = "unknown"  # it never was, or too long ago
    REUSED = "reused"  # it was resolved before
    FOREIGN = "foreign"  # it was given to somebody else, and is good for nobody now


@dataclass(frozen=True, slots=True, kw_only=True)
class ArtifactRefused(Event):
    """SAMLBind-3.6.6: a connection that proved itself asked for the message behind an artifact and got none.

    `client` is the connection that asked, `why` the reason. `reference` is the reference code of the login
    that the artifact came from, where it is known.
    """

    name: ClassVar[str] = "artifact:refused"

    client: str
    why: ArtifactRefusal
    reference: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectionRefused(Event):
    """Somebody did not prove to be the connection that they named.

    `client` is the connection named, if it is registered; None otherwise. `endpoint` is where (`sso`,
    `artifact`, `slo`), `code` the refusal's stable code. Of refusals that are alike in these, the first of a
    minute is recorded, the tenth, the hundredth and so on: `times` says the how manyth it was.
    """

    name: ClassVar[str] = "connection:refused"

    client: str | None
    endpoint: str
    code: str
    times: int = 1

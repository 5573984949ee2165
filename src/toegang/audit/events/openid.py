"""What clients do at the OpenID provider."""

import enum
from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from toegang.audit.event import Event


class TokenEnding(enum.StrEnum):
    """Why tokens stopped being good."""

    CLIENT = "client"  # the client gave them up (RFC7009-2.1)
    REUSE = "reuse"  # a one-time token or code was seen twice (RFC9700-4.14.2)
    LOGOUT = "logout"  # the person logged out
    PROOF = "proof"  # what the person proved counts no more (a new password, misuse, an account ended)
    MANDATE = "mandate"  # what the person acted by for another ended or changed
    CLOSED = "closed"  # the client, service, means or account was closed


class NoticeResult(enum.StrEnum):
    """How telling a client, a connection or a means of a logout ended."""

    DELIVERED = "delivered"
    REFUSED = "refused"
    UNREACHABLE = "unreachable"
    EXPIRED = "expired"
    SKIPPED = "skipped"  # the person went on without it
    UNSUPPORTED = "unsupported"  # it has no address for it, or is not to be told


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientRefused(Event):
    """Somebody did not prove to be the client that they named.

    `client` is the client named, if it is registered; None otherwise, so that no text of an attacker
    enters the trail. `endpoint` is where (`token`, `par`, `introspection`, ...). `code` is the refusal's
    stable code. `proof` says what was wrong with it: `missing` (none came, or none that can be read),
    `credentials` (it is not this client's, or not good now), `replayed` (an assertion, or a proof of
    possession, that was used before). Of the first two, where all else is alike, the first of a minute is
    recorded, the tenth, the hundredth and so on: `times` says the how manyth it was.
    """

    name: ClassVar[str] = "client:refused"

    client: str | None
    endpoint: str
    code: str
    proof: str
    times: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestPushed(Event):
    """RFC9126-2: a client left its request with us before sending the browser.

    `client` is the client, `service` the service that it is about, if the request named one.
    """

    name: ClassVar[str] = "request:pushed"

    client: str
    service: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestRefused(Event):
    """An authorization request was refused before a login began, pushed or brought by a browser.

    `client` is the client named, if it is registered. `code` is the refusal's stable code, `rule` the
    protocol's own word for it (`invalid_scope`), where it has one. Of those by OpenID Connect that are alike
    in these, which anybody can send, the first of a minute is recorded, the tenth, the hundredth and so on:
    `times` says the how manyth it was.
    """

    name: ClassVar[str] = "request:refused"

    client: str | None
    code: str
    rule: str = ""
    times: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenEvent(Event):
    """What every event about a code or a token says.

    `reference` is the reference code of the login that it came from; `client` and `service` are those
    of that login.
    """

    reference: str
    client: str
    service: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeRedeemed(TokenEvent):
    """RFC6749-4.1.3: a code was exchanged for tokens."""

    name: ClassVar[str] = "code:redeemed"


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeReused(TokenEvent):
    """RFC6749-4.1.2: a code that was exchanged already came again; its tokens were revoked."""

    name: ClassVar[str] = "code:reused"


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenRefreshed(TokenEvent):
    """RFC6749-6: a refresh token was exchanged for new tokens."""

    name: ClassVar[str] = "token:refreshed"


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenReused(TokenEvent):
    """RFC9700-4.14.2: a refresh token that was used already came again; its family was revoked."""

    name: ClassVar[str] = "token:reused"


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenRevoked(TokenEvent):
    """Tokens stopped being good before their time.

    `why` says at whose wish.
    """

    name: ClassVar[str] = "token:revoked"

    why: TokenEnding


@dataclass(frozen=True, slots=True, kw_only=True)
class LogoutAsked(Event):
    """OIDCRPL-2: a service or a person asked to end the session.

    `client` is the client that asked; None when the person did so at the hub. `reference` is the
    reference code of the login that it was about, if it was known.
    """

    name: ClassVar[str] = "logout:asked"

    client: str | None = None
    reference: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LogoutNotified(Event):
    """OIDCBCL-2.5, SAMLProf-4.4.3.3: who took part in a session was told that it ended.

    `client` is whom we told (a client, a connection or a means), `reference` the login there, `result` how it
    ended, `attempts` how often it was tried, `channel` whether from server to server (`back`) or by the
    browser (`front`), or neither (`none`).
    """

    name: ClassVar[str] = "logout:notified"

    client: str
    reference: str
    result: NoticeResult
    attempts: int = 1
    channel: str = "back"


@dataclass(frozen=True, slots=True, kw_only=True)
class SystemTokenGiven(Event):
    """RFC6749-4.4: a client got an access token for itself, about no person.

    `client` is the client, `scopes` what the token is good for.
    """

    name: ClassVar[str] = "system:token-given"

    client: str
    scopes: tuple[str, ...]

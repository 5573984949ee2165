"""Push: a notice to an app that something waits for it, by the push service of its browser or telephone.

RFC8030 delivers, RFC8291 seals, RFC8292 says who we are. A notice tells nothing but its kind: what waits,
the app asks us. A subscription is an address that somebody else made up, so only services that the operator
named are called, whatever it says.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import timedelta
from http import HTTPStatus
from typing import TYPE_CHECKING, Final, Protocol, Self
from urllib.parse import urlsplit

from toegang.errors import Malformed, Misconfigured, NotEntitled, OneTimeGone, Unavailable
from toegang.jose.segments import decode, encode
from toegang.jose.sign import sign
from toegang.keys.push import Once, Receiver, seal_push
from toegang.post.handover import seconds_asked
from toegang.post.outbox import Message

if TYPE_CHECKING:
    from datetime import datetime

    from toegang.clock import Clock
    from toegang.ids import Ids
    from toegang.keys.push import PushKey
    from toegang.outbound.client import Outbound
    from toegang.post.outbox import Outbox
    from toegang.units import Unit

KIND: Final = "push"
LOGIN_WAITS: Final = "login-waits"
NEWS: Final = "account-news"
ANSWER_BYTES: Final = 16_384
URL_MOST: Final = 1024  # characters of a subscription's address
TOKEN_LIFE: Final = timedelta(hours=1)  # RFC8292-2: at most a day
TYPE: Final = "JWT"
PADDED: Final = 128  # octets: one size, whatever is told
_TAKEN = frozenset({HTTPStatus.OK, HTTPStatus.CREATED, HTTPStatus.ACCEPTED, HTTPStatus.NO_CONTENT})
_GONE = frozenset({HTTPStatus.NOT_FOUND, HTTPStatus.GONE})
_NEVER = frozenset({HTTPStatus.BAD_REQUEST, HTTPStatus.REQUEST_ENTITY_TOO_LARGE})


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    """PushAPI: where an app can be told something, and for whom that is sealed. It proves nothing."""

    address: str = field(repr=False)
    receiver: Receiver = field(repr=False)

    @classmethod
    def parse(cls, address: str, key: str, auth: str) -> Self:
        """Read a subscription as a browser gives it; whether its service may be called is asked elsewhere.

        Raises:
            Malformed: an address that is no plain one, or nothing can be sealed for it.

        """
        plain = 0 < len(address) <= URL_MOST and address.isascii() and address.isprintable()
        if not plain or any(sign in address for sign in " \\#@"):
            message = "the address of a subscription is an https address of at most 1024 characters"
            raise Malformed(message)
        return cls(address=address, receiver=Receiver(key=decode(key), auth=decode(auth)))

    def written(self) -> dict[str, str]:
        """Return it as it is kept, sealed; `parse` reads it back."""
        return {
            "address": self.address,
            "key": encode(self.receiver.key),
            "auth": encode(self.receiver.auth),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class PushOrigins:
    """The push services that may be called: origins, or all hosts below a name (`https://*.example`)."""

    origins: frozenset[str] = frozenset()
    below: tuple[str, ...] = ()

    @classmethod
    def parse(cls, named: tuple[str, ...]) -> Self:
        """Read them out of the settings.

        Raises:
            Misconfigured: one is not an origin.

        """
        exact = [each for each in named if "://*." not in each]
        below = [each.replace("://*.", "://", 1) for each in named if "://*." in each]
        for each in (*exact, *below):
            if not each or each != _origin(each) or "*" in each:
                message = f"push.services: {each} is no origin, such as https://push.example"
                raise Misconfigured(message)
        return cls(origins=frozenset(exact), below=tuple(below))

    @property
    def some(self) -> bool:
        """Whether anything can be pushed at all."""
        return bool(self.origins or self.below)

    def origin_of(self, address: str) -> str:
        """Return the origin of a push service that may be called.

        Raises:
            NotEntitled: it may not.

        """
        origin = _origin(address)
        scheme, _, place = origin.partition("://")
        if origin in self.origins or any(
            scheme == each.partition("://")[0] and place.endswith("." + each.partition("://")[2])
            for each in self.below
        ):
            return origin
        message = "no push service that we were told to call"
        raise NotEntitled(message)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pushed:
    """What is told: its kind, to which app, until when. `notice` is what its room gets back if it is lost."""

    subscriber: str
    subscription: Subscription
    until: datetime
    kind: str = LOGIN_WAITS
    notice: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class PushPost:
    """The door for notices; `public` is the key that apps subscribe with."""

    outbox: Outbox
    ids: Ids
    services: PushOrigins
    public: bytes

    async def send(self, unit: Unit, pushed: Pushed, now: datetime) -> None:
        """Put a notice in the outbox, for one app, until there is nothing to tell any more.

        Raises:
            NotEntitled: its push service may not be called.

        """
        origin = self.services.origin_of(pushed.subscription.address)
        content = {
            "subscriber": pushed.subscriber,
            "notice": pushed.notice,
            **pushed.subscription.written(),
        }
        message = Message(
            id=self.ids.uuid(),
            kind=KIND,
            to_party=f"push {origin}",
            payload=json.dumps(content).encode(),
            until=pushed.until,
            purpose=pushed.kind,
        )
        await self.outbox.put(unit, message, now)


class Subscribers(Protocol):
    """Whoever keeps subscriptions."""

    async def forget(self, subscriber: str, subscription: Subscription, now: datetime) -> None:
        """Forget the subscription, unless the subscriber has another one by now."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class PushCarrier:
    """Hands notices to push services; each has its own breaker. `contact` is where they can reach us."""

    outbound: Outbound
    services: PushOrigins
    key: PushKey
    contact: str
    subscribers: Subscribers
    clock: Clock

    async def carry(self, message: Message) -> None:
        """RFC8030-5: hand a notice over, sealed anew at each try; the push service keeps it as long as we do.

        Raises:
            Unavailable: the push service did not take it; it may be tried again.
            NotEntitled: it is none that may be called.
            OneTimeGone: the subscription is over (RFC8030-7.3), and forgotten.
            Malformed: the push service will never take it.

        """
        content = json.loads(message.payload)
        subscription = Subscription.parse(content["address"], content["key"], content["auth"])
        origin, now = self.services.origin_of(subscription.address), self.clock.now()
        body = json.dumps({"kind": message.purpose}).encode().ljust(PADDED)
        response = await self.outbound.request(
            f"push {origin}",
            "POST",
            subscription.address,
            headers={
                "TTL": str(max(0, int((message.until - now).total_seconds()))),
                "Urgency": "high",
                "Topic": message.purpose,
                "Content-Type": "application/octet-stream",
                "Content-Encoding": "aes128gcm",
                "Authorization": self._proof(origin, now),
            },
            content=seal_push(body, subscription.receiver, Once.fresh()),
            limit=ANSWER_BYTES,
        )
        if response.status in _TAKEN:
            return
        detail = f"push service answered {response.status}"
        if response.status in _GONE:
            await self.subscribers.forget(content["subscriber"], subscription, now)
            raise OneTimeGone(detail)
        if response.status in _NEVER:
            raise Malformed(detail)
        raise Unavailable(detail, retry_after=seconds_asked(response.headers.get("retry-after", "")))

    def _proof(self, origin: str, now: datetime) -> str:
        """RFC8292-2 and -3: say who we are, to this push service alone."""
        claims = {"aud": origin, "exp": int((now + TOKEN_LIFE).timestamp()), "sub": self.contact}
        return f"vapid t={sign(claims, self.key.record, TYPE)}, k={encode(self.key.public)}"


def _origin(address: str) -> str:
    """Return scheme, host and port of an address, in one spelling; empty for what has none."""
    try:
        parts = urlsplit(address)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return ""
    if parts.scheme not in {"https", "http"} or not host or "@" in parts.netloc:
        return ""
    usual = port is None or (parts.scheme, port) in {("https", 443), ("http", 80)}
    place = f"[{host}]" if ":" in host else host
    return f"{parts.scheme}://{place}" if usual else f"{parts.scheme}://{place}:{port}"

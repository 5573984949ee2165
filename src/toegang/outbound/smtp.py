"""Mail on its way: one message to one server, within the same bounds as every other call.

The server's name is resolved and checked as that of any party, and TLS is as strict as it is there. Without
TLS nothing is said, unless the operator named the host as one that needs none.
"""

from __future__ import annotations

import asyncio
import enum
import ssl
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import aiosmtplib
import httpcore2

from toegang.clock import monotonic
from toegang.errors import Malformed, Misconfigured, Unavailable
from toegang.outbound.addresses import connect_checked
from toegang.outbound.party import Bounds, Party

if TYPE_CHECKING:
    from collections.abc import Callable

    from toegang.outbound.client import Wire

PARTY: Final = "mail-server"
BOUNDS: Final = Bounds(seconds=20.0, parallel=4)
"""Mail servers greet late on purpose; nobody waits for a mail, and a lease of the outbox is longer."""

GOODBYE: Final = 2.0  # seconds
FOR_GOOD: Final = range(500, 600)
FAILURES: Final = (
    aiosmtplib.SMTPException,
    httpcore2.ConnectError,
    ssl.SSLError,
    TimeoutError,
    OSError,
    ValueError,
)


class Security(enum.StrEnum):
    """How the connection is kept from others."""

    TLS = "tls"  # RFC8314-3.3: from the first octet
    STARTTLS = "starttls"  # RFC3207: before anything is said; a server that cannot is not spoken to
    NONE = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class MailServer:
    """A server that takes our mail; `user` is empty where the connection itself proves us.

    `own_name` is what we call ourselves there (RFC5321-4.1.1.1).
    """

    host: str
    port: int
    security: Security
    own_name: str
    user: str = ""
    password: str = field(default="", repr=False)

    def check(self, plain: frozenset[str]) -> None:
        """See that it is one that we may speak to; `plain` are the hosts that need no TLS.

        Raises:
            Misconfigured: it is not.

        """
        if self.security is Security.NONE and self.host not in plain:
            message = "mail.security: `none` only for a host in outbound.plain_http"
            raise Misconfigured(message)
        if bool(self.user) != bool(self.password):
            message = "set mail.user and mail.password_file both, or neither"
            raise Misconfigured(message)


class MailWire:
    """Hands mail to the server. One per node."""

    def __init__(
        self,
        server: MailServer,
        wire: Wire,
        bounds: Bounds = BOUNDS,
        monotonic: Callable[[], float] = monotonic,
    ) -> None:
        """Speak to `server` by the rules of `wire`; `monotonic` measures rests, in seconds.

        Raises:
            Misconfigured: it may not be spoken to that way.

        """
        server.check(wire.plain_http)
        self._server = server
        self._wire = wire
        self._bounds = bounds
        self._party = Party(name=PARTY, bounds=bounds, monotonic=monotonic)

    async def deliver(self, sender: str, to: str, message: bytes) -> None:
        """RFC5321-3.3: hand one message over; returning means that the server answers for it.

        Raises:
            Unavailable: it did not take it, or not in time; it may be tried again.
            Malformed: it will never take this one (RFC5321-4.2.1, a reply of 5yz to its receiver or text).

        """
        with self._party.call():
            refused = await self._hand_over(sender, to, message)
        # Raised out here: a receiver who is refused says nothing of the server, and others' mail goes on.
        if refused is not None:
            raise refused

    async def _hand_over(self, sender: str, to: str, message: bytes) -> Unavailable | Malformed | None:
        client = self._client()
        try:
            async with asyncio.timeout(self._bounds.seconds):
                await self._connect(client)
                await client.sendmail(sender, [to], message)
        except FAILURES as error:
            client.close()
            told = _told(error)
            if isinstance(told, Malformed) or isinstance(error, aiosmtplib.SMTPRecipientsRefused):
                return told
            raise told from None
        except BaseException:
            client.close()
            raise
        # It has the message by now: however we part, the message is not sent again.
        with suppress(*FAILURES):
            await client.quit(timeout=GOODBYE)
        client.close()
        return None

    def _client(self) -> aiosmtplib.SMTP:
        return aiosmtplib.SMTP(
            hostname=self._server.host,
            local_hostname=self._server.own_name,
            timeout=self._bounds.seconds,
            use_tls=self._server.security is Security.TLS,
            start_tls=self._server.security is Security.STARTTLS,
            tls_context=None if self._server.security is Security.NONE else self._wire.tls,
            username=self._server.user or None,
            password=self._server.password or None,
        )

    async def _connect(self, client: aiosmtplib.SMTP) -> None:
        server = self._server
        sock = await connect_checked(self._wire.allowed, server.host, server.port)
        try:
            await client.connect(sock=sock)
        except BaseException:
            sock.close()
            raise


def _told(error: BaseException) -> Unavailable | Malformed:
    """Say what became of it; the server's words may repeat the address, so the code alone is told."""
    if isinstance(error, aiosmtplib.SMTPRecipientsRefused):
        error = error.recipients[0]
    code = error.code if isinstance(error, aiosmtplib.SMTPResponseException) else 0
    detail = f"{PARTY}: {type(error).__name__} {code or ''}".rstrip()
    about_this_one = isinstance(error, aiosmtplib.SMTPRecipientRefused | aiosmtplib.SMTPDataError)
    return Malformed(detail) if about_this_one and code in FOR_GOOD else Unavailable(detail)

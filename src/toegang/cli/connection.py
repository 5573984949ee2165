"""One connection of the server: who dawdles or sends too much is cut off, before any room is asked.

The server's own protocol class waits for ever for a request that never ends, and gathers headers without
end. Here a request must have arrived, body included, `PATIENCE` seconds after its first byte (or after
the connection was made), and its head is held to `HEAD_LIMIT` bytes. Bodies are limited where they are read.

The server's own class also closes, when it stops, a connection that was made and over which nothing was
read yet: who had just connected gets no answer, although other workers serve. Here it stays for `LINGER`
seconds, and what is asked over it is answered.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from toegang.web.telling import STOPPING

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Mapping

PATIENCE = 15.0
"""Seconds that a request may take to arrive."""

HEAD_LIMIT = 65_536
"""Bytes of a request's first line and headers together."""


LINGER = 1.0
"""Seconds that a new connection stays, when the server stops, for a question that is on its way."""


class HeadTooLarge(Exception):
    """Ends the reading of a request; the parser turns it into its own refusal (400)."""


class GuardedConnection(HttpToolsProtocol):
    """The server's HTTP/1.1 protocol, with an end to its patience."""

    _deadline: asyncio.TimerHandle | None = None
    _incomplete = False
    _in_head = True
    _head_bytes = 0
    _asked = _stopping = False
    _state: Mapping[str, Any] = MappingProxyType({})

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin, and begin to wait."""
        super().connection_made(transport)
        self._wait()

    def data_received(self, data: bytes) -> None:
        """Take bytes in, unless the head is growing beyond its limit; wait for what is still to come."""
        if self._in_head:
            self._head_bytes += len(data)
        super().data_received(data)
        # Most requests come whole, and nobody waits for them. What comes after an answer ends the server's
        # own wait for the next request, and may begin none: blank lines, or the rest of a body.
        if self._incomplete or getattr(self.cycle, "response_complete", False):
            self._wait()
        if self._in_head and self._head_bytes > HEAD_LIMIT and not self.transport.is_closing():
            self.send_400_response("Request head too large.")

    def on_message_begin(self) -> None:
        """Begin a request."""
        self._in_head = self._incomplete = True
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        """Have the whole head; it is measured only where it came with too many bytes to be small."""
        self._in_head = False
        if self._head_bytes > HEAD_LIMIT:
            size = len(self.url) + sum(len(name) + len(value) + 4 for name, value in self.headers)
            if size > HEAD_LIMIT:
                raise HeadTooLarge
        self._head_bytes = 0
        self._state = self.scope["state"]
        super().on_headers_complete()
        self._asked = True
        if self._stopping:
            self.cycle.keep_alive = False

    def on_message_complete(self) -> None:
        """Have the whole request: from here on it is we who take our time."""
        self._incomplete = False
        self._stop_waiting()
        super().on_message_complete()

    def connection_lost(self, exc: Exception | None) -> None:
        """End."""
        self._stop_waiting()
        super().connection_lost(exc)

    def shutdown(self) -> None:
        """Stop: a question that is held is answered now, and its page asks another worker."""
        if not (self._asked or self._stopping):
            self._stopping = True
            self.loop.call_later(LINGER, self.shutdown)
            return
        super().shutdown()
        self._state.get(STOPPING, _nothing)()

    def _wait(self) -> None:
        if self._deadline is None:
            self._deadline = self.loop.call_later(PATIENCE, self._give_up)

    def _stop_waiting(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _give_up(self) -> None:
        self._deadline = None
        if not self.transport.is_closing():
            self.transport.abort()


def _nothing() -> None:
    """Hold nothing."""

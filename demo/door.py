"""The door of the hub in the demo: what nginx is for a hub in use (deploy/nginx), with nothing to install.

`python -m demo.door HOME`. The hub listens on a unix socket behind it. People come to one port, without TLS;
servers of partners come to the other, where TLS asks them for a certificate. What the hub believes of a
proxy is written here and never taken over from who asks. It is for one machine: it limits nobody.
"""

from __future__ import annotations

import asyncio
import ssl
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import quote

from demo.certificates import Paper
from demo.places import Guest, Party, Places

LONGEST_HEAD: Final = 64 * 1024
PIECE: Final = 64 * 1024
OURS: Final = frozenset(
    {
        b"connection",
        b"x-client-certificate",
        b"x-client-certificate-verified",
        b"x-forwarded-for",
        b"forwarded",
    }
)
"""Headers that are written over, whatever they said."""

PATIENCE: Final = 30.0  # seconds for the head of a request
SAID: Final = (
    "Toegang antwoordt niet. Probeer het later nog eens.\nToegang does not answer. Try again later.\n"
)
AWAY: Final = (
    "HTTP/1.1 502 Bad Gateway\r\nContent-Type: text/plain; charset=utf-8\r\n"
    f"Content-Length: {len(SAID)}\r\nConnection: close\r\n\r\n{SAID}"
).encode()


@dataclass(frozen=True, slots=True, kw_only=True)
class Door:
    """Passes requests on to the hub's socket, one for each line that is opened."""

    socket: Path

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve one request; the hub closes the line after its answer."""
        try:
            async with asyncio.timeout(PATIENCE):
                head = await reader.readuntil(b"\r\n\r\n")
        except (asyncio.IncompleteReadError, asyncio.LimitOverrunError, ConnectionError, TimeoutError):
            await _close(writer)
            return
        try:
            inner, outer = await asyncio.open_unix_connection(str(self.socket))
        except OSError:  # no socket, or one that a hub that was killed left behind
            writer.write(AWAY)
            await _close(writer)
            return
        outer.write(written_over(head, presented(writer)))
        asking, answering = (asyncio.create_task(_pump(*way)) for way in ((reader, outer), (inner, writer)))
        try:
            await asyncio.wait({asking, answering}, return_when=asyncio.FIRST_COMPLETED)
            # Who asks has hung up: so do we, or the hub keeps the place of a page that was left. A hub that
            # reads no further may still answer.
            if not reader.at_eof() and reader.exception() is None:
                await answering
        finally:
            asking.cancel()
            answering.cancel()
            await _close(outer)
            await _close(writer)


def presented(writer: asyncio.StreamWriter) -> bytes:
    """Return the certificate (DER) that the other side showed and proved to own; empty when it shows none."""
    line = writer.get_extra_info("ssl_object")
    return (line.getpeercert(binary_form=True) or b"") if line else b""


def written_over(head: bytes, certificate: bytes) -> bytes:
    """Return the head of a request with our words in place of those that only a proxy may say."""
    first, *lines = head.removesuffix(b"\r\n\r\n").split(b"\r\n")
    kept = [line for line in lines if line.partition(b":")[0].strip().lower() not in OURS]
    kept += [b"Connection: close", b"X-Forwarded-For: 127.0.0.1"]
    if certificate:
        pem = quote(ssl.DER_cert_to_PEM_cert(certificate), safe="").encode()
        # The authority of the demo vouches for it, or TLS would not have let it through.
        kept += [b"X-Client-Certificate: " + pem, b"X-Client-Certificate-Verified: SUCCESS"]
    return b"\r\n".join([first, *kept, b"", b""])


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while piece := await reader.read(PIECE):
            writer.write(piece)
            await writer.drain()
    except (ConnectionError, ssl.SSLError):
        return


async def _close(writer: asyncio.StreamWriter) -> None:
    writer.close()
    try:
        await writer.wait_closed()
    except (ConnectionError, ssl.SSLError):
        return


def tls(paper: Paper, authority: Path) -> ssl.SSLContext:
    """Ask for certificates, and let in whom the authority vouches for, or who shows none."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.load_cert_chain(paper.certificate, paper.key)
    context.load_verify_locations(authority)
    context.verify_mode = ssl.CERT_OPTIONAL
    return context


async def serve(places: Places) -> None:
    """Serve people and servers until told to stop."""
    door = Door(socket=places.socket)
    paper = Paper(folder=places.folder(Guest.DOOR))
    people = await asyncio.start_server(door.answer, "127.0.0.1", places.port(Party.HUB), limit=LONGEST_HEAD)
    servers = await asyncio.start_server(
        door.answer,
        "127.0.0.1",
        places.port(Guest.DOOR),
        limit=LONGEST_HEAD,
        ssl=tls(paper, places.authority),
    )
    async with people, servers:
        await asyncio.gather(people.serve_forever(), servers.serve_forever())


if __name__ == "__main__":
    asyncio.run(serve(Places.read(Path(sys.argv[1]))))

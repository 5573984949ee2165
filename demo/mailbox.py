"""The mail server, and the mail box of everybody, on a page.

A small server of RFC 5321 on a port of its own: it takes any mail and brings none further. `unknown@` and
whatever an address begins with `no-` it does not know, so that one can see what happens when a mail cannot be
delivered. The mail is in memory, the latest 300, and gone when it stops.
"""

from __future__ import annotations

import asyncio
import contextlib
import email.policy
from dataclasses import dataclass, field
from datetime import datetime
from email.parser import BytesParser
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from starlette.applications import Starlette
from starlette.responses import JSONResponse
from starlette.routing import Route

from demo.web import EVERYWHERE, PAGES, routes_of

if TYPE_CHECKING:
    import ssl
    from collections.abc import AsyncIterator
    from email.message import EmailMessage

    from starlette.requests import Request
    from starlette.responses import Response

    from demo.places import Places

KEPT = 300
LARGEST = 65_536  # octets of a mail
LINE = 1_000  # octets of a line (RFC5321-4.5.3.1.6)
PATIENCE = 30.0  # seconds that a client may be silent
AMSTERDAM = ZoneInfo("Europe/Amsterdam")


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """One mail, as it was handed over: the envelope, its headers and its text."""

    number: int
    sender: str
    to: str
    headers: tuple[tuple[str, str], ...]
    text: str
    raw: bytes = field(repr=False)
    at: datetime

    def header(self, name: str) -> str:
        """Return a header; empty without one."""
        return next((value for key, value in self.headers if key.lower() == name.lower()), "")


@dataclass(slots=True, kw_only=True)
class MailBox:
    """Everybody's mail; `tls` is what STARTTLS begins with, `refuses` the replies to receivers."""

    mails: list[Received] = field(default_factory=list)
    tls: ssl.SSLContext | None = None
    refuses: dict[str, str] = field(default_factory=dict)
    secured: int = 0
    count: int = 0

    def keep(self, sender: str, to: str, raw: bytes) -> None:
        """Keep a mail; the same one again (by its Message-ID) is kept once."""
        mail: EmailMessage = BytesParser(policy=email.policy.default).parsebytes(raw)
        known = [each.header("message-id") for each in self.mails if each.to == to]
        if mail["message-id"] and str(mail["message-id"]) in known:
            return
        self.count += 1
        body = mail.get_body(("plain",))
        received = Received(
            number=self.count,
            sender=sender,
            to=to,
            headers=tuple((key, str(value)) for key, value in mail.items()),
            text=str(body.get_content()) if body else "",
            raw=raw,
            at=datetime.now(AMSTERDAM),
        )
        self.mails = [*self.mails[-KEPT + 1 :], received]

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Speak with one client until it leaves."""
        talk = Talk(box=self, reader=reader, writer=writer)
        with contextlib.suppress(OSError, TimeoutError, asyncio.IncompleteReadError, ValueError):
            await talk.run()
        writer.close()

    async def show(self, request: Request) -> Response:
        """Show all mail, the newest first."""
        return PAGES.TemplateResponse(request, "mailbox.html", {"mails": self.mails[::-1]})

    async def show_one(self, request: Request) -> Response:
        """Show one mail."""
        number = int(request.path_params["number"])
        found = next((each for each in self.mails if each.number == number), None)
        return PAGES.TemplateResponse(request, "mail.html", {"mail": found}, 200 if found else 404)

    async def as_json(self, _: Request) -> Response:
        """List all mail, newest first, for programs."""
        return JSONResponse(
            [
                {
                    "id": str(each.number),
                    "address": [each.to],
                    "subject": each.header("subject"),
                    "text": each.text,
                }
                for each in reversed(self.mails)
            ]
        )


@dataclass(slots=True, kw_only=True)
class Talk:
    """One connection: what was said so far in it."""

    box: MailBox
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    sender: str = ""
    to: list[str] = field(default_factory=list)

    async def run(self) -> None:
        """RFC5321-3: answer each command until QUIT."""
        await self.say("220 mail.demo.example ready")
        while line := await self.heard():
            verb, _, rest = line.partition(" ")
            if verb.upper() == "QUIT":
                await self.say("221 bye")
                return
            await self.answer(verb.upper(), rest)

    async def answer(self, verb: str, rest: str) -> None:
        """Answer one command."""
        if verb in {"EHLO", "HELO"}:
            offers = ["mail.demo.example", "8BITMIME", f"SIZE {LARGEST}"]
            offers += ["STARTTLS"] if self.box.tls and not self.secure else []
            lines = [f"250-{each}" for each in offers[:-1]] + [f"250 {offers[-1]}"]
            await self.say("\r\n".join(lines))
        elif verb == "STARTTLS" and self.box.tls and not self.secure:
            await self.say("220 go ahead")
            await self.writer.start_tls(self.box.tls)
            self.box.secured += 1
        elif verb == "MAIL":
            self.sender, self.to = _address(rest), []
            await self.say("250 ok")
        elif verb == "RCPT":
            await self.receiver(_address(rest))
        elif verb == "DATA" and self.to:
            await self.data()
        elif verb in {"RSET", "NOOP"}:
            self.to = []
            await self.say("250 ok")
        else:
            await self.say("503 not now" if verb == "DATA" else "502 not here")

    async def receiver(self, to: str) -> None:
        """Take a receiver, or say that there is none."""
        refused = self.box.refuses.get(to)
        if refused is None and to.partition("@")[0].lower().startswith(("unknown", "no-")):
            refused = "550 no such mail box"
        if refused is None:
            self.to.append(to)
        await self.say(refused or "250 ok")

    async def data(self) -> None:
        """RFC5321-4.5.2: take the mail up to the line with a full stop alone."""
        await self.say("354 go on")
        lines: list[bytes] = []
        while (line := await self.line()) != b".\r\n":
            lines.append(line[1:] if line.startswith(b".") else line)
            if sum(map(len, lines)) > LARGEST:
                message = "too large"
                raise ValueError(message)
        for each in self.to:
            self.box.keep(self.sender, each, b"".join(lines))
        self.to = []
        await self.say("250 taken")

    @property
    def secure(self) -> bool:
        """Whether TLS began."""
        return self.writer.get_extra_info("sslcontext") is not None

    async def heard(self) -> str:
        """Return the next command; empty at the end."""
        return (await self.line()).decode("ascii", "replace").rstrip("\r\n")

    async def line(self) -> bytes:
        """Read one whole line."""
        async with asyncio.timeout(PATIENCE):
            line = await self.reader.readuntil(b"\n")
        if len(line) > LINE or not line.endswith(b"\r\n"):
            message = "no line of the protocol"
            raise ValueError(message)
        return line

    async def say(self, text: str) -> None:
        """Answer."""
        self.writer.write(text.encode() + b"\r\n")
        await self.writer.drain()


def build(places: Places) -> Starlette:
    """Make the mail box; its mail server listens as long as it does."""
    box = MailBox()

    @contextlib.asynccontextmanager
    async def listening(_: Starlette) -> AsyncIterator[None]:
        server = await asyncio.start_server(box.serve, "127.0.0.1", places.mail_port)
        async with server:
            yield

    routes = routes_of(
        Route("/", box.show),
        Route("/mails/{number:int}", box.show_one),
        Route("/mails.json", box.as_json),
    )
    return Starlette(routes=routes, middleware=EVERYWHERE, lifespan=listening)


def _address(rest: str) -> str:
    return rest.partition("<")[2].partition(">")[0]

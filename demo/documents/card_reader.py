"""A reader for cards: here the PIN is typed, and from here it never travels.

It opens a card with PACE, says what the hub asks about that opening, and relays: what is said in the open it
protects in the channel that it opened; what comes protected it sends as it is.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from demo.documents.cards import PIN, UNBLOCKING, SoftwareCard, parts_of
from toegang.emrtd import apdu, pace
from toegang.emrtd.apdu import Command, Response
from toegang.emrtd.secure_messaging import Channel
from toegang.emrtd.security_infos import parse

_CARD_ACCESS: Final = 0x011C
_TRIES: Final = 0x63C0


class PinWrongError(Exception):
    """The card did not open; so many tries are left (0: blocked), None where the card does not count."""

    def __init__(self, tries_left: int | None) -> None:
        """Say how many."""
        super().__init__(f"{tries_left} tries left")
        self.tries_left = tries_left


@dataclass(frozen=True, kw_only=True)
class Secret:
    """What the holder of a card knows, with its number in PACE."""

    reference: int
    password: bytes = field(repr=False)


@dataclass(frozen=True, kw_only=True)
class Opening:
    """What the hub is told about an opened card."""

    card_access: bytes
    chip: bytes
    authorities: tuple[bytes, ...]


@dataclass(kw_only=True)
class CardReader:
    """A reader with a card on it."""

    card: SoftwareCard
    channel: Channel | None = field(default=None, init=False)

    def open(self, pin: str, template: bytes = b"") -> Opening:
        """Open the card with its PIN, for a terminal with these rights.

        Raises:
            PinWrongError: it did not open.

        """
        return self._open(Secret(reference=PIN, password=pin.encode()), template)

    def unblock(self, code: str) -> None:
        """Give the PIN its tries back, with the code that unblocks it.

        Raises:
            PinWrongError: the code is another; the card does not count how often.

        """
        self._open(Secret(reference=UNBLOCKING, password=code.encode()), b"")
        apdu.succeeded(self._say(Command(ins=0x2C, p1=3, p2=3)), "the tries")

    def relay(self, commands: Iterable[bytes]) -> tuple[bytes, ...]:
        """Send these commands, in order."""
        return tuple(self._relayed(each) for each in commands)

    def _open(self, secret: Secret, template: bytes) -> Opening:
        self.card.reset()
        self.channel = None
        self._say(apdu.select_file(_CARD_ACCESS))
        card_access = self._say(apdu.read_on(0, 256)).data
        way = pace.choose(parse(card_access))
        first, second = (way.curve.scalar(os.urandom(way.curve.size + 8)) for _ in range(2))
        begun = self._say(pace.set_up(way, secret, template=template))
        if begun.status == _TRIES:
            raise PinWrongError(0)
        mapping, command = pace.map_nonce(way, secret, self._say(pace.ask_nonce(begun)), first)
        agreement, command = pace.agree(mapping, self._say(command), second)
        answer = self._say(command)
        confirmation, command = pace.confirm(agreement, answer)
        ended = self._say(command)
        if ended.status != apdu.SUCCESS:
            raise PinWrongError(ended.status & 0x0F if ended.status & 0xFFF0 == _TRIES else None)
        self.channel = pace.finish(confirmation, ended)
        point = parts_of(parts_of(answer.data)[0x7C])[0x84]
        said = parts_of(parts_of(ended.data)[0x7C])
        known = tuple(said[tag] for tag in (0x87, 0x88) if tag in said)
        return Opening(card_access=card_access, chip=point[1 : 1 + way.curve.size], authorities=known)

    def _relayed(self, octets: bytes) -> bytes:
        if octets[0] & 0x0C or self.channel is None:
            return self.card.send(octets)
        command = _command(octets)
        return self._say(command).encode()

    def _say(self, command: Command) -> Response:
        if self.channel is None:
            return Response.parse(self.card.send(command.encode()))
        asked, protected = self.channel.protect(command)
        answer = Response.parse(self.card.send(protected.encode()))
        self.channel, opened = asked.open(answer)
        return opened


def _command(octets: bytes) -> Command:
    """Read a command as it travels, to protect it."""
    header, rest = octets[:4], octets[4:]
    data, expected = b"", None
    if len(rest) == 1:
        expected = rest[0] or 256
    elif rest and rest[0]:
        data, tail = rest[1 : 1 + rest[0]], rest[1 + rest[0] :]
        expected = (tail[0] or 256) if tail else None
    elif rest:
        size = int.from_bytes(rest[1:3], "big")
        data, tail = rest[3 : 3 + size], rest[3 + size :]
        expected = (int.from_bytes(tail, "big") or 65536) if tail else None
    cla, ins, p1, p2 = header
    return Command(cla=cla, ins=ins, p1=p1, p2=p2, data=data, expected=expected)

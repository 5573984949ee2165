"""The server's side of a whole conversation with a chip, as a reader relays it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from demo.documents.chip import SoftwareChip
from demo.documents.papers import LICENCE, Paper
from toegang.emrtd import apdu, bac, chip_authentication, pace
from toegang.emrtd.access import AccessKey
from toegang.emrtd.apdu import Command, Response
from toegang.emrtd.data_groups import Application, read_protocols
from toegang.emrtd.document import UnverifiedDocument
from toegang.emrtd.licence import LicenceLine
from toegang.emrtd.mrz import Mrz
from toegang.emrtd.reading import advance
from toegang.emrtd.rounds import Round
from toegang.emrtd.secure_messaging import Channel
from toegang.emrtd.security_infos import parse
from toegang.emrtd.sessions import Session

PIECE = 200  # octets that are read at once


@dataclass
class Conversation:
    """A channel to a chip, and the chip."""

    chip: SoftwareChip
    channel: Channel | None = None

    def say(self, command: Command) -> Response:
        """Send one command, in the channel when there is one."""
        if self.channel is None:
            return Response.parse(self.chip.send(command.encode()))
        channel, protected = self.channel.protect(command)
        answer = Response.parse(self.chip.send(protected.encode()))
        self.channel, response = channel.open(answer)
        return response

    def file(self, short: int) -> bytes:
        """Read a whole file."""
        found = apdu.succeeded(self.say(apdu.read_file(short, PIECE)), f"file {short}")
        while len(piece := apdu.succeeded(self.say(apdu.read_on(len(found), PIECE)), "more of it")) == PIECE:
            found += piece
        return found + piece


def key_of(paper: Paper) -> AccessKey:
    """Return what is printed on it for machines."""
    if paper.application == LICENCE:
        return LicenceLine.parse(paper.printed).key
    return Mrz.parse(paper.printed).key


def can_of(paper: Paper) -> AccessKey:
    return AccessKey.of_can(paper.can)


def session_for(paper: Paper | None = None, number: int = 1) -> Session:
    """Start a session; another number is another session."""
    return Session(
        nonce=bytes([number]) * 32, secret=bytes([0x80 | number]) * 32, key=key_of(paper) if paper else None
    )


def open_basic(talk: Conversation, key: AccessKey, session: Session) -> None:
    answer = talk.say(apdu.get_challenge())
    begun, command = bac.begin(key, answer, session.private("bac", 24))
    talk.channel = bac.finish(begun, talk.say(command))


def open_pace(talk: Conversation, key: AccessKey, session: Session, card_access: bytes) -> None:
    way = pace.choose(parse(card_access))
    first, second = (
        way.curve.scalar(session.private(label, way.curve.size + 8)) for label in ("map", "agree")
    )
    command = pace.ask_nonce(talk.say(pace.set_up(way, key)))
    mapping, command = pace.map_nonce(way, key, talk.say(command), first)
    agreement, command = pace.agree(mapping, talk.say(command), second)
    confirmation, command = pace.confirm(agreement, talk.say(command))
    talk.channel = pace.finish(confirmation, talk.say(command))


def relay(chip: SoftwareChip, session: Session, application: Application) -> list[Round]:
    """Relay until all was said, as a reader does; return what the chip answered."""
    answers: list[Round] = []
    while isinstance(sent := advance(session, application, answers), tuple):
        answers.append(tuple(chip.send(command) for command in sent))
    return answers


def application_of(paper: Paper) -> Application:
    return Application.LICENCE if paper.application == LICENCE else Application.TRAVEL


def read_chip(
    paper: Paper,
    session: Session,
    *,
    key: AccessKey | None = None,
    active: bool = True,
    chip: bool = True,
) -> UnverifiedDocument:
    """Read a chip with every proof that it offers, and leave out those that are not wanted."""
    asked = replace(session, key=key or key_of(paper))
    application = application_of(paper)
    answers = relay(SoftwareChip(paper=paper), asked, application)
    found = advance(asked, application, answers)
    if not isinstance(found, UnverifiedDocument):
        raise TypeError(found)
    return replace(found, active=found.active if active else None, chip=found.chip if chip else None)


def prove_chip(talk: Conversation, file: bytes, session: Session) -> bytes:
    """Agree on a new channel and return the chip's first answer in it."""
    key = chip_authentication.choose(read_protocols(file))
    for command in chip_authentication.commands(key, session):
        apdu.succeeded(talk.say(command), "chip authentication")
    return talk.chip.send(chip_authentication.proof_command(key, session).encode())

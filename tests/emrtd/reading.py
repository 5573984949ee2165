"""The server's side of a whole conversation with a chip, as a reader relays it."""

from __future__ import annotations

from dataclasses import dataclass

from demo.documents.chip import SoftwareChip
from demo.documents.papers import LICENCE, Paper
from toegang.emrtd import active_authentication, apdu, bac, chip_authentication, pace
from toegang.emrtd.access import Access, AccessKey
from toegang.emrtd.apdu import Command, Response
from toegang.emrtd.data_groups import (
    SHORT_COM,
    SHORT_SECURITY_OBJECT,
    Application,
    announced_by,
    read_com,
    read_protocols,
)
from toegang.emrtd.document import UnverifiedDocument
from toegang.emrtd.licence import LicenceLine
from toegang.emrtd.mrz import Mrz
from toegang.emrtd.secure_messaging import Channel
from toegang.emrtd.security_infos import parse
from toegang.emrtd.sessions import Session

CARD_ACCESS = 0x011C
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


def read_chip(
    paper: Paper,
    session: Session,
    *,
    access: Access | None = None,
    key: AccessKey | None = None,
    active: bool = True,
    chip: bool = True,
    device: SoftwareChip | None = None,
) -> UnverifiedDocument:
    """Open a chip, read it, and ask for every proof that it offers."""
    talk = Conversation(device or SoftwareChip(paper=paper))
    key = key or key_of(paper)
    access = access or (Access.PACE if paper.card_access else Access.BAC)
    card_access = None
    if paper.card_access is not None:
        apdu.succeeded(talk.say(apdu.select_file(CARD_ACCESS)), "EF.CardAccess")
        card_access = apdu.succeeded(talk.say(apdu.read_on(0, 256)), "EF.CardAccess")
    if access is Access.PACE:
        open_pace(talk, key, session, card_access or b"")
    apdu.succeeded(talk.say(apdu.select_application(paper.application)), "the application")
    if access is Access.BAC:
        open_basic(talk, key, session)
    application = Application.LICENCE if paper.application == LICENCE else Application.TRAVEL
    numbers = sorted(announced_by(read_com(talk.file(SHORT_COM)), application))
    groups = {number: talk.file(number) for number in numbers}
    signed = None
    if active and application.active_group in groups:
        signed = apdu.succeeded(talk.say(active_authentication.command(session)), "active authentication")
    security_object = talk.file(SHORT_SECURITY_OBJECT)
    proof = prove_chip(talk, groups[14], session) if chip and paper.chip_key else None
    return UnverifiedDocument(
        application=application,
        security_object=security_object,
        groups=groups,
        access=access,
        card_access=card_access,
        active=signed,
        chip=proof,
    )


def prove_chip(talk: Conversation, file: bytes, session: Session) -> bytes:
    """Agree on a new channel and return the chip's first answer in it."""
    key = chip_authentication.choose(read_protocols(file))
    for command in chip_authentication.commands(key, session):
        apdu.succeeded(talk.say(command), "chip authentication")
    return talk.chip.send(chip_authentication.proof_command(key, session).encode())

"""A whole conversation with a chip: what a reader sends next, and in the end what it read.

    advance(session, application, [])          the first round: commands for the reader to send, in order
    advance(session, application, [answers])   the next, after the answers to it; and so on
    ...                                        in the end an `UnverifiedDocument`, for verify.py

Everything follows from the session and from what the chip answered, so only the answers are kept: each round
is computed from the beginning. Commands that need no answer of each other travel in one round.
"""

from __future__ import annotations

from collections.abc import Generator, Sequence
from typing import Final

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from toegang.emrtd import active_authentication, apdu, bac, chip_authentication, pace
from toegang.emrtd.access import Access, AccessKey
from toegang.emrtd.apdu import Command, Response, succeeded
from toegang.emrtd.data_groups import (
    DETAILS,
    LONGEST_FILE,
    PERSON,
    PROTOCOLS,
    SHORT_COM,
    SHORT_SECURITY_OBJECT,
    Application,
    announced_by,
    read_active_key,
    read_com,
    read_protocols,
)
from toegang.emrtd.document import UnverifiedDocument
from toegang.emrtd.faults import Fault, refuse
from toegang.emrtd.rounds import Round, openly, run, within
from toegang.emrtd.secure_messaging import Channel
from toegang.emrtd.security_infos import parse
from toegang.emrtd.sessions import Session
from toegang.emrtd.tlv import whole_size

Dialogue = Generator[Round, Round, UnverifiedDocument]

CARD_ACCESS: Final = 0x011C
HEAD: Final = 8
"""Octets of a file that are read first: they say how long it is."""
PIECE: Final = 223
"""Octets that are read at once: with what protects them they fit a short answer."""
LONGEST_READ: Final = 32_767
"""Octets of a file that READ BINARY reaches (ICAO9303-10-3.6.3)."""


def advance(
    session: Session, application: Application, answers: Sequence[Round]
) -> Round | UnverifiedDocument:
    """Return what the reader sends next after all these answers, or what it read when all was said.

    Raises:
        DocumentRefused: the chip does not open with the key of the session, or says what no chip says;
            `UNREADABLE` too when there are more or fewer answers than commands.

    """
    return run(_dialogue(session, application), answers)


def _dialogue(session: Session, application: Application) -> Dialogue:
    """ICAO9303-11-4.2, J.1: open, read, and ask for every proof that the chip offers.

    1. EF.CardAccess, in the open. Where it offers PACE the chip is opened by that, else by basic access.
    2. EF.COM says what there is; of that the person, its details, the protocols and the keys are read.
    3. Active authentication, where there is a key for it.
    4. Chip authentication, where there is a key for it: last, because it begins a new channel.
    """
    key = session.key
    if key is None:
        refuse(Fault.ACCESS_REFUSED, "a chip is opened by what is printed on it")
    # 1.
    card_access = yield from _card_access()
    chosen = apdu.select_application(_NAMES[application])
    if card_access is not None and parse(card_access).offers_pace:
        access, channel = Access.PACE, (yield from _by_pace(key, session, card_access))
        channel, (answer,) = yield from within(channel, [chosen])
        succeeded(answer, "the application")
    else:
        succeeded((yield from _ask(chosen)), "the application")
        access, channel = Access.BAC, (yield from _by_basic_access(key, session))
    # 2.
    channel, [com] = yield from _read(channel, [SHORT_COM])
    wanted = {PERSON, DETAILS, PROTOCOLS, application.active_group}
    if application is Application.LICENCE:
        wanted -= {DETAILS}  # a licence has the BSN there, in a form that is not published
    numbers = sorted(wanted & announced_by(read_com(com), application))
    channel, files = yield from _read(channel, [*numbers, SHORT_SECURITY_OBJECT])
    groups = dict(zip(numbers, files, strict=False))
    # 3.
    active = None
    if application.active_group in groups:
        # ICAO9303-11-6.1.4: a signature by a long key needs the extended form.
        public = read_active_key(groups[application.active_group], application)
        question = active_authentication.command(session, extended=isinstance(public, RSAPublicKey))
        channel, (answer,) = yield from within(channel, [question])
        active = succeeded(answer, "active authentication", Fault.CHIP_NOT_PROVEN)
    # 4.
    chip = yield from _prove(channel, groups.get(PROTOCOLS), session)
    return UnverifiedDocument(
        application=application,
        security_object=files[-1],
        groups=groups,
        access=access,
        card_access=card_access,
        active=active,
        chip=chip,
    )


_NAMES: Final = {
    Application.TRAVEL: apdu.TRAVEL_APPLICATION,
    Application.LICENCE: apdu.LICENCE_APPLICATION,
}


def _card_access() -> Generator[Round, Round, bytes | None]:
    """ICAO9303-10-3.11.3: EF.CardAccess, None where the chip has none."""
    chosen, head = yield from openly([apdu.select_file(CARD_ACCESS), apdu.read_on(0, HEAD)])
    if chosen.status != apdu.SUCCESS:
        return None
    start = succeeded(head, "EF.CardAccess")
    pieces = yield from openly(_pieces(len(start), _size(start)))
    return start + b"".join(succeeded(each, "EF.CardAccess") for each in pieces)


def _by_pace(key: AccessKey, session: Session, card_access: bytes) -> Generator[Round, Round, Channel]:
    way = pace.choose(parse(card_access))
    first, second = (
        way.curve.scalar(session.private(label, way.curve.size + 8)) for label in ("pace map", "pace agree")
    )
    several = len({info.parameter for info in parse(card_access).pace if info.protocol == way.protocol}) > 1
    command = pace.ask_nonce((yield from _ask(pace.set_up(way, key, ambiguous=several))))
    mapping, command = pace.map_nonce(way, key, (yield from _ask(command)), first)
    agreement, command = pace.agree(mapping, (yield from _ask(command)), second)
    confirmation, command = pace.confirm(agreement, (yield from _ask(command)))
    return pace.finish(confirmation, (yield from _ask(command)))


def _by_basic_access(key: AccessKey, session: Session) -> Generator[Round, Round, Channel]:
    random = session.private("basic access", bac.CHALLENGE_SIZE + bac.KEY_SIZE)
    begun, command = bac.begin(key, (yield from _ask(apdu.get_challenge())), random)
    return bac.finish(begun, (yield from _ask(command)))


def _prove(channel: Channel, file: bytes | None, session: Session) -> Generator[Round, Round, bytes | None]:
    """ICAO9303-11-6.2: agree on a new channel, and bring the first answer in it as it is."""
    spoken = read_protocols(file) if file is not None else None
    if spoken is None or not spoken.chip_keys:
        return None
    key = chip_authentication.choose(spoken)
    channel, answers = yield from within(channel, chip_authentication.commands(key, session))
    for each in answers:
        succeeded(each, "chip authentication", Fault.CHIP_NOT_PROVEN)
    (answer,) = yield (chip_authentication.proof_command(key, session).encode(),)
    return answer


def _read(channel: Channel, shorts: list[int]) -> Generator[Round, Round, tuple[Channel, list[bytes]]]:
    """ICAO9303-10-3.6.3: read files: first how long each is, then all of them."""
    channel, heads = yield from within(channel, [apdu.read_file(short, HEAD) for short in shorts])
    starts = [succeeded(head, f"file {short:02X}") for short, head in zip(shorts, heads, strict=True)]
    commands: list[Command] = []
    for short, start in zip(shorts, starts, strict=True):
        commands += [apdu.read_file(short, len(start)), *_pieces(len(start), _size(start))]
    channel, answers = yield from within(channel, commands)
    pieces = iter(answers)
    files = []
    for short, start in zip(shorts, starts, strict=True):
        count = 1 + len(_pieces(len(start), _size(start)))
        files.append(b"".join(succeeded(next(pieces), f"file {short:02X}") for _ in range(count)))
    return channel, files


def _size(start: bytes) -> int:
    size = whole_size(start)
    if size > min(LONGEST_FILE, LONGEST_READ):
        refuse(Fault.TOO_LARGE, "a file that is longer than what is read")
    return size


def _pieces(read: int, size: int) -> list[Command]:
    return [apdu.read_on(at, min(PIECE, size - at)) for at in range(read, size, PIECE)]


def _ask(command: Command) -> Generator[Round, Round, Response]:
    """Say one thing in the open."""
    (answer,) = yield from openly([command])
    return answer

"""The interface for readers (docs/protocols/reader.md), which relay commands to a chip."""

from __future__ import annotations

import json as plain
from typing import TYPE_CHECKING

from toegang.catalogue.values import Text
from toegang.errors import Malformed
from toegang.jose.segments import decode, encode
from toegang.means.reader.conversation import Accepted, Question, Refused, Said
from toegang.web.app_api import where_of
from toegang.web.calls import CREATED, SECRET_MOST, both, spoken
from toegang.web.visits import read_visit

if TYPE_CHECKING:
    from starlette.responses import Response

    from toegang.means.reader.readers import Turn
    from toegang.web.calls import Said as Call

BASE = "/reader/v1"
LIMIT = 131_072  # bytes of a request: a round in which a whole file is read
CODE_MOST = 32  # characters that may be typed for a code
ANSWERS_MOST = 512
GIVEN_MOST = 4096  # bytes

PURPOSES = {
    "document": Text(nl="identiteitsbewijs controleren", en="check an identity document"),
    "card-login": Text(nl="inloggen met uw kaart", en="log in with your card"),
    "card-activation": Text(nl="uw kaart klaarmaken om in te loggen", en="make your card ready to log in"),
}
"""What a reader shows of why it reads; a purpose without words is shown as it is called."""


async def take(call: Call) -> Response:
    """Take a session by its code."""
    network = read_visit(call.request, call.rooms.cookies, call.rooms.ids).visitor.network
    turn = await call.rooms.readers.take(call.text("code", CODE_MOST), network, call.now)
    kept = turn.kept
    name = PURPOSES.get(kept.purpose, Text(nl=kept.purpose, en=kept.purpose))
    content = {
        "session": turn.session,
        "until": kept.until,
        "purpose": kept.purpose,
        "language": kept.language,
        "details": {"purpose": both(name), "reference": kept.reference, **where_of(kept.place)},
        **_next(turn),
    }
    return call.answer(content, CREATED)


async def give(call: Call) -> Response:
    """Take what the reader's person gave."""
    given = call.body.get("given")
    if not isinstance(given, dict):
        message = "given is not an object"
        raise Malformed(message)
    octets = plain.dumps(given, ensure_ascii=False).encode()
    if len(octets) > GIVEN_MOST:
        message = f"given is more than {GIVEN_MOST} octets"
        raise Malformed(message)
    return await _say(call, Said(given=octets))


async def answer(call: Call) -> Response:
    """Take what a chip answered."""
    answers = call.body.get("answers")
    if not isinstance(answers, list) or not 0 < len(answers) <= ANSWERS_MOST:
        message = "answers is not a list of answers"
        raise Malformed(message)
    if not all(isinstance(each, str) for each in answers):
        message = "an answer that is no text"
        raise Malformed(message)
    return await _say(call, Said(answers=tuple(decode(each) for each in answers)))


async def leave(call: Call) -> Response:
    """End a session."""
    await call.rooms.readers.leave(call.session, call.now)
    return call.nothing()


async def _say(call: Call, said: Said) -> Response:
    turn = await call.rooms.readers.say(call.session, call.text("turn", SECRET_MOST), said, call.now)
    return call.answer(_next(turn))


def _next(turn: Turn) -> dict[str, object]:
    """Return what a reader does next, or how it ended."""
    found = turn.next
    if isinstance(found, Accepted):
        return {"outcome": "accepted"}
    if isinstance(found, Refused):
        return {"outcome": "refused", "advice": found.advice}
    if isinstance(found, Question):
        return {"turn": turn.turn, "asks": list(found.asks), "about": dict(found.about)}
    return {"turn": turn.turn, "commands": [encode(each) for each in found]}


ROUTES = (
    ("POST", BASE + "/sessions", spoken(take)),
    ("POST", BASE + "/sessions/{session}/given", spoken(give)),
    ("POST", BASE + "/sessions/{session}/answers", spoken(answer, LIMIT)),
    ("POST", BASE + "/sessions/{session}/end", spoken(leave)),
)

"""The app's interface (docs/protocols/app.md): JSON in and out, no cookies, problems as RFC 9457 has them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from toegang.catalogue.values import Text
from toegang.errors import Malformed
from toegang.means.app import statements
from toegang.means.app.logging_in import shown
from toegang.means.app.pairing import Flow
from toegang.web.agents import UNKNOWN
from toegang.web.calls import CREATED, SECRET_MOST, both, spoken
from toegang.web.visits import read_visit

if TYPE_CHECKING:
    from starlette.responses import Response

    from toegang.means.app.pairing import Pairing, Whereabouts
    from toegang.web.calls import Said

BASE = "/app/v1"
NUMBER_MOST = 10
CODE_MOST = 64


async def open_contact(said: Said) -> Response:
    """Open a contact."""
    opened = await said.rooms.apps.meeting.open_contact(_network(said), said.now)
    content = {"contact": opened.contact, "code": opened.code, "until": opened.until}
    return said.answer(content, CREATED)


async def scan(said: Said) -> Response:
    """Take what was scanned."""
    contact, token = said.text("contact", SECRET_MOST), said.text("token", SECRET_MOST)
    number = said.text("number", NUMBER_MOST)
    if bool(token) is bool(number) or (number and not contact):
        message = "a token, or a number with its contact"
        raise Malformed(message)
    scanned = await said.rooms.apps.meeting.scan(contact, token, number, said.now)
    return _asked(said, scanned.session, scanned.pairing)


async def bring_desk_code(said: Said) -> Response:
    """Take the code of a desk, with which an app is added."""
    code = said.text("code", CODE_MOST)
    scanned = await said.rooms.apps.at_desk.app.redeem(code, _network(said), said.now)
    return _asked(said, scanned.session, scanned.pairing)


async def give_challenge(said: Said) -> Response:
    """Give a challenge for what an app asks by itself."""
    given = await said.rooms.apps.subscribing.ask(_network(said), said.now)
    content = {"session": given.session, "challenge": given.challenge, "until": given.until}
    return said.answer(content, CREATED)


async def subscribe(said: Said) -> Response:
    """Let an app be told by push when a login waits."""
    unproven = statements.read(said.body.get("device"))
    await said.rooms.apps.subscribing.subscribe(said.session, unproven, said.now)
    return said.nothing()


async def waiting(said: Said) -> Response:
    """Tell an app whether a login waits for it; not yet which."""
    unproven = statements.read(said.body.get("device"))
    waits = await said.rooms.apps.calling.waiting(said.session, unproven, said.now)
    return said.answer({"session": waits.session, "challenge": waits.challenge, "until": waits.until})


async def match(said: Said) -> Response:
    """Take the number of the page that waits; tell what it is."""
    unproven = statements.read(said.body.get("device"))
    pairing = await said.rooms.apps.calling.match(said.session, unproven, said.now)
    return _asked(said, said.session, pairing)


async def change_pin(said: Said) -> Response:
    """Put another PIN key in the place of the one that signs beside it."""
    body = said.body
    unproven = statements.read_pin_change(body.get("device"), body.get("pin"), body.get("new_pin"))
    return said.answer({"turn": await said.rooms.apps.pin_change.change(said.session, unproven, said.now)})


async def leave(said: Said) -> Response:
    """Stop an app that its own device gives up."""
    await said.rooms.apps.leaving.leave(said.session, statements.read(said.body.get("device")), said.now)
    return said.nothing()


async def take_key(said: Said) -> Response:
    """Take a device key."""
    key = statements.read_device_key(said.body.get("device_key"))
    unproven = statements.read(said.body.get("statement"))
    keyed = await said.rooms.apps.activation.key(said.session, key, unproven, said.now)
    return said.answer({"app": str(keyed.app), "challenge": keyed.challenge})


async def take_pin(said: Said) -> Response:
    """Take a PIN key."""
    unproven = statements.read(said.body.get("device"), said.body.get("pin"), with_pin=True)
    done = await said.rooms.apps.activation.pin(said.session, unproven, said.now)
    content: dict[str, object] = {"app": str(done.app), "status": done.status.value, "turn": done.turn}
    if done.until is not None:
        content |= {"challenge": done.challenge, "until": done.until}
    return said.answer(content, CREATED)


async def take_letter_code(said: Said) -> Response:
    """Take the code of a letter."""
    unproven, code = statements.read(said.body.get("device")), said.text("code", CODE_MOST)
    done = await said.rooms.apps.activation.letter(said.session, unproven, code, said.now)
    return said.answer({"status": done.status.value, "turn": done.turn})


async def take_late_letter_code(said: Said) -> Response:
    """Take the code of a later letter, when the activation itself is over."""
    unproven, code = statements.read(said.body.get("device")), said.text("code", CODE_MOST)
    done = await said.rooms.apps.activation.late_letter(said.session, unproven, code, said.now)
    return said.answer({"status": done.status.value, "turn": done.turn})


async def confirm(said: Said) -> Response:
    """Confirm a login."""
    unproven = statements.read(said.body.get("device"), said.body.get("pin"), with_pin=True)
    done = await said.rooms.apps.logging_in.confirm(said.session, unproven, said.now)
    content = {"turn": done.turn}
    if done.ticket:
        origin = said.rooms.cookies.origin
        content["return"] = f"{origin}/means/app/{done.login}/return/{done.ticket}"
    return said.answer(content)


async def refuse(said: Said) -> Response:
    """Refuse a login."""
    unproven, misuse = statements.read(said.body.get("device")), said.body.get("misuse", False)
    if not isinstance(misuse, bool):
        message = "misuse is true or false"
        raise Malformed(message)
    await said.rooms.apps.logging_in.refuse(said.session, unproven, said.now, misuse=misuse)
    return said.nothing()


async def refuse_activation(said: Said) -> Response:
    """Refuse to be added."""
    await said.rooms.apps.activation.refuse(said.session, said.now)
    return said.nothing()


def _network(said: Said) -> str:
    """Return the network that a request comes from."""
    return read_visit(said.request, said.rooms.cookies, said.rooms.ids).visitor.network


def _asked(said: Said, session: str, pairing: Pairing) -> Response:
    """Tell an app what is asked, once it has found its page."""
    content = {
        "kind": "login" if pairing.flow is Flow.LOGIN else "activation",
        "session": session,
        "challenge": pairing.challenge,
        "until": pairing.session_until,
        "details": _details(pairing),
    }
    return said.answer(content)


def _details(pairing: Pairing) -> dict[str, object]:
    """Return what an app shows before it asks the PIN."""
    details = where_of(pairing.place)
    if pairing.asked is None:
        return details | {"ground": pairing.flow.value}
    texts = {name: both(text) for name, text in shown(pairing).items()}
    return details | texts | {"reference": pairing.asked.reference}


def where_of(place: Whereabouts | None) -> dict[str, object]:
    """Return where a page is, as whoever answers it is told: its network, its browser and since when."""
    where = place.network if place else ""
    network = Text(nl=f"netwerk {where}", en=f"network {where}") if where else UNKNOWN
    return {
        "place": both(network),
        "browser": both(place.browser if place else UNKNOWN),
        "at": place.at if place else None,
    }


ROUTES = (
    ("POST", BASE + "/contacts", spoken(open_contact)),
    ("POST", BASE + "/scans", spoken(scan)),
    ("POST", BASE + "/desk", spoken(bring_desk_code)),
    ("POST", BASE + "/challenges", spoken(give_challenge)),
    ("POST", BASE + "/challenges/{session}/code", spoken(take_late_letter_code)),
    ("POST", BASE + "/challenges/{session}/pin", spoken(change_pin)),
    ("POST", BASE + "/challenges/{session}/stop", spoken(leave)),
    ("POST", BASE + "/challenges/{session}/subscription", spoken(subscribe)),
    ("POST", BASE + "/challenges/{session}/waiting", spoken(waiting)),
    ("POST", BASE + "/activations/{session}/key", spoken(take_key)),
    ("POST", BASE + "/activations/{session}/pin", spoken(take_pin)),
    ("POST", BASE + "/activations/{session}/code", spoken(take_letter_code)),
    ("POST", BASE + "/activations/{session}/refuse", spoken(refuse_activation)),
    ("POST", BASE + "/logins/{session}/match", spoken(match)),
    ("POST", BASE + "/logins/{session}/confirm", spoken(confirm)),
    ("POST", BASE + "/logins/{session}/refuse", spoken(refuse)),
)

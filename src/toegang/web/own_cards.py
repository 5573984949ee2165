"""Cards in My account: look, make one ready, stop one, ask a new PIN."""

from __future__ import annotations

from typing import TYPE_CHECKING

from toegang.errors import NotEntitled
from toegang.means.reader.sessions import State
from toegang.registers.cards import CardStatus
from toegang.web import reading
from toegang.web.answers import redirect
from toegang.web.cards import door_of, page_of, place_of
from toegang.web.meeting import listening
from toegang.web.reading import Spot
from toegang.web.staying import HOME, changing, inside

if TYPE_CHECKING:
    from starlette.responses import Response

    from toegang.means.card.own_cards import Shown
    from toegang.web.staying import Here

CARDS = HOME + "/cards"
NEW = CARDS + "/activate"
PIN = CARDS + "/pin"
UNKNOWN, STOPPED, REPORTED = "unknown", "stopped", "reported"
TO_READY = frozenset({CardStatus.ISSUED.value, STOPPED})
"""How a card stands that its person can make ready to log in."""
LAST_SIGNS = 3


async def cards(here: Here) -> Response:
    """Show the person's cards."""
    own = door_of(here.rooms).own
    shown = [_row(each) for each in await own.cards(here.signed_in)]
    offered = own.offered(here.now) is not None
    to_do = [offered and any(each[what] for each in shown) for what in ("ready", "pin")]
    return here.page("account/cards", cards=shown, may_ready=to_do[0], may_pin=to_do[1])


async def stop(here: Here) -> Response:
    """Stop a card; never refused for one's own, and a second time nothing happens."""
    await door_of(here.rooms).own.stop(here.signed_in, _chip(here), here.now)
    return redirect(here.rooms, CARDS, here.visit)


async def show_pin(here: Here) -> Response:
    """Say what a letter with a new PIN is, and of which card."""
    shown = [_row(each) for each in await door_of(here.rooms).own.cards(here.signed_in)]
    return here.page("account/card_pin", cards=[each for each in shown if each["pin"]], asked=False)


async def ask_pin(here: Here) -> Response:
    """Ask the issuer for a letter."""
    await door_of(here.rooms).own.send_pin(here.signed_in, _chip(here), here.now)
    return here.page("account/card_pin", cards=[], asked=True)


async def show_new(here: Here) -> Response:
    """Say what making a card ready asks."""
    return here.page("account/card_new")


async def begin(here: Here) -> Response:
    """Begin to make a card ready."""
    place = place_of(here.request, here.visit, here.now)
    own, language = door_of(here.rooms).own, here.visit.language.value
    id_ = await own.begin(here.signed_in, here.visit.visitor, place, language, here.now)
    return redirect(here.rooms, f"{NEW}/{id_}", here.visit)


async def show(here: Here) -> Response:
    """Show where making a card ready is."""
    spot = _spot(here)
    session = await here.rooms.readers.find(spot.id, here.visit.visitor, here.now)
    if session is None:
        return redirect(here.rooms, CARDS, here.visit)
    stage = spot.stage(session)
    if stage in {State.ACCEPTED, State.USED}:
        return here.page("account/card_ready")
    values = spot.values(session) | {"on_the_way": False, "state": f"{NEW}/{spot.id}/state"}
    return listening(here.page(page_of(stage), **values))


async def act(here: Here) -> Response:
    """Stop, begin again, or look again."""
    spot, wish = _spot(here), here.form.get("do", "")
    if wish == "stop":
        await spot.end()
        return redirect(here.rooms, CARDS, here.visit)
    return redirect(here.rooms, NEW if wish == "start" else f"{NEW}/{spot.id}", here.visit)


async def state(here: Here) -> Response:
    """Tell the page's script how it stands."""
    return await reading.told(_spot(here))


def _row(each: Shown) -> dict[str, object]:
    """Return what is shown of a card; `ready` when it can be made ready, `pin` when a letter can be asked."""
    card, kept, status = each.card, each.kept, _status(each)
    kind = card.kind if card else kept.kind if kept else None
    usable = card is not None and card.status in {CardStatus.ACTIVE, CardStatus.ISSUED}
    return {
        "id": each.chip.hex(),
        "kind": kind.value if kind else "",
        "ending": card.number[-LAST_SIGNS:] if card else "",
        "status": status,
        "until": card.until if card else None,
        "used_at": kept.used_at if kept else None,
        "may_stop": not each.stopped and (usable or card is None),
        "pin": card is not None and status in {CardStatus.ACTIVE, *TO_READY},
        "ready": card is not None and status in TO_READY,
    }


def _status(each: Shown) -> str:
    """Return how a card stands for its person, who does not read of their own stop that it is blocked."""
    card = each.card
    if card is None:
        return STOPPED if each.stopped else UNKNOWN
    if each.reported:
        return REPORTED
    if card.status is CardStatus.BLOCKED and not card.by_holder:
        return card.status.value
    return STOPPED if each.stopped or card.status is CardStatus.BLOCKED else card.status.value


def _chip(here: Here) -> bytes:
    try:
        return bytes.fromhex(here.form.get("card", ""))
    except ValueError:
        raise NotEntitled from None


def _spot(here: Here) -> Spot:
    return Spot(
        rooms=here.rooms,
        visit=here.visit,
        request=here.request,
        now=here.now,
        id=here.request.path_params["reader"],
    )


ROUTES = (
    ("GET", CARDS, inside(cards)),
    ("POST", CARDS, inside(stop)),
    ("GET", PIN, changing(show_pin)),
    ("POST", PIN, changing(ask_pin)),
    ("GET", NEW, changing(show_new)),
    ("POST", NEW, changing(begin)),
    ("GET", NEW + "/{reader}", inside(show)),
    ("POST", NEW + "/{reader}", inside(act)),
    ("GET", NEW + "/{reader}/state", inside(state)),
)

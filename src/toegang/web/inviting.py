"""The invitation on the way to a service: its page, and where the step is taken that it leads to.

Taking the step leaves the login waiting, as long as a login can (`LONGEST`): the step itself stands in My
account, which asks a login of its own for it, and every page there leads back to the login that waits.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from toegang.assurance import Step
from toegang.errors import PartyClosed, UnknownParty
from toegang.login.invitations import Reaction
from toegang.login.steps import Invite, next_step
from toegang.login.transaction import Transaction
from toegang.web.visits import WAITING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from starlette.responses import Response

    from toegang.login.ending import End
    from toegang.means.base import TransactionId
    from toegang.web.rooms import Rooms
    from toegang.web.visits import Visit

REACTIONS: Mapping[str, Reaction] = {
    "go-on": Reaction.DECLINED,
    "start-step": Reaction.STARTED,
    "never-again": Reaction.NEVER,
}
"""What the buttons send."""

HOME = "/account"
PLACES: Mapping[Step, str] = {
    Step.SMS: HOME + "/number",
    Step.PASSKEY: HOME + "/passkeys/new",
    Step.APP: HOME + "/apps/new",
    Step.SUBSTANTIAL: HOME + "/apps",
    Step.HIGH: HOME + "/cards",
}
"""Where each step is taken. A closed list: no campaign leads elsewhere."""


def place_of(step: Step) -> str:
    """Return the page where a step is taken."""
    return PLACES.get(step, HOME)


async def still_open(rooms: Rooms, visit: Visit, at: Transaction, now: datetime) -> Transaction | End:
    """Return where a login is, past an invitation of a campaign that was stopped meanwhile."""
    if at.invitation is None:
        return at
    step = next_step(at, now)
    if not isinstance(step, Invite) or step.invitation.reaction is Reaction.STARTED:
        return at
    try:
        rooms.logins.advancing.inviting.check_open(step.invitation, now)
    except (PartyClosed, UnknownParty):
        return await rooms.logins.react(at.id, visit.browser, now, Reaction.WITHDRAWN)
    return at


async def react(
    rooms: Rooms, visit: Visit, login: TransactionId, reaction: Reaction, now: datetime
) -> Transaction | End | Step:
    """Take what the person chose; the step to go to when they take it now, else where the login is."""
    if reaction is Reaction.STARTED:
        at = await still_open(rooms, visit, await rooms.logins.find(login, visit.browser, now), now)
        if not isinstance(at, Transaction):
            return at
    at = await rooms.logins.react(login, visit.browser, now, reaction)
    started = isinstance(at, Transaction) and at.invitation is not None and reaction is Reaction.STARTED
    return at.invitation.leads_to if started else at  # type: ignore[union-attr]


def shown(step: Invite) -> tuple[str, dict[str, object]]:
    """Return the page of an invitation, and what it shows besides the service."""
    invitation = step.invitation
    started = invitation.reaction is Reaction.STARTED
    return "login/invite", {"headline": invitation.title, "text": invitation.text, "started": started}


def wait(rooms: Rooms, response: Response, login: TransactionId | None) -> None:
    """Remember in the browser which login waits; None when none does any more."""
    rooms.cookies.write(response, WAITING, login or "")

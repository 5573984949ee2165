"""The draft of a mandate on the pages that make it: of this person, in this session."""

from __future__ import annotations

from typing import TYPE_CHECKING

from toegang.assurance import Level
from toegang.web.answers import redirect
from toegang.web.own_mandates import MANDATES, actor, base

if TYPE_CHECKING:
    from starlette.responses import Response

    from toegang.mandates.drafts import Draft
    from toegang.web.staying import Here

DRAFT = MANDATES + "/draft/{draft}"


async def draft_of(here: Here) -> tuple[str, Draft]:
    """Return the draft of the page, with its id.

    Raises:
        LoginExpired: there is none, or it took too long.

    """
    id_ = here.request.path_params["draft"]
    drafts, me = here.rooms.representing.drafts, actor(here)
    return id_, await drafts.find(id_, me.party, here.stay.session, here.now)


async def begun(here: Here, draft: Draft, page: str) -> Response:
    """Keep a draft, and go to its page."""
    id_ = await here.rooms.representing.drafts.begin(draft, here.now)
    return redirect(here.rooms, at(here, id_, page), here.visit)


def at(here: Here, id_: str, page: str) -> str:
    """Return the address of a page of a draft."""
    return f"{base(here)}/draft/{id_}/{page}"


def level_of(here: Here, draft: Draft) -> Level:
    """Return at which level what is begun will be given, as far as that is known."""
    return Level.HIGH if draft.asking else here.stay.level

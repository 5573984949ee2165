"""Searches: which subjects, resources or actions make a question a yes, by pages."""

from __future__ import annotations

import enum
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from toegang.authzen.questions import Action, Entity, action, entity, part
from toegang.errors import Malformed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from toegang.jose.segments import JsonObject

USUAL_PAGE: Final = 20
LARGEST_PAGE: Final = 50
LONGEST_TOKEN: Final = 512


class Wanted(enum.StrEnum):
    """AuthZEN-8: what is looked for."""

    SUBJECT = "subject"
    RESOURCE = "resource"
    ACTION = "action"


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """AuthZEN-8.2.1: which page is asked; without a token the first."""

    token: str = field(default="", repr=False)
    limit: int = USUAL_PAGE


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """AuthZEN-8.4.1, -8.5.1 and -8.6.1: of what is wanted only the type is given, of an action nothing."""

    wanted: Wanted
    subject: Entity
    action: Action | None
    resource: Entity
    context: JsonObject = field(default_factory=dict, repr=False)
    turn: Turn = field(default_factory=Turn)


def parse_search(body: JsonObject, wanted: Wanted) -> Search:
    """AuthZEN-8: read a search; an id of what is wanted is passed over.

    Raises:
        Malformed: a part is missing, or is not what it should be.

    """
    return Search(
        wanted=wanted,
        subject=entity(body, "subject", named=wanted is not Wanted.SUBJECT),
        action=None if wanted is Wanted.ACTION else action(body),
        resource=entity(body, "resource", named=wanted is not Wanted.RESOURCE),
        context=part(body, "context", {}),
        turn=_turn(part(body, "page", {})),
    )


def found(results: Sequence[JsonObject], next_token: str) -> JsonObject:
    """AuthZEN-8.3: write a page of results; an empty token says that it was the last."""
    return {"results": list(results), "page": {"next_token": next_token, "count": len(results)}}


def _turn(page: JsonObject) -> Turn:
    token, limit = page.get("token", ""), page.get("limit", USUAL_PAGE)
    if not isinstance(token, str) or len(token) > LONGEST_TOKEN:
        message = "the page's token is none of ours"
        raise Malformed(message)
    # True is a number in Python.
    if not isinstance(limit, int) or isinstance(limit, bool) or limit < 1:
        message = "the page's limit is not a number of 1 or more"
        raise Malformed(message)
    return Turn(token=token, limit=min(limit, LARGEST_PAGE))

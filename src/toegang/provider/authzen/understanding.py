"""What a question means here, and what of a decision a service learns.

subject   who acts, by the form that the service is entitled to
resource  who is represented; `properties.service` is the service's UUID, else the client's first
action    `act`, or one of the actions that a mandate can be limited to; `properties` narrow it: `branch`,
          `case`, `amount` (eurocents)
context   `level`: at which level whoever acts logged in; `purpose`: why it is asked
"""

from __future__ import annotations

import enum
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final
from uuid import UUID

from toegang.assurance import Level, Scheme, level_named, name_of
from toegang.authzen.questions import text
from toegang.catalogue import gate
from toegang.catalogue.values import ServiceId
from toegang.errors import Malformed
from toegang.mandates.scope import Action

if TYPE_CHECKING:
    from datetime import datetime

    from toegang.authzen import questions
    from toegang.catalogue.snapshot import Snapshot
    from toegang.catalogue.values import Client, Service
    from toegang.jose.segments import JsonObject
    from toegang.mandates.decide import Permit
    from toegang.mandates.scope import Restriction

ACT: Final = "act"
"""Anything at all; what the mandate leaves stands in the answer."""

NO: Final[JsonObject] = {"decision": False}
"""MANDATES-P20: the one answer to all that is no, whatever is against it, also about nobody."""


class Purpose(enum.StrEnum):
    """Why a question is asked, as the trail keeps it."""

    UNSAID = "unsaid"
    COUNTER = "counter"  # somebody is at the counter, or on the telephone
    CASE = "case"  # a case is handled, such as an application on paper
    SESSION = "session"  # somebody is logged in, and goes on


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What is to be done; None of `action` is anything. What it is about is None where that was not said."""

    action: Action | None = None
    branch: str | None = None
    case: str | None = None
    amount: int | None = None

    def within(self, left: Restriction) -> bool:
        """Tell whether an authority of which this is left allows it."""
        return (
            (self.action is None or self.action in left.actions)
            and (self.branch is None or left.branches is None or self.branch in left.branches)
            and (self.case is None or left.cases is None or self.case in left.cases)
            and (self.amount is None or left.most is None or self.amount <= left.most)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """What a question is asked about: the service, the level of whoever acts (None: enough), and why."""

    service: Service
    level: Level | None
    purpose: Purpose
    wish: Wish = field(default_factory=Wish)


def service_of(client: Client, resource: questions.Entity, snapshot: Snapshot, now: datetime) -> Service:
    """Return the service that a question is about, which must be one of the client's.

    Raises:
        Malformed: it is named by something else than a UUID.
        NotEntitled, UnknownParty, PartyClosed: the client may not reach it, now.

    """
    word = text(resource.properties, "service", "")
    if not word:
        return gate.open_service(snapshot, client.services[0], client, now)
    try:
        id_ = ServiceId(UUID(word))
    except ValueError:
        message = "the resource's service is not a UUID"
        raise Malformed(message) from None
    return gate.open_service(snapshot, id_, client, now)


def level_in(context: JsonObject) -> Level | None:
    """Return the level at which whoever acts logged in, by its URI; None where that is not said.

    Raises:
        Malformed: a name that no level has.

    """
    word = text(context, "level", "")
    found = level_named(word) if word else None
    if word and found is None:
        message = "the context's level is not the URI of one"
        raise Malformed(message)
    return None if found is None else found[1]


def purpose_in(context: JsonObject) -> Purpose:
    """Return why it is asked.

    Raises:
        Malformed: a word that is not on the list.

    """
    try:
        return Purpose(text(context, "purpose", Purpose.UNSAID.value))
    except ValueError:
        message = "the context's purpose is one of counter, case, session"
        raise Malformed(message) from None


def wish_of(action: questions.Action) -> Wish:
    """Return what is to be done.

    Raises:
        Malformed: an action that there is not, or something about it that cannot be read.

    """
    try:
        named = None if action.name == ACT else Action(action.name)
    except ValueError:
        message = "an action is one of act, view, prepare, submit, sign"
        raise Malformed(message) from None
    amount = action.properties.get("amount")
    if amount is not None and (not isinstance(amount, int) or isinstance(amount, bool) or amount < 0):
        message = "the action's amount is not a number of eurocents"
        raise Malformed(message)
    return Wish(
        action=named,
        branch=text(action.properties, "branch", "") or None,
        case=text(action.properties, "case", "") or None,
        amount=amount,
    )


def told(permit: Permit) -> JsonObject:
    """Return what a service learns with a yes: how sure, until when, and within what."""
    left = permit.restriction
    within: JsonObject = {
        "level": name_of(permit.level, Scheme.EIDAS),
        "valid_until": None if permit.until is None else permit.until.isoformat(),
        "actions": [each.value for each in Action if each in left.actions],
        "branches": None if left.branches is None else sorted(left.branches),
        "cases": None if left.cases is None else sorted(left.cases),
        "most": left.most,
        "looks_back_to": None if left.looks_back_to is None else left.looks_back_to.isoformat(),
    }
    return {name: value for name, value in within.items() if value is not None}

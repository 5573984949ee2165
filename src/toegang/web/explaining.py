"""Why may somebody act for another, for the help desk: asked by number, told rule by rule, and recorded.

Numbers come in a form and stand in no address. Of a number that is nobody's here the page tells the same as
of two of whom neither lets the other act (attack L03).
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final
from uuid import UUID

from toegang.assurance import Level
from toegang.catalogue.gate import service_now
from toegang.catalogue.values import Role, ServiceId
from toegang.errors import PartyClosed, TooManyTries, UnknownParty
from toegang.identity.numbers import KVK_LENGTH, Bsn, KvkNumber
from toegang.mandates.decide import Permit, Refused, StepUp
from toegang.mandates.explaining import Asked
from toegang.web.goals import EXPLAIN
from toegang.web.sheets import Fields, Sheet
from toegang.web.staying import at_help_desk

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from starlette.responses import Response

    from toegang.catalogue.values import Service
    from toegang.mandates.explaining import Explanation
    from toegang.mandates.link import Link
    from toegang.mandates.numbers import Number
    from toegang.web.sheets import Desk
    from toegang.web.staying import Here
    from toegang.web.wrong import Errors

ACTOR, PRINCIPAL = "explain_actor", "explain_principal"
WORDS, SERVICE, LEVEL = "explain_words", "explain_service", "explain_level"
SHEET = Sheet(
    name="cockpit/explain",
    places={TooManyTries: ("", "too-many-tries")},
    kept=(ACTOR, PRINCIPAL, WORDS, SERVICE, LEVEL),
    signed_in=True,
)
FOUND: Final = 20
"""Services that are shown to choose from."""
LONGEST: Final = 60


class WrongFields(Exception):
    """Fields that cannot be read, with why."""

    def __init__(self, errors: Errors) -> None:
        """Say which."""
        super().__init__()
        self.errors = errors


async def show(here: Here) -> Response:
    """Ask who acts, for whom, where, and how they log in."""
    return replace(_desk(here), form={LEVEL: str(int(Level.SUBSTANTIAL))}).show(SHEET)


async def explain(here: Here) -> Response:
    """Tell what a login would decide, and each way with the first rule against it."""
    found = _services(here)
    try:
        asked = _asked(here, found)
        told = await here.rooms.representing.explaining.explain(asked, here.now)
    except WrongFields as wrong:
        return _desk(here, found if len(found) > 1 else ()).wrong(SHEET, wrong.errors)
    except TooManyTries as refusal:
        return _desk(here).refuse(SHEET, refusal)
    return here.page_once(
        "cockpit/explained",
        service=asked.service.names,
        level=asked.level,
        other_rules=_other_rules(asked.service, here.now),
        **_told(told),
    )


def _asked(here: Here, found: Sequence[Service]) -> Asked:
    """Read the form.

    Raises:
        WrongFields: it cannot be read, or it is not sure which service is meant.

    """
    fields = Fields(here.form)
    actor = fields.read(ACTOR, Bsn.parse, "bsn-invalid")
    principal = fields.read(PRINCIPAL, _number, "number-for-invalid")
    level = fields.read(LEVEL, _level, "choose-one")
    if len(found) != 1:
        fields.errors[SERVICE if found else WORDS] = ("choose-one" if found else "explain-no-service",)
    if actor is None or principal is None or level is None or fields.errors:
        raise WrongFields(fields.errors)
    holder = here.rooms.operators.check(here.stay, here.now, Role.HELP_DESK)
    return Asked(by=holder.subject, service=found[0], level=level, actor=actor, principal=principal)


def _services(here: Here) -> Sequence[Service]:
    """Return the service that was chosen, or those with the words that were typed."""
    snapshot = here.rooms.catalogue.current
    try:
        return (service_now(snapshot, ServiceId(UUID(here.form.get(SERVICE, ""))), here.now),)
    except (ValueError, UnknownParty, PartyClosed):
        words = here.form.get(WORDS, "").strip()[:LONGEST]
    return here.rooms.representing.services.find(words, None, FOUND, here.now) if words else ()


def _number(typed: str) -> Number:
    digits = "".join(typed.split())
    return KvkNumber.parse(digits) if len(digits) == KVK_LENGTH else Bsn.parse(digits)


def _level(typed: str) -> Level:
    return Level(int(typed))


def _desk(here: Here, found: Sequence[Service] = ()) -> Desk:
    snapshot = here.rooms.catalogue.current
    owners = {each.id: snapshot.organisation(each.organisation) for each in found}
    return here.desk(
        found=[
            {"id": str(each.id), "names": each.names, "owner": owner.names if owner else None}
            for each in found
            for owner in (owners[each.id],)
        ],
        levels=[int(each) for each in Level],
    )


def _other_rules(service: Service, now: datetime) -> datetime | None:
    """Return from when on the service announced other rules: until then it is as the page says, no longer."""
    rules = service.representation
    return None if rules is None else rules.stays(now).until


def _told(told: Explanation) -> dict[str, object]:
    decision = told.decision
    permit = decision if isinstance(decision, Permit) else None
    return {
        "answer": "permit" if permit else "step-up" if isinstance(decision, StepUp) else "refused",
        "worth": None if isinstance(decision, Refused) else decision.level,
        "until": permit.until if permit else None,
        "whys": [each.value for each in decision.whys] if isinstance(decision, Refused) else [],
        "paths": [
            {"links": [_link(each) for each in path], "why": why.value if why else ""}
            for path, why in told.paths
        ],
    }


def _link(link: Link) -> dict[str, object]:
    edge = "" if link.edge is None else str(link.edge)
    return {"basis": link.basis, "edge": edge, "worth": link.worth, "until": link.until}


ROUTES = (
    ("GET", EXPLAIN, at_help_desk(show)),
    ("POST", EXPLAIN, at_help_desk(explain)),
)

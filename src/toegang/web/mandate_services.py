"""For what a mandate is: the second page of giving or asking one.

Beside single services it offers what is wider: what else reaches the services that were found.
"""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING
from urllib.parse import urlencode
from uuid import UUID

from toegang.catalogue.representation import EdgeKind
from toegang.catalogue.values import ServiceId
from toegang.mandates.drafts import MOST_SERVICES
from toegang.mandates.scope import WIDE, Scope, ScopeKind
from toegang.web.answers import redirect
from toegang.web.draft_limits import most_of
from toegang.web.mandate_drafts import DRAFT, at, draft_of, level_of
from toegang.web.meant import meant_widely
from toegang.web.sheets import Sheet
from toegang.web.staying import changing, made

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from starlette.responses import Response

    from toegang.catalogue.values import Service
    from toegang.mandates.drafts import Draft
    from toegang.web.sheets import Desk
    from toegang.web.staying import Here, Pages

FOUND = 20
_LOOKED = 500
"""Services among which those are looked for that somebody may give in another's name."""
_TICK = "service-"
_WIDE = "wide-"
_KEY = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII)
_WIDE_KEY = re.compile(r"(group|provider):[a-z0-9._-]{1,100}", re.ASCII)

SERVICES = Sheet(name="account/mandate_services", kept=("words",), signed_in=True)


async def show_services(here: Here) -> Response:
    """Show services to choose from, those chosen before first."""
    _, draft = await draft_of(here)
    return _desk(here, draft, here.request.query_params.get("words", "")[:60]).show(SERVICES)


async def services(here: Here) -> Response:
    """Keep what was chosen; look for others, or go on."""
    id_, _ = await draft_of(here)
    later = here.form.get("later") == "yes"

    def choose(kept: Draft) -> Draft:
        chosen = chosen_now(here.form, kept.scopes)
        return replace(kept, scopes=chosen if _may_be_wide(kept) else named(chosen), later=later)

    draft = await here.rooms.representing.drafts.change(id_, here.now, choose)
    words = here.form.get("words", "").strip()[:60]
    if here.form.get("do") == "look":
        return redirect(here.rooms, f"{at(here, id_, 'services')}?{urlencode({'words': words})}", here.visit)
    if not draft.scopes:
        return _desk(here, draft, words).wrong(SERVICES, {"services": ("choose-one",)})
    if most_of(here, draft, draft.meant(here.now)) is None:
        return _desk(here, draft, words).wrong(SERVICES, {"services": ("mandate-wider",)})
    return redirect(here.rooms, at(here, id_, "until"), here.visit)


def chosen_now(form: Iterable[str], kept: Iterable[str]) -> tuple[str, ...]:
    """Return the keys of what is chosen by a form of fields: those kept and not shown on it stay."""
    shown, ticked = _keys(form, "shown-"), _keys(form, "")
    left = [key for key in kept if key not in shown and key not in ticked]
    return tuple([*left, *ticked][:MOST_SERVICES])


def named(keys: Iterable[str]) -> tuple[str, ...]:
    """Return the keys of single services."""
    return tuple(key for key in keys if Scope.parse(key).kind is ScopeKind.SERVICE)


def found_row(here: Here, service: Service) -> dict[str, object]:
    """Return a service that was found, as it is shown."""
    owner = here.rooms.catalogue.current.organisation(service.organisation)
    return {"id": str(service.id), "names": service.names, "owner": owner.names if owner else None}


def _desk(here: Here, draft: Draft, words: str) -> Desk:
    kind, services = draft.kind, here.rooms.representing.services
    found = _found(here, draft, words)
    scopes = draft.meant(here.now)
    chosen = [each for each in scopes if each.kind is ScopeKind.SERVICE]
    wide = [each for each in scopes if each.kind in WIDE]
    keys = {each.key for each in scopes}
    wider = services.wider(found) if _may_be_wide(draft) else ()
    more = (each for each in wider if each.key not in keys)
    offered = [*wide, *(each for each in more if most_of(here, draft, (each,)) is not None)]
    return here.desk(
        asking=draft.asking,
        found=[found_row(here, each) for each in found if Scope.of_service(each.id).key not in keys],
        chosen=[{"id": scope.name, "names": services.called(scope)} for scope in chosen],
        wide=[
            {**row, "ticked": row["key"] in keys}
            for row in meant_widely(here, offered, kind, level_of(here, draft))
        ],
        later=draft.later,
        many=len(found) == FOUND,
    )


def _found(here: Here, draft: Draft, words: str) -> Sequence[Service]:
    """Return the first services by these words; in another's name only what can be given there."""
    look = _LOOKED if here.offering is not None else FOUND
    found = here.rooms.representing.services.find(words, draft.kind, look, here.now)
    may = (each for each in found if most_of(here, draft, (Scope.of_service(each.id),)) is not None)
    return tuple(islice(may, FOUND))


def _may_be_wide(draft: Draft) -> bool:
    """Tell whether it can be for more than single services: who helps people does so with what they name."""
    return draft.kind is not EdgeKind.HELPER


def _keys(form: Iterable[str], before: str) -> dict[str, None]:
    """Return the keys of the scopes whose fields, with this before their name, were sent."""
    sent = [
        name.removeprefix(before)
        for name in sorted(form)
        if name.startswith((before + _TICK, before + _WIDE))
    ]
    ids = (name.removeprefix(_TICK) for name in sent if name.startswith(_TICK))
    wide = (name.removeprefix(_WIDE) for name in sent if name.startswith(_WIDE))
    keys = [Scope.of_service(ServiceId(UUID(each))).key for each in ids if _KEY.fullmatch(each)]
    return dict.fromkeys([*keys, *(each for each in wide if _WIDE_KEY.fullmatch(each))])


PAGES: Pages = (
    ("GET", DRAFT + "/services", changing, show_services),
    ("POST", DRAFT + "/services", changing, services),
)
ROUTES = made(PAGES)

"""For what a mandate is, as pages tell it: services, and what is wider with how wide that is now."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from toegang.mandates.guards import SUCCEEDED
from toegang.mandates.scope import WIDE

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from toegang.assurance import Level
    from toegang.catalogue.representation import EdgeKind
    from toegang.mandates.scope import Scope
    from toegang.web.staying import Here

NAMED: Final = 5
"""Services that are left out and named; of others their number is told."""


def meant(here: Here, scopes: Iterable[Scope]) -> list[dict[str, object]]:
    """Return what a mandate is for, as it is called; what is gone from the catalogue has no name."""
    called = here.rooms.representing.services.called
    return [
        {"key": each.key, "wide": each.kind.value, "names": called(each), "as_of": each.as_of, "width": None}
        for each in scopes
    ]


def meant_widely(
    here: Here, scopes: Sequence[Scope], kind: EdgeKind, level: Level
) -> list[dict[str, object]]:
    """Return the same, and of what is wide how wide it is for a mandate that is given at this level."""
    return [
        row | {"width": _width(here, scope, kind, level) if scope.kind in WIDE else None}
        for row, scope in zip(meant(here, scopes), scopes, strict=True)
    ]


def _width(here: Here, scope: Scope, kind: EdgeKind, level: Level) -> dict[str, object]:
    width = here.rooms.representing.services.width(scope, kind, level, here.now)
    return {
        "count": len(width.reached),
        "left_out": [each.names for each in width.left_out[:NAMED]],
        "others": max(0, len(width.left_out) - NAMED),
    }


def one_agent(here: Here, scopes: Sequence[Scope], kind: EdgeKind) -> bool:
    """Tell whether one acts at a time by mandates of this kind at a service that is meant."""
    reached = here.rooms.representing.services.reached(scopes, here.now)
    one = any(each.representation is not None and each.representation.one_agent for each in reached)
    return one and kind in SUCCEEDED

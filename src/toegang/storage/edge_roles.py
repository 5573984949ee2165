"""What an edge can be in a chain, as the index of graph.py has it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from toegang.catalogue.representation import EdgeKind

if TYPE_CHECKING:
    from toegang.mandates.edge import Edge

PLAIN, WITHIN, INTERMEDIARY, IN_TEAMS = 0, 1, 2, 3
"""Its end only, the step within an organisation, the step between firms.

The last is a step within for the clients of somebody's teams only: no list of all clients begins with it.
"""


def role_of(edge: Edge) -> int:
    """Return what an edge can be in a chain."""
    if edge.kind is EdgeKind.INTERMEDIARY:
        return INTERMEDIARY
    if not edge.kind.within_organisation:
        return PLAIN
    return IN_TEAMS if edge.terms.teams_only else WITHIN

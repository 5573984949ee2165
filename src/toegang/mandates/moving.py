"""Moving an edge: one line of the table, when whoever does it may and every guard agrees.

Pure: what registers and the catalogue say is handed in, and a refusal is returned, not raised.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from toegang.catalogue.representation import EdgeKind
from toegang.mandates.edge import PENDING, State
from toegang.mandates.guards import objection, unwelcome
from toegang.mandates.life import LINES, Act
from toegang.mandates.why import Objection, Why

if TYPE_CHECKING:
    from datetime import datetime

    from toegang.assurance import Level
    from toegang.mandates.edge import Edge, EdgeId, Terms
    from toegang.mandates.moves import Move, Scene
    from toegang.mandates.party import PartyId


def begun(edge: Edge, move: Move, scene: Scene) -> Edge | Objection:
    """T1, T2: return the edge that a request or an offer makes, as `edge` proposes it; or what is against it.

    The level is at most what its grantor proved: an offer's at once, a request's when it is approved.
    """
    against = objection(edge, move, scene) or unwelcome(edge, scene)
    if against is not None or scene.demands is None:
        return against or Objection(Why.NOT_ADMITTED)
    waits = replace(
        edge,
        state=State.REQUESTED if move.act is Act.REQUEST else State.OFFERED,
        since=scene.now,
        initiator=edge.initiator if move.by.behalf is None else move.by.behalf,
        version=1,
        agreed=frozenset(),
        pending_until=scene.now + scene.demands.pending,
        signed=move.by.party if edge.co_principals else None,
        asked_by=move.by.party if move.act is Act.REQUEST and not move.by.own_name else None,
    )
    if move.act is Act.REQUEST:
        return waits
    given = replace(waits, terms=replace(waits.terms, level=min(waits.terms.level, move.by.level)))
    # Who is in the list of those who help takes whoever asks for help, until they renounce it.
    taken = move.accepted or edge.kind is EdgeKind.HELPER
    return given if scene.demands.acceptance and not taken else _settled(given)


def moved(edge: Edge, move: Move, scene: Scene) -> Edge | Objection:
    """T3-T17: return the edge after the move, one version on; or what is against it.

    What only begins a mandate is no move of one that there is.
    """
    line = LINES[move.act]
    against = objection(edge, move, scene) if line.from_ else Objection(Why.NOT_NOW)
    if against is not None:
        return against
    after = replace(edge, version=edge.version + 1, since=scene.now, terms=_terms(edge, move))
    if move.act is Act.CONSENT:
        after = _agreed(after, move)
    if move.act is Act.APPROVE and move.required and scene.demands is not None:
        after = replace(
            after,
            co_principals=move.required,
            signed=move.by.party,
            pending_until=scene.now + scene.demands.pending,
        )
    if line.to is None:
        return _settled(after)
    after = replace(after, state=line.to)
    return after if line.to in PENDING else _waits_no_more(after)


def following(before: Edge, to: PartyId, id_: EdgeId, now: datetime) -> Edge:
    """T18: return the mandate that follows one up whose agent merged into `to`, as it is to be judged."""
    begun_by = to if before.initiator == before.agent else before.initiator
    return replace(
        before,
        id=id_,
        agent=to,
        initiator=begun_by,
        since=now,
        version=1,
        pending_until=None,
        renews=before.id,
        less=0,
        asked_by=None,
        terms=replace(before.terms, from_=max(before.terms.from_, now)),
    )


def taken_over(edge: Edge, move: Move, scene: Scene) -> Edge | Objection:
    """T18: return the mandate that begins by law, as `following` proposes it; or what is against it.

    It is worth no more and lasts no longer than the one before, nor longer than is admitted now. Of what
    stood still it stands still too.
    """
    against = objection(edge, move, scene)
    if against is not None or scene.demands is None:
        return against or Objection(Why.NOT_ADMITTED)
    until = min(edge.terms.until, edge.terms.from_ + scene.demands.longest_of(edge.kind))
    state = State.SUSPENDED if edge.state is State.SUSPENDED else State.ACTIVE
    return replace(edge, state=state, terms=replace(edge.terms, until=until))


def lessened(before: Edge, after: Edge) -> Edge:
    """P4: note on an edge whether a move took something away, so that what was stated before it ends.

    That is so when it no longer holds, gives less in any respect, or rests on what it did not rest on.
    """
    rests = after.under is not None and after.under != before.under
    kept = after.state is State.ACTIVE and before.terms.within(after.terms) and not rests
    return after if kept else replace(after, less=after.version)


def _agreed(edge: Edge, move: Move) -> Edge:
    """T7: count a consent of whoever must give one now; others that were asked before do not count."""
    required = move.required or frozenset()
    mine = frozenset() if move.by.behalf is None else frozenset({move.by.behalf})
    return replace(edge, co_principals=required, agreed=(edge.agreed | mine) & required)


def _settled(edge: Edge) -> Edge:
    """Wait for co-principals who did not agree yet; without any, be active."""
    if edge.co_principals - edge.agreed:
        return replace(edge, state=State.AWAITING_COSIGN)
    return _waits_no_more(replace(edge, state=State.ACTIVE))


def _waits_no_more(edge: Edge) -> Edge:
    return replace(edge, pending_until=None, nobody=None)


def _terms(edge: Edge, move: Move) -> Terms:
    """Return the terms after the move: no consent makes the level higher than what was proven with it."""
    if move.terms is not None and move.act in {Act.RESTRICT, Act.EXTEND}:
        return move.terms
    if move.act in {Act.APPROVE, Act.CONSENT}:
        return replace(edge.terms, level=min(edge.terms.level, move.by.level))
    if move.act is Act.ACTIVATE and move.letter is not None:
        return replace(edge.terms, level=min(edge.terms.level, move.letter))
    return edge.terms


def worth_after(edge: Edge, move: Move) -> Level:
    """Return above which level nobody acts by an edge once this is done: a consent makes it no higher."""
    consents = move.act in {Act.OFFER, Act.APPROVE, Act.CONSENT, Act.EXTEND}
    proven = (edge.terms.worth, move.by.level if consents else None, move.letter)
    return min(each for each in proven if each is not None)

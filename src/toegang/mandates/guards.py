"""Guards: what must hold for a move besides the line of the table, one rule per function.

`objection` asks who may and when, then each guard of `GUARDS`. Ending something asks no level and no
standing: whoever can log in at all can end what they gave, asked, got or were offered.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from toegang.catalogue.representation import EdgeKind, LimitKind
from toegang.mandates.edge import PENDING, Source, Substitution
from toegang.mandates.life import ENDING, LINES, Act
from toegang.mandates.moves import sides
from toegang.mandates.party import PartyKind, Standing
from toegang.mandates.scope import ScopeKind
from toegang.mandates.why import Objection, Why

if TYPE_CHECKING:
    from collections.abc import Callable

    from toegang.mandates.edge import Edge
    from toegang.mandates.moves import Move, Scene

    Guard = Callable[[Edge, Move, Scene], Why | None]

FURTHEST: Final = timedelta(days=366)
"""Ahead of its first day somebody gives a mandate at most: else they have forgotten that they gave it."""

SUCCEEDED: Final = frozenset({EdgeKind.VOLUNTARY, EdgeKind.INTERMEDIARY})
"""T15: of these kinds a later mandate takes the place of an earlier one, where one acts at a time."""

_BEGINNING: Final = frozenset({Act.REQUEST, Act.OFFER, Act.TRANSFER})
_AGREEING: Final = frozenset({Act.APPROVE, Act.CONSENT, Act.EXTEND})
_TAKING: Final = frozenset({Act.ACCEPT, Act.ACTIVATE})


def objection(edge: Edge, move: Move, scene: Scene) -> Objection | None:
    """Return the first thing that is against a move; None when it may be."""
    for guard in (is_a_line, *GUARDS):
        why = guard(edge, move, scene)
        if why is not None:
            return Objection(why)
    return None


def is_a_line(edge: Edge, move: Move, scene: Scene) -> Why | None:
    """T1-T17: the table has this act, from this state, by somebody who stands so. Time is counted first."""
    line = LINES[move.act]
    if not sides(edge, move.by) & line.by:
        return Why.NOT_YOURS
    if move.act in _BEGINNING:
        return None
    state = edge.state if move.act is Act.LAPSE else edge.state_at(scene.now)
    return None if state in line.from_ else Why.NOT_NOW


def has_waited_long_enough(edge: Edge, move: Move, scene: Scene) -> Why | None:
    """T10: nothing lapses before its time."""
    early = move.act is Act.LAPSE and edge.state_at(scene.now) in PENDING
    return Why.NOT_NOW if early else None


def nobody_is_on_both_sides(edge: Edge, move: Move, _: Scene) -> Why | None:
    """T3, T7: who receives a mandate consents to it neither for somebody else nor as co-principal.

    P27: nor does, as co-principal, who asked it in the name of who receives it.
    """
    mine = move.by.party == edge.agent and (move.by.behalf != edge.agent or move.act is Act.CONSENT)
    mine = mine or (move.act is Act.CONSENT and move.by.party == edge.asked_by)
    return Why.SELF_APPROVAL if mine and move.act not in ENDING else None


def kind_is_given_by_people(edge: Edge, move: Move, _: Scene) -> Why | None:
    """T1, T2: what the law gives comes from registers, and no party begins it here."""
    return Why.NOT_YOURS if edge.kind.by_law and move.act in _BEGINNING else None


def services_admit_it(edge: Edge, move: Move, scene: Scene) -> Why | None:
    """T1-T7, T11: every service meant admits this kind, now."""
    if move.act not in _BEGINNING | _AGREEING | _TAKING:
        return None
    if scene.demands is None:
        return Why.NOT_ADMITTED
    return None if edge.kind in scene.demands.kinds else Why.KIND_NOT_ADMITTED


def level_suffices(_: Edge, move: Move, scene: Scene) -> Why | None:
    """T1-T7, T11: who asks, gives and takes proves as much as is demanded of that; in another's name too."""
    if scene.demands is None or move.by.house is not None:
        return None
    demanded = {
        Act.REQUEST: scene.demands.request,
        **dict.fromkeys((Act.OFFER, *_AGREEING), scene.demands.grant),
        **dict.fromkeys(_TAKING, scene.demands.accept),
    }
    least = demanded.get(move.act)
    if least is not None and move.accepted:
        least = max(least, scene.demands.accept)
    if least is not None and not move.by.own_name:
        least = max(least, scene.demands.administer)
    return Why.LEVEL_TOO_LOW if least is not None and move.by.level < least else None


def principal_is_capable(edge: Edge, move: Move, scene: Scene) -> Why | None:
    """T2, T3, T7, T11, T18: whoever gives a mandate is an able adult, alive, and not dissolved.

    Of who is not, somebody gives it in their name by the law made for that: a parent, a curator, an heir.
    """
    if move.act not in _AGREEING | {Act.OFFER, Act.ACTIVATE, Act.TRANSFER}:
        return None
    law = None if edge.under is None else edge.under.kind
    standing = scene.principal.standing_at(scene.now)
    if standing is Standing.UNDER_GUARDIANSHIP:
        return None if law is EdgeKind.COURT else Why.NOT_CAPABLE
    if standing is not Standing.ABLE:
        return None if standing is Standing.DECEASED and law is EdgeKind.ESTATE else Why.PARTY_ENDED
    adult = scene.principal.is_adult(scene.now) or law is EdgeKind.PARENTAL
    return None if adult else Why.NOT_CAPABLE


def agent_is_able(edge: Edge, move: Move, scene: Scene) -> Why | None:
    """T1, T2, T5, T6, T18: who acts for another is an adult who acts alone in law, alive, and not dissolved.

    P20: what is wrong with somebody is told to nobody who only offers them something.
    """
    why = _agent_is_able(move, scene)
    told = why is None or move.by.house is not None or move.by.behalf == edge.agent
    return why if told else Why.PARTY_UNKNOWN


def _agent_is_able(move: Move, scene: Scene) -> Why | None:
    if move.act not in _BEGINNING | _TAKING:
        return None
    if scene.agent.kind is PartyKind.ESTATE:
        return Why.NOT_CAPABLE
    standing = scene.agent.standing_at(scene.now)
    if standing is Standing.UNDER_GUARDIANSHIP or not scene.agent.is_adult(scene.now):
        return Why.NOT_CAPABLE
    return None if standing is Standing.ABLE else Why.PARTY_ENDED


def letter_is_admitted(_: Edge, move: Move, scene: Scene) -> Why | None:
    """T4, T5: a code by letter stands in for a consent only where the services say so."""
    if move.act not in {Act.SEND_LETTER, Act.ACTIVATE}:
        return None
    return None if scene.demands is not None and scene.demands.letter else Why.NO_LETTER


def code_was_checked(_: Edge, move: Move, scene: Scene) -> Why | None:
    """T5: a code is worth what its letter is worth, and at most what the services give for one."""
    if move.act is not Act.ACTIVATE:
        return None
    most = None if scene.demands is None else scene.demands.letter_level
    proven = move.letter is not None and most is not None and move.letter <= most
    return None if proven else Why.CODE_NOT_PROVEN


def desk_is_admitted(edge: Edge, move: Move, scene: Scene) -> Why | None:
    """T2: what is given at a desk is so only where the services say so, and worth what they give for it."""
    asked = move.act in _BEGINNING | _AGREEING | _TAKING
    if edge.source is not Source.ASSISTED:
        return Why.NO_DESK if move.accepted else None
    if not asked:
        return None
    if scene.demands is None or not scene.demands.desk:
        return Why.NO_DESK
    worth = move.act in _BEGINNING and edge.terms.source_level > scene.demands.desk_level
    return Why.LEVEL_TOO_LOW if worth else None


def help_is_bounded(edge: Edge, move: Move, scene: Scene) -> Why | None:
    """T1-T7, T11: people let an organisation that helps people help them, with services that they name.

    Its own employees do so and nobody else; it gives nothing on.
    """
    asked = move.act in _BEGINNING | _AGREEING | _TAKING
    if edge.kind is not EdgeKind.HELPER or not asked or scene.demands is None:
        return None
    terms = edge.terms if move.terms is None else move.terms
    kinds = (scene.principal.kind, scene.agent.kind)
    if not scene.helps or kinds != (PartyKind.PERSON, PartyKind.ORGANISATION):
        return Why.NO_HELPER
    narrow = all(scope.kind is ScopeKind.SERVICE for scope in terms.scopes)
    if not narrow or terms.grants or not terms.substitution.within(Substitution.EMPLOYEES):
        return Why.WIDER
    high = move.act in _BEGINNING and terms.source_level > scene.demands.helper_level
    return Why.LEVEL_TOO_LOW if high else None


def one_agent_is_named_alone(edge: Edge, move: Move, scene: Scene) -> Why | None:
    """T15: where one acts at a time a mandate is for that service, begins now, and is given on by nobody.

    Else what takes its place would have to leave something of it, leave nobody for a while, or end what it
    rests on itself.
    """
    asked = move.act in _BEGINNING | _AGREEING | _TAKING
    if not asked or edge.kind not in SUCCEEDED or scene.demands is None or not scene.demands.one_agent:
        return None
    on = edge.under is not None and edge.under.edge is not None
    later = move.act in _BEGINNING and edge.terms.from_ > scene.now
    return Why.ONE_AGENT if len(edge.terms.scopes) > 1 or edge.terms.grants or on or later else None


def limits_are_honoured(edge: Edge, move: Move, scene: Scene) -> Why | None:
    """T1-T7, T11: every service meant holds people to each limit; who takes more away sets no other one.

    A limit that no service looks at would only seem to be one.
    """
    if move.act not in _BEGINNING | _AGREEING | _TAKING | {Act.RESTRICT}:
        return None
    terms = edge.terms if move.terms is None else move.terms
    kinds = terms.restriction.kinds
    if move.act is Act.RESTRICT:
        kinds -= edge.terms.restriction.kinds
    known = frozenset[LimitKind]() if scene.demands is None else scene.demands.limits
    return None if kinds <= known else Why.LIMIT_NOT_HONOURED


def consenter_is_asked_now(_: Edge, move: Move, __: Scene) -> Why | None:
    """T7: whoever consents is one whom the register names now; without asking it, nobody is."""
    asked = move.required is not None and move.by.behalf in move.required
    return None if move.act is not Act.CONSENT or asked else Why.NOT_YOURS


def restricting_never_widens(edge: Edge, move: Move, _: Scene) -> Why | None:
    """T11: either side alone can make it less, in every respect, and in no respect more."""
    if move.act is not Act.RESTRICT:
        return None
    if move.terms is None:
        return Why.NOT_NOW
    return None if move.terms.within(edge.terms) else Why.WIDER


def extending_only_lengthens(edge: Edge, move: Move, scene: Scene) -> Why | None:
    """T11: an extension changes the end, by a consent that is worth no less, within what is admitted."""
    if move.act is not Act.EXTEND:
        return None
    if move.terms is None or move.terms.until <= edge.terms.until or not edge.effective(scene.now):
        return Why.NOT_NOW
    same = replace(edge.terms, until=move.terms.until, level=min(edge.terms.level, move.by.level))
    if move.terms != same:
        return Why.WIDER
    return _too_long(move.terms.until - scene.now, edge.kind, scene)


def unwelcome(edge: Edge, scene: Scene) -> Objection | None:
    """T1, T2: a mandate lasts no longer than is admitted, not only in the past, and begins within a year."""
    if edge.terms.until <= scene.now or edge.terms.from_ > scene.now + FURTHEST:
        return Objection(Why.NOT_NOW)
    why = _too_long(edge.terms.until - max(edge.terms.from_, scene.now), edge.kind, scene)
    return None if why is None else Objection(why)


def _too_long(lasting: timedelta, kind: EdgeKind, scene: Scene) -> Why | None:
    if scene.demands is None:
        return Why.NOT_ADMITTED
    return Why.LONGER_THAN_ADMITTED if lasting > scene.demands.longest_of(kind) else None


GUARDS: Final[tuple[Guard, ...]] = (
    has_waited_long_enough,
    nobody_is_on_both_sides,
    kind_is_given_by_people,
    services_admit_it,
    level_suffices,
    principal_is_capable,
    agent_is_able,
    letter_is_admitted,
    code_was_checked,
    desk_is_admitted,
    help_is_bounded,
    one_agent_is_named_alone,
    limits_are_honoured,
    consenter_is_asked_now,
    restricting_never_widens,
    extending_only_lengthens,
)

"""Asking: the candidates for a question, from the stores and from the law, judged by the one set of rules.

Lists are made of the same judgements as single questions, so that who is on a list is permitted, and the
other way round (P18). A page can be shorter than asked; only without `after` is it the last.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import chain
from typing import TYPE_CHECKING

from toegang.catalogue.representation import EdgeKind
from toegang.mandates.decide import Asker, Decision, Listed, Permit, Refused, StepUp, chosen
from toegang.mandates.judging import TEAMS_REACH, Grounds, against
from toegang.mandates.link import link_of, met_on, whole
from toegang.mandates.orders import each_with_orders
from toegang.mandates.resting import standing
from toegang.mandates.scope import Scope, covering
from toegang.mandates.stores import Page, Reach
from toegang.mandates.why import Why

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from toegang.catalogue.representation import Representation
    from toegang.mandates.edge import Edge
    from toegang.mandates.law import Law
    from toegang.mandates.link import Link, Path
    from toegang.mandates.party import Party, PartyId
    from toegang.mandates.stores import Edges, Graph, Parties, WhoHelps


@dataclass(frozen=True, slots=True, kw_only=True)
class Questions:
    """Answers, each from what is committed when it is asked."""

    edges: Edges
    graph: Graph
    parties: Parties
    helpers: WhoHelps

    async def decide(self, asker: Asker, principal: PartyId, now: datetime, law: Law) -> Decision:
        """§3.5: decide about one principal, and say as much as can be said about a refusal."""
        rules, level = asker.service.representation, asker.level_at(now)
        if rules is None:
            return Refused(whys=(Why.NOT_ADMITTED,))
        if asker.authenticated < level:
            return StepUp(level=level)
        paths, grounds = await self._led(asker, rules, ((asker.actor,), (principal,)), now, law)
        decision = chosen(paths, grounds, asker.authenticated)
        if isinstance(decision, Refused):
            return await self._explained(asker, principal, grounds, decision)
        return decision

    async def traced(
        self, asker: Asker, principal: PartyId, now: datetime, law: Law
    ) -> Sequence[tuple[Path, Why | None]]:
        """Return every path from one to the other, with the first rule against it (None: it holds)."""
        rules = asker.service.representation
        if rules is None:
            return ()
        paths, grounds = await self._led(asker, rules, ((asker.actor,), (principal,)), now, law)
        return [(path, against(path, grounds)) for path in paths if path[-1].principal == principal]

    async def represented(
        self, asker: Asker, page: Page, now: datetime, law: Law, first: Sequence[PartyId] = ()
    ) -> Listed[Permit] | StepUp:
        """P18: list whom somebody may act for: those of `first` on the first page, the others by their ids.

        They make the page so much shorter, and need not lie beside each other: they are looked for apart.
        Whom the law names only since an earlier page stands on this one, unless a mandate had them there.
        """
        rules, level = asker.service.representation, asker.level_at(now)
        if rules is None:
            return Listed(found=(), after=None)
        if asker.authenticated < level:
            return StepUp(level=level)
        reach, ahead = _reach(asker, rules, now), await self._ahead(asker, page, now, law, first)
        there = first if page.began is None else page.began
        began = (*there, *page.ahead(first, law.named_to(asker.actor)))
        page = replace(page, size=max(page.size - len(ahead), 1))
        candidates = set(await self.graph.principals(asker.actor, reach, page))
        for link in law.links:
            candidates.add(link.principal)
            if link.agent == asker.actor and link.kind.within_organisation and rules.depth > 1:
                candidates |= set(await self.graph.principals(link.principal, _beyond(reach), page))
        some, after = _turned(candidates, page, {asker.actor, *began})
        before = await self.permitted(asker, ahead, now, law)
        good = await self.permitted(asker, some, now, law, unbroken=True)
        if isinstance(before, StepUp) or isinstance(good, StepUp):
            return StepUp(level=level)
        return Listed(found=(*before, *good), after=after)

    async def _ahead(
        self, asker: Asker, page: Page, now: datetime, law: Law, first: Sequence[PartyId]
    ) -> Sequence[PartyId]:
        """Return who stands before others on a page, and was on none before by a mandate."""
        ahead = page.ahead(first, law.named_to(asker.actor))
        if page.after is None or not ahead:
            return ahead
        others = (link for link in law.links if link.agent != asker.actor or link.principal not in ahead)
        were = await self.permitted(asker, ahead, now, replace(law, links=tuple(others)))
        there = () if isinstance(were, StepUp) else tuple(each.principal for each in were)
        return tuple(each for each in ahead if each not in there)

    async def permitted(
        self,
        asker: Asker,
        principals: Sequence[PartyId],
        now: datetime,
        law: Law,
        *,
        unbroken: bool = False,
    ) -> tuple[Permit, ...] | StepUp:
        """P18: return those of these whom somebody may act for, in the order given, as a list would.

        `unbroken` as in Reach.
        """
        rules, level = asker.service.representation, asker.level_at(now)
        if rules is None:
            return ()
        if asker.authenticated < level:
            return StepUp(level=level)
        some = tuple(dict.fromkeys(each for each in principals if each != asker.actor))
        judged = await self._judged(asker, rules, some, now, law, unbroken=unbroken)
        return tuple(decision for decision in (judged[each] for each in some) if isinstance(decision, Permit))

    async def groups(self, asker: Asker, now: datetime, law: Law) -> tuple[PartyId, ...]:
        """Return through which organisations, or teams of these, somebody may act for their clients."""
        rules = asker.service.representation
        if rules is None or rules.depth == 1:
            return ()
        reach = _reach(asker, rules, now)
        kept = await self.graph.groups(asker.actor, reach)
        links = (each for each in law.links if each.agent == asker.actor and each.kind.within_organisation)
        own = tuple(dict.fromkeys(each.principal for each in links))
        beyond = [await self.graph.groups(each, _beyond(reach)) for each in own]
        return tuple(dict.fromkeys((*own, *kept, *chain.from_iterable(beyond))))

    async def representatives(self, asker: Asker, page: Page, now: datetime, law: Law) -> Listed[PartyId]:
        """P19: list who may act for the asker, also through organisations, in the order of ids."""
        rules = asker.service.representation
        if rules is None or asker.authenticated < asker.level_at(now):
            return Listed(found=(), after=None)
        reach = _reach(asker, rules, now)
        candidates = set(await self.graph.agents(asker.actor, reach, page))
        for link in law.links:
            candidates.add(link.agent)
            if link.principal == asker.actor and rules.depth > 1:
                candidates |= set(await self.graph.agents(link.agent, reach, page))
        some, after = _turned(candidates, page, {asker.actor})
        leading, grounds = await self._led(asker, rules, (some, (asker.actor,)), now, law, unbroken=True)
        found: dict[PartyId, list[Path]] = {agent: [] for agent in some}
        for path in leading:
            found[path[0].agent].append(path)
        good = [
            agent
            for agent, paths in found.items()
            if isinstance(chosen(paths, grounds, asker.authenticated), Permit)
        ]
        return Listed(found=tuple(good), after=after)

    async def _judged(  # noqa: PLR0913 what it is judged on
        self,
        asker: Asker,
        rules: Representation,
        principals: Sequence[PartyId],
        now: datetime,
        law: Law,
        *,
        unbroken: bool,
    ) -> Mapping[PartyId, Permit | Refused]:
        ends = ((asker.actor,), principals)
        paths, grounds = await self._led(asker, rules, ends, now, law, unbroken=unbroken)
        leading: dict[PartyId, list[Path]] = {principal: [] for principal in principals}
        for path in paths:
            leading[path[-1].principal].append(path)
        return {to: chosen(found, grounds, asker.authenticated) for to, found in leading.items()}

    async def _led(  # noqa: PLR0913 what it is judged on
        self,
        asker: Asker,
        rules: Representation,
        ends: tuple[Sequence[PartyId], Sequence[PartyId]],
        now: datetime,
        law: Law,
        *,
        unbroken: bool = False,
    ) -> tuple[Sequence[Path], Grounds]:
        """Return the paths from some to others, and what all of them are judged on."""
        met: dict[PartyId, Party] = {}
        reach = replace(_reach(asker, rules, now), unbroken=unbroken)
        paths = await self._paths(*ends, reach, law, met)
        paths = each_with_orders(paths, law.links, rules, now)
        level, parties = asker.level_at(now), await self._known(paths, met)
        grounds = Grounds.of(
            asker.service,
            rules,
            level=level,
            now=now,
            parties=parties,
            law=law,
            answerable=asker.answerable,
            helpers=await self.helping(paths, now),
        )
        return paths, grounds

    async def helping(self, paths: Iterable[Path], now: datetime) -> frozenset[PartyId]:
        """Return who of those whom people let help them is in the list of those who help, now."""
        agents = {link.agent for path in paths for link in whole(path) if link.kind is EdgeKind.HELPER}
        return await self.helpers.among(agents, now) if agents else frozenset()

    async def _paths(
        self,
        actors: Sequence[PartyId],
        principals: Sequence[PartyId],
        reach: Reach,
        law: Law,
        met: dict[PartyId, Party],
    ) -> Sequence[Path]:
        """Return kept paths, and those that begin or end with what the law gives; `met` gets who is met."""
        found = await self._reaching(actors, principals, reach, law, met)
        for last in law.links:
            if last.principal in principals:
                others = [actor for actor in actors if actor != last.agent]
                before = await self._reaching(others, (last.agent,), reach, law, met)
                found += [(*path, last) for path in before]
        return await self._through(await standing(found, self.edges, law), reach)

    async def standing(self, edges: Iterable[Edge], law: Law) -> Sequence[Link]:
        """Return mandates with what they rest on, in every way in which they do."""
        return [path[0] for path in await standing([(link_of(edge),) for edge in edges], self.edges, law)]

    async def _through(self, paths: Sequence[Path], reach: Reach) -> Sequence[Path]:
        """Add to the paths of who acts for clients of teams only, by which team they do."""
        limited = [path for path in paths if len(path) == TEAMS_REACH and _in_teams(path)]
        if not limited:
            return paths
        scopes = {path[0].principal: Scope.of_teams(path[0].principal) for path in limited}
        keys = tuple(sorted({scope.key for scope in scopes.values()}))
        actors, clients = ({path[0].agent for path in limited}, {path[-1].principal for path in limited})
        teams = await self.graph.paths(
            tuple(sorted(actors)),
            tuple(sorted(clients)),
            replace(reach, keys=keys, depth=TEAMS_REACH, unbroken=False),
        )
        pairs = [(link_of(pair[0]), link_of(pair[1])) for pair in teams if len(pair) == TEAMS_REACH]
        known = {
            (on.scopes, on.agent, is_for.principal): (on, is_for)
            for on, is_for in sorted(pairs, key=_ids)
            if on.scopes == is_for.scopes
        }

        def led(path: Path) -> Path:
            pair = known.get(((scopes[path[0].principal],), path[0].agent, path[-1].principal), ())
            return (replace(path[0], through=pair), *path[1:])

        return [led(path) if len(path) == TEAMS_REACH and _in_teams(path) else path for path in paths]

    async def _reaching(
        self,
        actors: Sequence[PartyId],
        ends: Sequence[PartyId],
        reach: Reach,
        law: Law,
        met: dict[PartyId, Party],
    ) -> list[Path]:
        found = await self._kept(actors, ends, reach, met)
        for first in (link for link in law.links if link.agent in actors):
            if first.principal in ends:
                found.append((first,))
            if reach.depth > 1 and first.kind.within_organisation:  # P10: no chain goes through a person
                beyond = await self._kept((first.principal,), ends, _beyond(reach), met)
                found += [(first, *path) for path in beyond]
        return found

    async def _kept(
        self,
        actors: Sequence[PartyId],
        principals: Sequence[PartyId],
        reach: Reach,
        met: dict[PartyId, Party],
    ) -> list[Path]:
        ways = await self.graph.ways(actors, principals, reach)
        met.update(ways.met)
        return [tuple(map(link_of, path)) for path in ways.paths]

    async def _known(self, paths: Iterable[Path], met: Mapping[PartyId, Party]) -> Mapping[PartyId, Party]:
        """Return everybody on these paths who is known, with those who were met on the way to them."""
        missing = {party for path in paths for party in met_on(path)} - met.keys()
        return {**met, **await self.parties.of(missing)} if missing else met

    async def _explained(
        self, asker: Asker, principal: PartyId, grounds: Grounds, refused: Refused
    ) -> Refused:
        """Add what is against edges between the two that are not active: they cost a look on refusal only."""
        between = await self.edges.between(principal, asker.actor)
        others = await standing([(link_of(edge),) for edge in between], self.edges, grounds.law)
        helpers = grounds.helpers | await self.helping(others, grounds.now)
        grounds = replace(grounds, parties=await self._known(others, grounds.parties), helpers=helpers)
        more = chosen(others, grounds, asker.authenticated)
        known = {*refused.whys, *(more.whys if isinstance(more, Refused) else ())}
        telling = known - {Why.NO_AUTHORITY} or known
        return Refused(whys=tuple(why for why in Why if why in telling))


def _reach(asker: Asker, rules: Representation, now: datetime) -> Reach:
    keys = tuple(each.key for each in covering(asker.service))
    return Reach(keys=keys, depth=rules.depth, level=asker.level_at(now), now=now)


def _beyond(reach: Reach) -> Reach:
    """Return what is left to go once the law has led to an organisation."""
    return replace(reach, depth=reach.depth - 1, firm=True)


def _in_teams(path: Path) -> bool:
    return any(each.teams_only for each in (path[0], *path[0].rests_on))


def _ids(path: Path) -> tuple[str, ...]:
    """Order what is found by its ids, so that of several teams it is always the same one."""
    return tuple(str(link.edge) for link in path)


def _turned(
    candidates: set[PartyId], page: Page, but: set[PartyId]
) -> tuple[tuple[PartyId, ...], PartyId | None]:
    """Return this page of the candidates, and after whom the next begins: None when there is none."""
    later = sorted(each for each in candidates if page.after is None or each > page.after)
    some = later[: page.size]
    after = some[-1] if len(some) == page.size else None
    return tuple(each for each in some if each not in but), after

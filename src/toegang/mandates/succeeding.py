"""Succeeding: where one acts at a time, what comes into force takes the place of the earlier one (T15).

Both are done in one unit, and of two that come into force at once the second finds the first: each has its
turn. Who goes on after standing still has one too, so that nobody takes the place meanwhile.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from toegang.errors import Unavailable
from toegang.mandates.edge import State
from toegang.mandates.guards import SUCCEEDED
from toegang.mandates.life import Act, Side
from toegang.mandates.moves import Move, Mover
from toegang.mandates.moving import lessened, moved
from toegang.mandates.statement import CLOCKS_APART
from toegang.mandates.telling import Telling
from toegang.mandates.why import Objection

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from toegang.ids import Ids
    from toegang.mandates.edge import Edge
    from toegang.mandates.moves import Scene
    from toegang.mandates.stores import Edges
    from toegang.post.outbox import Outbox
    from toegang.units import Unit

TRIES: Final = 5
"""How often it is looked for what has the place, because that changed meanwhile."""

SUPERSEDE = Move(act=Act.SUPERSEDE, by=Mover.of_house(Side.LAW))
TAKE_OVER = Move(act=Act.TRANSFER, by=Mover.of_house(Side.LAW))


def succeeds(before: Edge | None, after: Edge, scene: Scene) -> bool:
    """Tell whether a move brings something into force beside which nobody else acts."""
    comes = after.state is State.ACTIVE and (before is None or before.state is not State.ACTIVE)
    one = scene.demands is not None and scene.demands.one_agent
    return comes and one and after.kind in SUCCEEDED


def goes_on(before: Edge | None, after: Edge) -> bool:
    """Tell whether a move lets something go on of which somebody may have taken the place."""
    stood_still = before is not None and before.state is State.SUSPENDED
    return stood_still and after.state is State.ACTIVE and after.kind in SUCCEEDED


async def others(edges: Edges, unit: Unit, edge: Edge, keys: Iterable[str], now: datetime) -> Sequence[Edge]:
    """Return what else the same one gave, and is not over, for one of these services (keys of scopes) alone.

    To others or again. What is for more than that service was given before one acted at a time there: it
    stays, and stands in nobody's way. What is over only just counts too: it may be extended beside this.
    """
    found = [each for key in keys for each in await edges.under(unit, edge.principal, key)]
    alone = (each for each in found if each.kind in SUCCEEDED and len(each.terms.scopes) == 1)
    return [each for each in alone if each.id != edge.id and now < each.terms.until + CLOCKS_APART]


@dataclass(frozen=True, slots=True, kw_only=True)
class Succeeding:
    """Ends what had the place, and tells those whom it was between."""

    edges: Edges
    outbox: Outbox
    ids: Ids

    async def alone(self, unit: Unit, before: Edge | None, after: Edge, scene: Scene) -> None:
        """Let nobody else bring something of the same one into force until the unit ends.

        Who gives it is not locked for that: two who give each other something would wait for each other, and
        so would a login, which holds the mandate that ends here and then both of its sides.
        """
        if succeeds(before, after, scene) or goes_on(before, after):
            await self.edges.turn(unit, after.principal)

    async def is_taken(self, unit: Unit, edge: Edge, scene: Scene) -> bool:
        """T18: tell whether another has the place of a mandate that comes by law, which sends nobody away."""
        keys = [scope.key for scope in edge.terms.scopes]
        return succeeds(None, edge, scene) and bool(await others(self.edges, unit, edge, keys, scene.now))

    async def make_way(
        self, unit: Unit, before: Edge | None, after: Edge, scene: Scene
    ) -> Sequence[tuple[Edge, Edge]]:
        """End what the mandate takes the place of; return each as it was and as it is.

        Who has the place may change theirs meanwhile, and does not keep it by that: it is looked for anew.

        Raises:
            Unavailable: it keeps changing.

        """
        ended: list[tuple[Edge, Edge]] = []
        if not succeeds(before, after, scene):
            return ended
        keys = [scope.key for scope in after.terms.scopes]
        for _ in range(TRIES):
            found = await others(self.edges, unit, after, keys, scene.now)
            if not found:
                return ended
            for was in found:
                over = moved(was, SUPERSEDE, scene)
                over = over if isinstance(over, Objection) else lessened(was, over)
                if not isinstance(over, Objection) and await self._end(unit, was, over, scene):
                    ended.append((was, over))
        raise Unavailable("what has the place keeps changing")  # noqa: EM101, TRY003

    async def _end(self, unit: Unit, was: Edge, over: Edge, scene: Scene) -> bool:
        if not await self.edges.replace(unit, over, was.version):
            return False
        telling = Telling(outbox=self.outbox, ids=self.ids)
        await telling.tell_of(unit, over, Act.SUPERSEDE, None, scene.now)
        return True

"""P9, P14, P20: what is stated is of who logged in, is for one login, and no refusal tells itself apart."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.mandates import builders as b
from tests.mandates import oracle
from tests.mandates.engines import OFFSETS, Engines
from tests.mandates.worlds import Made, worlds
from tests.volumes import volume
from toegang.catalogue.gate import check_represents, represents
from toegang.catalogue.representation import Representation
from toegang.catalogue.values import Client, ClientId, OrganisationId
from toegang.errors import LevelNotProven, NotEntitled, OneTimeGone
from toegang.mandates.party import PartyId
from toegang.mandates.register import Mandates
from toegang.mandates.statement import Binding, Statement, Status

World = dict[str, Any]
NOBODY = b.party_id(1 << 100)
"""Of whom nothing is known."""
PARTS = ("transaction", "audience", "nonce", "session")


async def asked(mandates: Mandates, made: Made, actor: int, whom: PartyId, binding: Binding) -> object:
    """Ask for a statement; what is refused is told as whoever passes it on sees it."""
    try:
        return await mandates.state(made.asker(actor), whom, binding, made.now, made.told())
    except LevelNotProven as low:
        return type(low)
    except NotEntitled as refused:
        return type(refused), refused.code, refused.args, refused.detail, refused.why


async def redeemed(mandates: Mandates, made: Made, binding: Binding, service: object) -> Statement | None:
    try:
        return await mandates.redeem(binding, service, made.now)  # type: ignore[arg-type]
    except OneTimeGone:
        return None


def binding_of(made: Made, number: int) -> Binding:
    return Binding(transaction=f"{made.offset}-{number}", audience="portal", nonce="n", session="s")


@pytest.mark.requires("MANDATES-P9", "MANDATES-P14", "MANDATES-P20", "MANDATES-P1")
def test_in_any_world_who_acts_is_who_logged_in_and_who_may_not_learns_nothing(engines: Engines) -> None:
    @settings(max_examples=volume(12, 500), suppress_health_check=list(HealthCheck))
    @given(worlds(), st.data())
    def holds(world: World, data: st.DataObject) -> None:
        made = engines.kept(Made(world, next(OFFSETS)))
        pairs = [(actor, whom) for actor in world["parties"] for whom in world["parties"]]
        good = [pair for pair in pairs if oracle.decide(world, *pair) is not None]
        bad = data.draw(st.lists(st.sampled_from(sorted({*pairs} - {*good})), min_size=3, max_size=3))

        async def refusals(mandates: Mandates) -> set[object]:
            told = {await asked(mandates, made, 0, NOBODY, binding_of(made, 1))}
            for place, (actor, whom) in enumerate(bad, start=2):
                told.add(await asked(mandates, made, actor, made.party_id(whom), binding_of(made, place)))
            return told

        (one,), (other,) = engines.each(refusals)
        assert one == other
        for place, (actor, whom) in enumerate(good[:4], start=10):

            async def used(mandates: Mandates, a: int = actor, w: int = whom, p: int = place) -> object:
                return await follow(mandates, made, (a, w), binding_of(made, p))

            refused, again = engines.each(used)
            assert refused == again == one

    async def follow(mandates: Mandates, made: Made, pair: tuple[int, int], binding: Binding) -> object:
        """Follow one statement from its making to its use; return how another by its login is refused."""
        actor, whom = made.party_id(pair[0]), made.party_id(pair[1])
        told = await asked(mandates, made, pair[0], whom, binding)
        assert isinstance(told, Statement)
        assert actor == told.actor == told.path[0].agent
        assert whom == told.principal == told.path[-1].principal
        assert actor != whom
        assert told.level <= made.asker(pair[0]).authenticated
        assert await asked(mandates, made, pair[0], whom, binding) == told
        refused = await asked(mandates, made, pair[0], NOBODY, binding)
        for part in PARTS:
            assert await redeemed(mandates, made, replace(binding, **{part: "another"}), made.service) is None
        assert await redeemed(mandates, made, binding, b.service(77, b.rules())) is None
        taken = await redeemed(mandates, made, binding, made.service)
        assert taken == replace(told, status=Status.REDEEMED)
        assert await redeemed(mandates, made, binding, made.service) is None
        return refused

    holds()


def client(*, representation: bool) -> Client:
    organisation = OrganisationId("provider")
    return Client(
        id=ClientId("portal"),
        organisation=organisation,
        names=b.service().names,
        services=(),
        representation=representation,
    )


@pytest.mark.requires("MANDATES-P9")
@given(st.booleans(), st.none() | st.builds(b.rules, excluded=st.booleans(), depth=st.integers(1, 3)))
def test_who_is_not_registered_for_it_is_refused_before_anybody_is_asked(
    registered: bool, rules: Representation | None
) -> None:
    service, asker = b.service(1, rules), client(representation=registered)
    both = registered and rules is not None
    assert represents(service, asker) is both
    if both:
        check_represents(service, asker)
    else:
        with pytest.raises(NotEntitled):
            check_represents(service, asker)

"""L19: a desk that would note a mandate for its own organisation: both officers work for who is to act."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.hostile.test_l19_in_another_name import KOMPAS, firm
from tests.mandates.at_desk import AT_DESK, LAST_DAY, READ, TownDesk, town_desk, who
from tests.mandates.builders import NOW
from tests.mandates.engines import Helpers
from tests.mandates.giving_people import SANNE
from toegang.catalogue.representation import EdgeKind
from toegang.catalogue.values import Kind, Organisation, OrganisationId, Text
from toegang.errors import NotEntitled
from toegang.mandates.desk.standing_apart import numbers_of
from toegang.mandates.desk.visits import Officer
from toegang.mandates.edge import State
from toegang.mandates.scope import Scope
from toegang.storage import Database

OIN_OF_KOMPAS, ANOTHER_OIN = f"00000003{KOMPAS.digits}0000", "00000001823288444000"


def organisation(name: str, *, helps_as: str = "", oin: str = "") -> Organisation:
    names = Text(nl=name, en=name)
    return Organisation(
        id=OrganisationId(name), names=names, kind=Kind.PRIVATE, sector="help", helps_as=helps_as, oin=oin
    )


LIBRARY = organisation("library", helps_as=KOMPAS.digits, oin=ANOTHER_OIN)
SAME = {
    "the same in the catalogue": LIBRARY,
    "the same number of the trade register": organisation("branch", helps_as=KOMPAS.digits),
    "an OIN of that number": organisation("town", oin=OIN_OF_KOMPAS),
    "the same OIN": organisation("house", oin=ANOTHER_OIN),
}


async def where_a_library_helps(database: Database) -> TownDesk:
    town = await town_desk(database)
    party, helpers = await firm(town.house, KOMPAS), town.house.voluntary.mandates.helpers
    assert isinstance(helpers, Helpers)
    helpers.listed.add(party)
    return town


def of(officer: Officer, organisation: Organisation) -> Officer:
    return replace(officer, numbers=numbers_of(organisation))


async def noted(town: TownDesk, officer: Officer) -> str:
    name = await town.desk.begin(officer, who(SANNE), LIBRARY, "nl", NOW)
    await town.desk.choose(officer, name, NOW, (Scope.of_service(AT_DESK.id).key,), LAST_DAY)
    await town.desk.note(officer, name, READ, NOW)
    return name


@pytest.mark.requires("MANDATES-P27")
@pytest.mark.parametrize("case", SAME)
async def test_no_desk_begins_notes_or_agrees_with_one_for_its_own_organisation(
    database: Database, case: str
) -> None:
    town = await where_a_library_helps(database)
    mine, second = of(town.officer(), SAME[case]), of(town.second, SAME[case])
    with pytest.raises(NotEntitled) as refused:
        await town.desk.begin(mine, who(SANNE), LIBRARY, "nl", NOW)
    assert refused.value.why == "desk-for-itself"
    # Begun, and noted, before the catalogue said that they are the same:
    name = await town.desk.begin(town.officer(), who(SANNE), LIBRARY, "nl", NOW)
    await town.desk.choose(town.officer(), name, NOW, (Scope.of_service(AT_DESK.id).key,), LAST_DAY)
    waits = await noted(town, town.officer())
    for act in (
        town.desk.note(mine, name, READ, NOW),
        town.desk.look(second, waits, NOW),
        town.desk.give(second, waits, READ, NOW),
    ):
        with pytest.raises(NotEntitled) as refused:
            await act
        assert refused.value.why == "desk-for-itself"


async def test_another_organisation_is_let_help_there(database: Database) -> None:
    town = await where_a_library_helps(database)
    elsewhere = organisation("hall", oin="00000001003214345000")
    name = await noted(town, of(town.officer(), elsewhere))
    edge = await town.desk.give(of(town.second, elsewhere), name, READ, NOW)
    assert (edge.state, edge.kind) == (State.ACTIVE, EdgeKind.HELPER)

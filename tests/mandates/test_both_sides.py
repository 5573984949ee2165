"""Nobody stands on both sides of a mandate (P27), and for an estate one party acts where that is asked."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

import pytest

from tests.mandates import builders as b
from tests.mandates.test_register import PIETERS, made
from toegang.assurance import Level
from toegang.catalogue.representation import EdgeKind
from toegang.errors import NotEntitled
from toegang.mandates.decide import Decision, Permit, Refused
from toegang.mandates.edge import EdgeId, State
from toegang.mandates.law import NOTHING_TOLD
from toegang.mandates.life import Act
from toegang.mandates.link import Link
from toegang.mandates.moves import Move, Mover
from toegang.mandates.moving import moved
from toegang.mandates.party import PartyId, Standing
from toegang.mandates.why import Objection, Why
from toegang.registers.population import BirthDate
from toegang.storage import Database

AT_ONCE = b.service(1, b.rules(acceptance=False))
PARENT = b.law(agent=b.NOOR, kind=EdgeKind.PARENTAL, basis="parental-sole", overrules=False)
OWNER = b.law(principal=b.FIRM, agent=b.NOOR, kind=EdgeKind.STATUTORY, basis="director-sole", overrules=False)
FOR_SANNE = Mover(party=b.NOOR, behalf=b.SANNE, level=Level.HIGH)
FOR_FIRM = Mover(party=b.NOOR, behalf=b.FIRM, level=Level.HIGH)
TO_FIRM = b.edge(agent=b.FIRM)
TO_FIRM_TOO = replace(TO_FIRM, id=EdgeId(UUID(int=8)))


@pytest.mark.requires("MANDATES-P27")
async def test_who_gives_in_anothers_name_gives_nothing_to_their_own_firm(database: Database) -> None:
    mandates = await made(database)
    await mandates.know(b.person(b.SANNE, born=BirthDate.parse("2015-01-01")), now=b.NOW)
    move = Move(act=Act.OFFER, by=FOR_SANNE)
    with pytest.raises(NotEntitled) as refused:
        await mandates.begin(TO_FIRM, move, (AT_ONCE,), b.NOW, b.told(PARENT, OWNER))
    assert refused.value.why == "self-approval"
    shared = replace(OWNER, needed=2)
    given = await mandates.begin(TO_FIRM, move, (AT_ONCE,), b.NOW, b.told(PARENT, shared))
    assert given.state is State.ACTIVE


@pytest.mark.requires("MANDATES-P27", "MANDATES-P25")
@pytest.mark.parametrize(
    "missing", [{"over": frozenset({b.SANNE})}, {"silent": frozenset({b.FIRM})}], ids=["forgotten", "silent"]
)
async def test_nothing_is_given_in_anothers_name_to_whom_nobody_asked_who_controls_it(
    database: Database, missing: dict[str, frozenset[PartyId]]
) -> None:
    mandates = await made(database)
    await mandates.know(b.person(b.SANNE, born=BirthDate.parse("2015-01-01")), now=b.NOW)
    move = Move(act=Act.OFFER, by=FOR_SANNE)
    with pytest.raises(NotEntitled) as refused:
        await mandates.begin(TO_FIRM, move, (AT_ONCE,), b.NOW, b.told(PARENT, **missing))
    assert refused.value.why == "register-silent"
    to_person = b.edge(agent=b.PIETER)
    only_her = b.told(PARENT, over=frozenset({b.SANNE}))
    given = await mandates.begin(to_person, move, (AT_ONCE,), b.NOW, only_her)
    asked = b.told(PARENT, over=frozenset({b.SANNE})).and_(b.told(over=frozenset({b.FIRM})))
    assert given.state is (await mandates.begin(TO_FIRM_TOO, move, (AT_ONCE,), b.NOW, asked)).state
    revoke = Move(act=Act.REVOKE, by=FOR_SANNE)
    await mandates.move(TO_FIRM_TOO.id, 1, revoke, (AT_ONCE,), b.NOW, only_her)


@pytest.mark.requires("MANDATES-P27")
async def test_who_gave_in_anothers_name_does_not_accept_it_for_their_firm(database: Database) -> None:
    mandates = await made(database)
    await mandates.know(b.person(b.SANNE, born=BirthDate.parse("2015-01-01")), now=b.NOW)
    service = b.service(1, b.rules())
    offer = Move(act=Act.OFFER, by=FOR_SANNE)
    offered = await mandates.begin(TO_FIRM, offer, (service,), b.NOW, b.told(PARENT))
    accept = Move(act=Act.ACCEPT, by=FOR_FIRM)
    with pytest.raises(NotEntitled) as refused:
        await mandates.move(offered.id, 1, accept, (service,), b.NOW, b.told(OWNER))
    assert refused.value.why == "self-approval"
    decline = Move(act=Act.DECLINE, by=FOR_FIRM)
    await mandates.move(offered.id, 1, decline, (service,), b.NOW, b.told(OWNER))


@pytest.mark.requires("MANDATES-P27")
async def test_somebody_may_let_their_own_firm_act_for_themselves(database: Database) -> None:
    mandates = await made(database)
    service = b.service(1, b.rules())
    mine = b.edge(principal=b.NOOR, agent=b.FIRM, initiator=b.NOOR)
    offer = b.move(Act.OFFER, b.NOOR)
    offered = await mandates.begin(mine, offer, (service,), b.NOW, b.told(OWNER))
    accept = Move(act=Act.ACCEPT, by=FOR_FIRM)
    accepted = await mandates.move(offered.id, 1, accept, (service,), b.NOW, b.told(OWNER))
    assert accepted.state is State.ACTIVE


@pytest.mark.requires("MANDATES-T7", "MANDATES-P11")
def test_who_must_consent_is_asked_of_the_register_each_time() -> None:
    waiting = b.edge(
        state=State.AWAITING_COSIGN, co_principals=frozenset({b.NOOR}), pending_until=b.NOW + b.DAY
    )
    told = moved(waiting, b.move(Act.CONSENT, b.NOOR), b.scene())
    assert told == Objection(Why.NOT_YOURS)


# -- estates -------------------------------------------------------------------------------------------------

HEIR = b.law(kind=EdgeKind.ESTATE, basis="heir", overrules=False)
OTHER_HEIR = replace(HEIR, agent=b.NOOR)
EXECUTOR = replace(OTHER_HEIR, basis="executor")
AUTHORISED = replace(HEIR, basis="authorised-heir")
OTHER_AUTHORISED = replace(AUTHORISED, agent=b.NOOR)

CASES: list[tuple[bool, tuple[Link, ...], Why | None]] = [
    (False, (HEIR,), None),
    (False, (HEIR, OTHER_HEIR), None),
    (False, (HEIR, EXECUTOR), Why.OVERRULED),
    (False, (HEIR, replace(EXECUTOR, certain=False)), Why.OVERRULED),
    (False, (HEIR, replace(EXECUTOR, until=b.NOW)), None),
    (False, (AUTHORISED, EXECUTOR), None),
    (True, (HEIR,), None),
    (True, (HEIR, OTHER_HEIR), Why.TOGETHER),
    (True, (HEIR, replace(OTHER_HEIR, needed=2)), None),
    (True, (HEIR, OTHER_AUTHORISED), Why.OVERRULED),
    (True, (AUTHORISED, OTHER_HEIR), None),
    (True, (AUTHORISED, OTHER_AUTHORISED), Why.TOGETHER),
    (True, (replace(HEIR, needed=2), replace(OTHER_HEIR, needed=2)), Why.TOGETHER),
]


@pytest.mark.requires("MANDATES-P8", "BW-4:145")
@pytest.mark.parametrize(("exclusive", "links", "why"), CASES)
async def test_for_an_estate_no_more_act_than_the_law_and_the_service_admit(
    database: Database, exclusive: bool, links: tuple[Link, ...], why: Why | None
) -> None:
    mandates = await made(database)
    await mandates.know(b.person(b.SANNE, standing=Standing.DECEASED), now=b.NOW)
    asker = replace(PIETERS, service=b.service(1, b.rules(exclusive=exclusive)))
    for order in (links, links[::-1]):
        decision: Decision = await mandates.decide(asker, b.SANNE, b.NOW, b.told(*order))
        assert isinstance(decision, Permit) if why is None else decision == Refused(whys=(why,))


@pytest.mark.requires("MANDATES-P8")
async def test_whom_an_heir_sends_acts_only_where_that_heir_may(database: Database) -> None:
    mandates = await made(database)
    await mandates.know(b.person(b.SANNE, standing=Standing.DECEASED), now=b.NOW)
    heir = replace(HEIR, agent=b.NOOR)
    sent = b.edge(id=EdgeId(b.party_id(9)))
    await mandates.begin(sent, Move(act=Act.OFFER, by=FOR_SANNE), (AT_ONCE,), b.NOW, b.told(heir))
    for exclusive, links, permitted in (
        (True, (heir,), True),
        (True, (heir, replace(HEIR, agent=b.FIRM)), False),
        (False, (heir, replace(EXECUTOR, agent=b.FIRM)), False),
    ):
        asker = replace(PIETERS, service=b.service(1, b.rules(exclusive=exclusive)))
        decision = await mandates.decide(asker, b.SANNE, b.NOW, b.told(*links))
        assert isinstance(decision, Permit) is permitted
    assert isinstance(await mandates.decide(PIETERS, b.SANNE, b.NOW, NOTHING_TOLD), Refused)

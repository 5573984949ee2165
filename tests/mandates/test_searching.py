"""ByName: the clients of an organisation by name, and nobody else's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest

from demo.population import build
from tests.conftest import NOON
from tests.demo.running import calling, running
from tests.mandates import builders as b
from tests.mandates.engines import Engines, door
from tests.mandates.gathered import PATIENCE
from tests.mandates.test_names import KOMPAS, PLACES, SANNE, names
from toegang.assurance import Level
from toegang.catalogue.representation import EdgeKind
from toegang.clock import FixedClock
from toegang.errors import Unavailable
from toegang.mandates.decide import Asker, StepUp
from toegang.mandates.edge import Edge, EdgeId, State, Substitution
from toegang.mandates.law import NOTHING_TOLD
from toegang.mandates.life import Act
from toegang.mandates.party import PartyId, PartyKind
from toegang.mandates.register import Mandates
from toegang.mandates.searching import (
    KIND,
    LONGEST,
    ByName,
    ClientChanged,
    ClientNaming,
    Progress,
    folded,
    turned,
)
from toegang.mandates.stores import Page
from toegang.storage import Database
from toegang.storage.client_names import ClientNameTable
from toegang.storage.graph import GraphTable

OTHER_FIRM = b.party_id(101)
CLIENTS = {
    "Jan Jansen": b.party_id(201),
    "Jansje van den Berg": b.party_id(202),
    "Zoë Janssen-Ünal": b.party_id(203),
    "Bakkerij De Jongste B.V.": b.party_id(204),
}
WORTHLESS = b.party_id(210)
ELSEWHERE = b.party_id(211)
ENDED = b.party_id(212)


def asker(**changes: Any) -> Asker:  # noqa: ANN401
    made = Asker(
        actor=b.PIETER,
        authenticated=Level.HIGH,
        service=b.service(1, b.rules(depth=2)),
        requested=Level.BASIC,
    )
    return replace(made, **changes)


def searching(mandates: Mandates) -> ByName:
    assert isinstance(mandates.graph, GraphTable)
    return ByName(questions=mandates.stating.questions, clients=ClientNameTable(mandates.graph.database))


async def furnish(mandates: Mandates) -> None:
    """Let Pieter work for a firm with clients, of whom all are in the index, also who is none any more."""
    clients = searching(mandates).clients
    people = [*CLIENTS.values(), WORTHLESS, ELSEWHERE, ENDED]
    async with mandates.units.begin() as unit:
        for each in (b.person(b.PIETER), b.firm(), b.firm(OTHER_FIRM), *map(b.person, people)):
            await mandates.parties.put(unit, each)
        staff = b.edge(principal=b.FIRM, agent=b.PIETER, kind=EdgeKind.STAFF, initiator=b.FIRM)
        assert await mandates.edges.add(unit, staff)
        for number, client in enumerate(people, start=20):
            edge = b.edge(
                id=EdgeId(UUID(int=number)),
                principal=client,
                agent=OTHER_FIRM if client == ELSEWHERE else b.FIRM,
                initiator=client,
                state=State.REVOKED if client == ENDED else State.ACTIVE,
                terms=b.terms(level=Level.MINIMAL if client == WORTHLESS else Level.SUBSTANTIAL),
            )
            assert await mandates.edges.add(unit, edge)
        for name, client in CLIENTS.items():
            await clients.put(unit, b.FIRM, client, turned(folded(name)))
        for client in (WORTHLESS, ENDED):
            await clients.put(unit, b.FIRM, client, turned("jan zonder recht"))
        await clients.put(unit, OTHER_FIRM, ELSEWHERE, turned("jan elders"))


async def found(mandates: Mandates, words: str, **changes: Any) -> list[PartyId]:  # noqa: ANN401
    listed = await searching(mandates).named(asker(**changes), words, Page(), b.NOW, NOTHING_TOLD)
    assert not isinstance(listed, StepUp)
    return [each.principal for each in listed.found]


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("Zoë Janssen-Ünal", "zoe janssen unal"),
        ("  D'Artagnan   Ølsen ", "d artagnan olsen"),
        ("GROẞE Straße", "grosse strasse"),
        ("Żółć Łukasz", "zolc lukasz"),
        ("%_\x00'; --", ""),
        ("Γιάννης", "γιαννησ"),
    ],
)
def test_a_name_is_kept_and_looked_for_without_capitals_accents_and_signs(name: str, kept: str) -> None:
    assert folded(name) == kept


def test_no_name_is_kept_without_end() -> None:
    assert len(folded("a " * 10_000 + "b" * 10_000)) <= LONGEST
    assert len(turned(folded("a b c d e f g h i j k l"))) <= LONGEST


def test_a_name_is_found_from_each_of_its_words_on() -> None:
    assert turned("jan van dijk") == ("dijk jan van", "jan van dijk", "van dijk jan")
    assert turned("jan jan") == ("jan jan",)
    assert turned("") == ()


@pytest.mark.requires("MANDATES-P18")
def test_nobody_is_found_whom_no_list_would_show(engines: Engines) -> None:
    engines.each(furnish)
    jans = [CLIENTS[name] for name in ("Jan Jansen", "Jansje van den Berg", "Zoë Janssen-Ünal")]
    assert engines.each(lambda door: found(door, "jan")) == [jans, jans]
    # Not at who has no firm, where chains are not admitted or staff is not, and not by one letter or none.
    assert engines.each(lambda door: found(door, "jan", actor=b.SANNE)) == [[], []]
    for changes in ({"depth": 1}, {"kinds": (EdgeKind.VOLUNTARY,)}):
        closed = b.service(1, b.rules(**changes))
        assert engines.each(lambda door, at=closed: found(door, "jan", service=at)) == [[], []]  # type: ignore[misc]
    closed = b.service(1)
    assert engines.each(lambda door: found(door, "jan", service=closed)) == [[], []]
    for words in ("j", "", "%", "__", "jan%", "elders", "\U0010ffff\U0010ffff"):
        sought = engines.each(lambda door, words=words: found(door, words))  # type: ignore[misc]
        assert sought == ([jans, jans] if words == "jan%" else [[], []]), words


async def passed_on(mandates: Mandates, substitution: Substitution) -> None:
    """Let the other firm, whose client is somewhere else, have Pieter's firm act for it."""
    terms = b.terms(substitution=substitution)
    given = {"principal": OTHER_FIRM, "agent": b.FIRM, "initiator": OTHER_FIRM}
    edge = b.edge(id=EdgeId(UUID(int=40)), kind=EdgeKind.INTERMEDIARY, terms=terms, **given)
    gave = await mandates.edges.find(EdgeId(UUID(int=25)))
    assert gave is not None
    assert gave.principal == ELSEWHERE
    further = replace(gave, terms=replace(gave.terms, substitution=Substitution.ONE_LEVEL), version=2)
    async with mandates.units.begin() as unit:
        await mandates.parties.put(unit, b.person(b.SANNE))
        assert await mandates.edges.add(unit, edge)
        assert await mandates.edges.replace(unit, further, 1)


@pytest.mark.requires("MANDATES-P18")
def test_clients_of_a_firm_that_theirs_acts_for_are_found_where_a_chain_may_be_so_long(
    engines: Engines,
) -> None:
    engines.each(furnish)
    deep = b.service(1, b.rules(depth=3))
    assert engines.each(lambda door: found(door, "elders", service=deep)) == [[], []]
    engines.each(lambda door: passed_on(door, Substitution.ONE_LEVEL))
    assert engines.each(lambda door: found(door, "elders", service=deep)) == [[ELSEWHERE]] * 2
    assert engines.each(lambda door: found(door, "elders")) == [[], []], "of a depth of two"
    assert len(engines.each(lambda door: found(door, "jan", service=deep))[0]) == 4
    strangers = engines.each(lambda door: found(door, "elders", service=deep, actor=b.SANNE))
    assert strangers == [[], []]
    # Who directs the firm by law finds them too.
    law = b.told(
        b.law(principal=b.FIRM, agent=b.SANNE, kind=EdgeKind.STATUTORY, basis="director", overrules=False)
    )
    directs = asker(actor=b.SANNE, service=deep)

    async def by_law(mandates: Mandates) -> list[PartyId]:
        listed = await searching(mandates).named(directs, "elders", Page(), b.NOW, law)
        assert not isinstance(listed, StepUp)
        return [each.principal for each in listed.found]

    assert engines.each(by_law) == [[ELSEWHERE]] * 2


def test_nobody_is_found_through_a_firm_that_may_not_have_others_act(engines: Engines) -> None:
    engines.each(furnish)
    engines.each(lambda door: passed_on(door, Substitution.NONE))
    deep = b.service(1, b.rules(depth=3))
    assert engines.each(lambda door: found(door, "elders", service=deep)) == [[], []]


def test_who_logged_in_too_low_steps_up_before_anybody_is_looked_for(engines: Engines) -> None:
    engines.each(furnish)
    high = b.service(1, b.rules(use=Level.HIGH))

    async def asked(mandates: Mandates) -> object:
        low = asker(service=high, authenticated=Level.LOW)
        return await searching(mandates).named(low, "jan", Page(), b.NOW, NOTHING_TOLD)

    assert engines.each(asked) == [StepUp(level=Level.HIGH)] * 2


def test_a_name_is_found_by_any_of_its_words_and_last_name_first(engines: Engines) -> None:
    engines.each(furnish)
    for words, name in (
        ("JANSEN jan", "Jan Jansen"),
        ("van den b", "Jansje van den Berg"),
        ("ünal", "Zoë Janssen-Ünal"),
        ("zoé", "Zoë Janssen-Ünal"),
        ("jongste", "Bakkerij De Jongste B.V."),
    ):
        sought = engines.each(lambda door, words=words: found(door, words))  # type: ignore[misc]
        assert sought == [[CLIENTS[name]]] * 2, words


@pytest.mark.requires("MANDATES-P18")
def test_pages_by_name_have_everybody_once(engines: Engines) -> None:
    engines.each(furnish)

    async def paged(mandates: Mandates) -> list[Sequence[PartyId]]:
        pages: list[Sequence[PartyId]] = []
        after = None
        while True:
            page = Page(after=after, size=1)
            listed = await searching(mandates).named(asker(), "ja", page, b.NOW, NOTHING_TOLD)
            assert not isinstance(listed, StepUp)
            pages.append([each.principal for each in listed.found])
            if listed.after is None:
                return pages
            after = listed.after

    one, other = engines.each(paged)
    assert one == other
    together = [each for page in one for each in page]
    assert together == [CLIENTS[name] for name in ("Jan Jansen", "Jansje van den Berg", "Zoë Janssen-Ünal")]


def test_clients_alone_are_named_and_only_while_they_are(engines: Engines) -> None:
    active = b.edge(agent=b.FIRM)
    ended = replace(active, state=State.REVOKED)
    pending = replace(active, state=State.OFFERED)
    longer = replace(active, version=2)
    assert ClientChanged.of(None, active, b.NOW) == ClientChanged.of(active, ended, b.NOW)
    for before, after in (
        (None, pending),
        (active, longer),
        (pending, replace(pending, state=State.DECLINED)),
    ):
        assert ClientChanged.of(before, after, b.NOW) is None
    assert ClientChanged.of(None, replace(active, kind=EdgeKind.EMPLOYEE), b.NOW) is None

    async def ended_by_client(mandates: Mandates, agent: PartyId, number: int) -> int:
        given = b.edge(id=EdgeId(UUID(int=number)), agent=agent)
        async with mandates.units.begin() as unit:
            for each in (b.person(b.SANNE), b.person(b.PIETER), b.firm()):
                await mandates.parties.put(unit, each)
            await mandates.edges.add(unit, given)
        move = b.move(Act.REVOKE, b.SANNE)
        await mandates.move(given.id, 1, move, (b.service(1, b.rules()),), b.NOW, NOTHING_TOLD)
        assert isinstance(mandates.graph, GraphTable)
        rows = await mandates.graph.database.all("SELECT 1 FROM outbox WHERE kind = :kind", {"kind": KIND})
        return len(rows)

    # Of who acts in person nothing is kept.
    assert engines.each(lambda door: ended_by_client(door, b.PIETER, 70)) == [0, 0]
    assert engines.each(lambda door: ended_by_client(door, b.FIRM, 71)) == [1, 1]


async def test_a_name_is_kept_when_a_register_told_it_and_forgotten_with_the_mandate(
    database: Database,
) -> None:
    mandates, clock = door(database), FixedClock(NOON)
    clients = ClientNameTable(database)

    async def sought() -> Sequence[PartyId]:
        return await clients.starting((kompas,), "jong", Page())

    def given(until_moved: int) -> Edge:
        terms = b.terms(from_=NOON - b.DAY, until=NOON + b.DAY)
        made = b.edge(principal=sanne, agent=kompas, terms=terms, initiator=sanne)
        return made if until_moved == 1 else replace(made, state=State.REVOKED, version=2)

    async with running(build(PLACES)) as url, calling(PATIENCE) as outbound:
        told = names(database, outbound, url)
        met = await told.numbers.meet([SANNE, KOMPAS], NOON)
        sanne, kompas = met[SANNE], met[KOMPAS]
        naming = ClientNaming(units=mandates.units, names=told, clients=clients, clock=clock)
        message = ClientChanged(client=sanne, agent=kompas, at=NOON).message(mandates.ids)
        assert message.to_party == "mandates"
        await naming.carry(message)
        assert await sought() == ()  # there is no mandate
        async with mandates.units.begin() as unit:
            await mandates.parties.put(unit, replace(b.firm(kompas), kind=PartyKind.ORGANISATION))
            await mandates.edges.add(unit, given(1))
        silent = replace(naming, names=names(database, outbound, "http://127.0.0.1:9"))
        with pytest.raises(Unavailable):
            await silent.carry(message)
        assert await sought() == ()
        # Who gave it before names were kept is named by the command, once a register tells.
        heard: list[Progress] = []
        assert (await silent.all(heard.append)).silent == 1
        assert await sought() == ()
        done = await naming.all(heard.append)
        assert (done.named, done.silent, done.looked_at) == (1, 0, done.places)
        assert await sought() == (sanne,)
        assert (await silent.all(heard.append)).silent == 0  # who was named is not asked about again
        assert heard[-1].looked_at == done.places
        for _ in range(2):  # the same message may come twice
            await naming.carry(message)
            assert await sought() == (sanne,)
        async with mandates.units.begin() as unit:
            assert await mandates.edges.replace(unit, given(2), 1)
        await silent.carry(message)  # forgetting asks no register
        assert await sought() == ()

"""A desk where people give mandates: two officers of one town, and who comes by."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from tests.mandates.builders import GROWN, NOW, rules, service
from tests.mandates.giving_people import PIETER, SANNE, People, people
from tests.means.bureau import registered
from toegang.assurance import Level
from toegang.catalogue.values import Text
from toegang.emrtd.document import DocumentKind
from toegang.identity.numbers import Bsn
from toegang.ids import SystemIds
from toegang.mandates.desk.ending import EndingAtDesk, Look
from toegang.mandates.desk.giving import GivingAtDesk
from toegang.mandates.desk.telling import TellingByLetter
from toegang.mandates.desk.visits import Came, Officer, Visit
from toegang.mandates.edge import Edge
from toegang.mandates.finding import Typed
from toegang.mandates.names import Names
from toegang.mandates.party import PartyId
from toegang.mandates.scope import Scope
from toegang.post.letter import LetterPost
from toegang.registers.population import BirthDate
from toegang.registers.unasked import Unasked
from toegang.storage import Database, ExpiringStore
from toegang.storage.holds import HoldTable

CLERK, SECOND = Bsn.parse("999990172"), Bsn.parse("999990196")
AT_DESK = service(3, rules(desk=True, desk_level=Level.LOW))
ONLY_HOME = service(4, rules())
LAST_DAY = date(2027, 12, 31)
READ = "what was read out"


@dataclass
class TownDesk:
    """The desk, with everybody around it."""

    house: People
    desk: GivingAtDesk
    ending: EndingAtDesk
    ids: dict[Bsn, PartyId]

    def officer(
        self, who: Bsn = CLERK, organisation: str = "town", level: Level = Level.SUBSTANTIAL
    ) -> Officer:
        return Officer(
            name=f"name-{who.digits}",
            organisation=organisation,
            party=self.ids[who],
            level=level,
            desk=Text(nl="Gemeente", en="Town"),
        )

    @property
    def second(self) -> Officer:
        return self.officer(SECOND)

    async def begun(self, *, came: bool = True, agent: Bsn = PIETER, officer: Officer | None = None) -> str:
        other = who(agent) if came else who(agent).typed
        return await self.desk.begin(officer or self.officer(), who(SANNE), other, "nl", NOW)

    async def noted(
        self, *, came: bool = True, agent: Bsn = PIETER, scopes: tuple[str, ...] = (), read: str = READ
    ) -> str:
        """Note a visit of Sanne, who lets Pieter act."""
        name = await self.begun(came=came, agent=agent)
        chosen = scopes or (Scope.of_service(AT_DESK.id).key,)
        await self.desk.choose(self.officer(), name, NOW, chosen, LAST_DAY)
        await self.desk.note(self.officer(), name, read, NOW)
        return name

    async def given(self, *, came: bool = True) -> Edge:
        return await self.desk.give(self.second, await self.noted(came=came), READ, NOW)


def who(bsn: Bsn, born: BirthDate = GROWN) -> Came:
    return Came(typed=Typed(bsn=bsn, born=born), document=DocumentKind.PASSPORT, number="SPECI2014")


async def town_desk(database: Database) -> TownDesk:
    """Open a desk, with two officers of one town; Noor works nowhere."""
    house = await people(database)
    house.offered.services[:] = [AT_DESK, ONLY_HOME]
    met = dict(house.ids)
    for bsn in (CLERK, SECOND):
        house.register.people[bsn] = registered(bsn, birth_date=GROWN)
        party = (await house.voluntary.finding.numbers.meet([bsn], NOW))[bsn]
        await house.voluntary.finding.know(party, house.register.people[bsn], NOW)
        met[bsn] = party
    letters = TellingByLetter(
        letters=LetterPost(outbox=house.outbox, ids=SystemIds()), address="toegang.example"
    )
    desk = GivingAtDesk(
        voluntary=house.voluntary,
        visits=ExpiringStore(database, "mandate-at-desk", Visit),
        letters=letters,
        holds=HoldTable(database),
        gathering=house.courts,
    )
    ending = EndingAtDesk(
        voluntary=house.voluntary,
        names=Names(
            numbers=house.voluntary.finding.numbers,
            population=house.register,
            organisations=Unasked("organisations.url"),
        ),
        looks=ExpiringStore(database, "mandate-look", Look),
        letters=letters,
    )
    return TownDesk(house=house, desk=desk, ending=ending, ids=met)

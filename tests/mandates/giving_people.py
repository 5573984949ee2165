"""People who give each other mandates: the use cases over a database, beside a register that knows them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import reduce
from uuid import UUID

from tests.mandates.builders import GROWN, NOW, rules, service
from tests.mandates.engines import door
from tests.mandates.known import SECRET, numbers
from tests.means.bureau import Register, registered
from toegang.assurance import Level
from toegang.catalogue.representation import EdgeKind
from toegang.catalogue.values import Service, Text
from toegang.errors import Unavailable
from toegang.identity.numbers import Bsn, KvkNumber
from toegang.ids import SystemIds
from toegang.keys.secret import FindingKey, SealingKey
from toegang.mandates.bounds import Bounds, Counted
from toegang.mandates.demands import within
from toegang.mandates.finding import Contact, Finding, Found, Typed
from toegang.mandates.hints import Hint, Hints
from toegang.mandates.law import NOTHING_TOLD, Between, Law, Named
from toegang.mandates.letter_codes import LetterCode, LetterCodes
from toegang.mandates.mandatable import Width
from toegang.mandates.party import PartyId
from toegang.mandates.scope import Scope, ScopeKind, covering
from toegang.mandates.telling import Telling
from toegang.mandates.voluntary import Actor, Proposal, Voluntary
from toegang.post import letter
from toegang.post.letter import Letter, LetterPost
from toegang.post.outbox import Bell, Claim, Fate, Message, Outbox
from toegang.post.person_notices import KIND, PersonNotice
from toegang.post.readers import Reads
from toegang.registers.organisations import RegisteredOrganisation
from toegang.registers.population import BirthDate
from toegang.registers.spoken import Held, Holder
from toegang.storage import Database, ExpiringStore
from toegang.storage.edge_lists import EdgeLists
from toegang.storage.outbox import Outboxes

SANNE, PIETER, NOOR = Bsn.parse("999990019"), Bsn.parse("999990032"), Bsn.parse("999990044")
NOBODY = Bsn.parse("999990056")
RETURNS = service(1, rules(letter=True, letter_level=Level.LOW))
CARE = service(2, rules())
UNTIL = NOW + timedelta(days=300)


@dataclass
class Courts:
    """What the law gives over each, as a test says it."""

    told: dict[PartyId, Law] = field(default_factory=dict)
    asked: list[PartyId] = field(default_factory=list)

    async def over(self, principal: PartyId, now: datetime) -> Law:
        assert now.tzinfo is not None
        self.asked.append(principal)
        return self.told.get(principal, NOTHING_TOLD)

    async def over_named(self, principal: Named, now: datetime) -> Law:
        return await self.over(principal.party, now)

    async def between_named(self, actor: Named, principal: Named, _: Service, now: datetime) -> Between:
        law = (await self.over_named(principal, now)).and_(await self.over_named(actor, now))
        return Between(actor=actor.party, principal=principal.party, law=law)

    async def of_person(self, actor: PartyId, now: datetime) -> Law:
        assert now.tzinfo is not None
        mine = [law for law in self.told.values() if any(link.agent == actor for link in law.links)]
        return reduce(lambda all_, law: all_.and_(law), mine, NOTHING_TOLD)


@dataclass
class Firms:
    """The trade register, as a test says it."""

    told: dict[KvkNumber, RegisteredOrganisation] = field(default_factory=dict)

    async def find(self, kvk: KvkNumber) -> RegisteredOrganisation | None:
        return self.told.get(kvk)

    async def held_by(self, holder: Holder, after: str, most: int) -> Held:
        told = f"nothing of {holder} {after} {most}"
        raise Unavailable(told)


@dataclass
class Offered:
    """Services that can be meant; those that are taken out are closed."""

    services: list[Service]

    def reached(self, scopes: Iterable[Scope], now: datetime) -> tuple[Service, ...]:
        assert now.tzinfo is not None
        asked = tuple(scopes)
        return tuple(
            service
            for service in self.services
            if any(each.covers(scope) for each in covering(service) for scope in asked)
        )

    def find(self, words: str, kind: EdgeKind | None, most: int, now: datetime) -> tuple[Service, ...]:
        rules = [(each, each.representation) for each in self.services]
        found = [each for each, one in rules if one and (kind is None or kind in one.kinds)]
        assert now.tzinfo is not None
        return tuple(each for each in found if words in each.names.nl)[:most]

    def wider(self, services: Iterable[Service]) -> tuple[Scope, ...]:
        return tuple({Scope.of_provider(each.organisation): None for each in services})

    def width(self, scope: Scope, kind: EdgeKind, level: Level, now: datetime) -> Width:
        reached = self.reached((scope,), now)
        return Width(reached=tuple(within(kind, (scope,), reached, level)), left_out=())

    def called(self, scope: Scope) -> Text | None:
        if scope.kind is not ScopeKind.SERVICE:
            return Text(nl=scope.name, en=scope.name)
        return next((each.names for each in self.services if str(each.id) == scope.name), None)


@dataclass
class Readers:
    """How people read letters, as a test says it."""

    told: dict[PartyId, Reads] = field(default_factory=dict)

    async def of(self, person: UUID) -> Reads:
        return self.told.get(PartyId(person), Reads())


@dataclass
class People:
    """The use cases, and everybody around them."""

    database: Database
    voluntary: Voluntary
    register: Register
    courts: Courts
    offered: Offered
    readers: Readers
    firms: Firms
    outbox: Outbox
    ids: dict[Bsn, PartyId]

    def actor(self, bsn: Bsn, level: Level = Level.SUBSTANTIAL) -> Actor:
        return Actor(party=self.ids[bsn], level=level)

    async def find(self, asker: Bsn, other: Bsn, born: BirthDate = GROWN) -> Found:
        return await self.voluntary.finding.by_number(self.ids[asker], Typed(bsn=other, born=born), NOW)

    async def letters(self) -> list[Letter]:
        return [Letter.read(each.payload) for each in await self._sent(letter.KIND)]

    async def notices(self) -> list[tuple[str, PartyId]]:
        told = [PersonNotice.read(each.payload) for each in await self._sent(KIND)]
        return [(each.purpose.value, PartyId(each.person)) for each in told]

    async def taken(self, kind: str, now: datetime) -> list[Message]:
        """Take what waits to be sent, as whoever brings it away does: it does not come again."""
        claim = Claim(name=str(self.voluntary.mandates.ids.uuid()), kind=kind, limit=50, until=now)
        async with self.database.begin() as unit:
            found = await self.outbox.store.claim(unit, claim, now)
            for each in found:
                assert await self.outbox.store.settle(unit, each, Fate.DELIVERED, now)
        return [self.outbox.unseal(each) for each in found]

    async def _sent(self, kind: str) -> list[Message]:
        claim = Claim(
            name=f"test-{kind}", kind=kind, limit=50, until=NOW
        )  # claimed again by whoever asks next
        async with self.database.begin() as unit:
            found = await self.outbox.store.claim(unit, claim, UNTIL)
        return [self.outbox.unseal(each) for each in found]


def proposal(*services: Service, until: datetime = UNTIL) -> Proposal:
    scopes = tuple(Scope.of_service(each.id) for each in services or (RETURNS,))
    return Proposal(scopes=scopes, from_=NOW, until=until, read="what was read")


async def people(database: Database) -> People:
    """Open the use cases, with Sanne, Pieter and Noor in the register."""
    ids, known = SystemIds(), numbers(database)
    outbox = Outbox(store=Outboxes(database), key=SealingKey.derive({1: SECRET}, "outbox"), bell=Bell())
    register = Register({bsn: registered(bsn, birth_date=GROWN) for bsn in (SANNE, PIETER, NOOR)})
    courts, offered, readers, mandates = Courts(), Offered([RETURNS, CARE]), Readers(), door(database)
    firms = Firms()
    bounds = Bounds(store=ExpiringStore(database, "mandate-counted", Counted))
    finding = Finding(
        units=database.units(),
        ids=ids,
        numbers=known,
        population=register,
        organisations=firms,
        knowing=mandates.knowing,
        codes=ExpiringStore(database, "mandate-contact", Contact),
        bounds=bounds,
        nobodies=FindingKey.derive(SECRET, "mandate nobody"),
    )
    letters = LetterCodes(
        units=database.units(),
        ids=ids,
        letters=LetterPost(outbox=outbox, ids=ids),
        codes=ExpiringStore(database, "mandate-letter", LetterCode),
        bounds=bounds,
        key=FindingKey.derive(SECRET, "mandate letter"),
        address="toegang.example",
    )
    voluntary = Voluntary(
        mandates=mandates,
        lists=EdgeLists(database),
        finding=finding,
        letters=letters,
        telling=Telling(outbox=outbox, ids=ids),
        laws=courts,
        services=offered,
        readers=readers,
        hints=Hints(store=ExpiringStore(database, "mandate-hint", Hint), live=timedelta(days=730)),
    )
    met = await known.meet([SANNE, PIETER, NOOR], NOW)
    parties = {bsn: party for bsn, party in met.items() if isinstance(bsn, Bsn)}
    for bsn, party in parties.items():
        await finding.know(party, register.people[bsn], NOW)
    return People(database, voluntary, register, courts, offered, readers, firms, outbox, parties)

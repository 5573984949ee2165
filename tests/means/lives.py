"""A population register that tells events: a list filled by the test, read as the hub reads any register."""

from __future__ import annotations

import json
from dataclasses import dataclass, field

from tests.means.bureau import SANNE, SECRET, Bureau
from toegang.catalogue.values import MeansId
from toegang.errors import Unavailable
from toegang.identity.numbers import Bsn
from toegang.keys.secret import FindingKey, SealingKey
from toegang.means.citizen.linked import LinkedNotices
from toegang.means.external.linking import Linking
from toegang.means.life.desk import LifeDesk
from toegang.means.life.following import Following
from toegang.means.life.store import KnowsLives, RestsOnDocuments
from toegang.registers.events import Notice, Told
from toegang.registers.events_http import parse
from toegang.storage.apps import AppTable
from toegang.storage.life import LifeTables
from toegang.storage.links import LinkTable

BANK = MeansId("bank")


@dataclass
class Telling:
    """The register: what it has to tell, in the order that it tells it; `away` makes it not answer."""

    list: list[bytes] = field(default_factory=list)
    away: bool = False

    async def read(self, after: str, most: int) -> Told:
        if self.away:
            raise Unavailable
        at = int(after or "0")
        part = self.list[at : at + most]
        return Told(events=tuple(part), next=str(at + len(part)))

    def parse(self, octets: bytes) -> Notice | None:
        return parse(octets)

    def tell(self, kind: str, number: int, bsn: Bsn = SANNE, **more: object) -> bytes:
        """Add an event to the list; return it as it is told."""
        about = {"number": number, "kind": kind, "bsn": bsn.digits, "at": "2027-03-01T12:00:00Z"}
        self.list.append(json.dumps(about | more).encode())
        return self.list[-1]


@dataclass(kw_only=True)
class Lives:
    """A bureau that follows a register."""

    bureau: Bureau
    register: Telling
    desk: LifeDesk

    async def look(self) -> int:
        """Read what there is."""
        return await Following(desk=self.desk, register=self.register).look(self.bureau.now)

    async def again(self) -> int:
        """Try once more what lies aside."""
        return await Following(desk=self.desk, register=self.register).again(self.bureau.now)

    async def told(self, kind: str, number: int, bsn: Bsn = SANNE, **more: object) -> None:
        """Tell one event, and have it read."""
        self.register.tell(kind, number, bsn, **more)
        await self.look()

    async def names(self) -> list[str]:
        """Return the names of the events of this room and of holds, oldest first."""
        heads = ("life:", "register", "account:hold", "account:ended", "link")
        return [name for name in await self.bureau.names_of_events() if name.startswith(heads)]


def lives_at(
    bureau: Bureau, rests: tuple[RestsOnDocuments, ...] = (), told: tuple[KnowsLives, ...] = ()
) -> Lives:
    """Have a bureau follow a register that tells nothing yet."""
    account = bureau.desk
    linking = Linking(
        units=account.units,
        links=LinkTable(bureau.database),
        tells=LinkedNotices(desk=account),
        enrolment=account.enrolment,
        outbox=account.outbox,
        trail=account.trail,
        finding=FindingKey.derive(SECRET, "link"),
        ids=account.ids,
    )
    desk = LifeDesk(
        account=account,
        operating=bureau.door.operating,
        apps=AppTable(bureau.database),
        linking=linking,
        store=LifeTables(bureau.database),
        sealing=SealingKey.derive({1: SECRET}, "life event"),
        finding=FindingKey.derive(SECRET, "life event"),
        rests=rests,
        told=told,
    )
    return Lives(bureau=bureau, register=Telling(), desk=desk)

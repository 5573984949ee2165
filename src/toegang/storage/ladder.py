"""At which step accounts stand, and what people answered to invitations, on either engine."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

import msgspec

from toegang.assurance import Level, Step
from toegang.errors import ProofInvalid
from toegang.identity.people import PersonId
from toegang.login.invitations import Answers
from toegang.means.ladder import Place, Standing, Usable
from toegang.storage.database import inside

if TYPE_CHECKING:
    from toegang.keys.secret import FindingKey, SealingKey
    from toegang.storage.database import Database
    from toegang.storage.statements import Row
    from toegang.units import Unit

FIND = "SELECT person, step, level, untold, body FROM standings WHERE person = :person"
HOLD = """
INSERT INTO standings (person, step, level, untold, body) VALUES (:person, NULL, NULL, 0, '[]')
ON CONFLICT (person) DO UPDATE SET person = excluded.person
RETURNING person, step, level, untold, body
"""
WRITE = """
UPDATE standings SET step = :step, level = :level, untold = :untold, body = :body WHERE person = :person
"""
FORGET = "DELETE FROM standings WHERE person = :person"
UNTOLD = "SELECT person, step, level, untold, body FROM standings WHERE untold = 1 LIMIT :most "

ANSWERED = "SELECT body FROM invitations WHERE person = :person"
ANSWER = """
INSERT INTO invitations (person, body) VALUES (:person, :body)
ON CONFLICT (person) DO UPDATE SET body = excluded.body
"""
ERASE = "DELETE FROM invitations WHERE person = :person"


@dataclass(frozen=True, slots=True)
class StandingTable:
    """means.ladder.StandingStore: what each person's account can be used with."""

    database: Database

    async def find(self, person: PersonId) -> Standing | None:
        """Find it."""
        row = await self.database.one(FIND, {"person": person.bytes})
        return None if row is None else _standing(row)

    async def hold(self, unit: Unit, person: PersonId) -> Standing:
        """Return it, an empty one where there was none, holding it until the unit ends."""
        row = await inside(unit).one(HOLD, {"person": person.bytes})
        return Standing(person=person) if row is None else _standing(row)

    async def write(self, unit: Unit, standing: Standing) -> None:
        """Write one that this unit holds; one that can be used with nothing is forgotten."""
        key = {"person": standing.person.bytes}
        if not standing.usable:
            await inside(unit).put(FORGET, dict(key))
            return
        told = standing.told
        body = [[each.kind, each.means, int(each.level), each.count] for each in standing.usable]
        await inside(unit).put(
            WRITE,
            {
                **key,
                "step": told.step.value if told else None,
                "level": int(told.level) if told else None,
                "untold": int(standing.untold),
                "body": json.dumps(body),
            },
        )

    async def untold(self, unit: Unit, most: int) -> tuple[Standing, ...]:
        """Return at most so many of which nothing was told, holding them."""
        rows = await inside(unit).all(UNTOLD + self.database.skip_locked, {"most": most})
        return tuple(map(_standing, rows))


@dataclass(frozen=True, slots=True, kw_only=True)
class InvitationTable:
    """login.invitations.AnswerStore: sealed, found by a keyed hash of the person."""

    database: Database
    sealing: SealingKey
    finding: FindingKey

    async def find(self, person: PersonId) -> Answers:
        """Return what the person answered; nothing where nothing is kept, or can be read."""
        key = self._key(person)
        row = await self.database.one(ANSWERED, {"person": key})
        return Answers() if row is None else self._open(row[0], key)

    async def hold(self, unit: Unit, person: PersonId) -> Answers:
        """Return it, holding what is kept against others until the unit ends."""
        key = self._key(person)
        row = await inside(unit).one(ANSWERED + self.database.for_update, {"person": key})
        return Answers() if row is None else self._open(row[0], key)

    async def write(self, unit: Unit, person: PersonId, answers: Answers) -> None:
        """Write what this unit holds."""
        key = self._key(person)
        await inside(unit).put(ANSWER, {"person": key, "body": self._seal(answers, key)})

    async def erase(self, unit: Unit, person: PersonId) -> None:
        """GDPR-17: forget it all; a second time nothing happens."""
        await inside(unit).put(ERASE, {"person": self._key(person)})

    def _key(self, person: PersonId) -> bytes:
        return self.finding.find(person.bytes)

    def _seal(self, answers: Answers, key: bytes) -> bytes:
        return self.sealing.seal(msgspec.json.encode(answers), key)

    def _open(self, sealed: bytes, key: bytes) -> Answers:
        try:
            return msgspec.json.decode(self.sealing.open(sealed, key), type=Answers)
        except (ProofInvalid, msgspec.MsgspecError):
            # Who cannot be read is asked once more, which is better than no login.
            return Answers()


def _standing(row: Row) -> Standing:
    person, step, level, untold, body = row
    return Standing(
        person=PersonId(UUID(bytes=person)),
        usable=tuple(
            Usable(kind=kind, means=means, level=Level(reached), count=count)
            for kind, means, reached, count in json.loads(body)
        ),
        told=None if step is None or level is None else Place(step=Step(step), level=Level(level)),
        untold=untold == 1,
    )

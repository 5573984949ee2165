"""Reader sessions on a bureau's database, with a purpose that asks a word and two things of a chip."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from tests.means.bureau import SECRET, Bureau, browser
from toegang.catalogue.values import Text
from toegang.errors import DocumentRefused, Malformed, NotEntitled, Refusal
from toegang.keys.secret import SealingKey
from toegang.means.app.pairing import Whereabouts
from toegang.means.app.watching import Watcher
from toegang.means.citizen.visitor import Visitor
from toegang.means.reader.conversation import Accepted, End, Next, Question, Refused, Said, Talk
from toegang.means.reader.keeping import Talks
from toegang.means.reader.policy import ReaderPolicy
from toegang.means.reader.readers import Beginning, ReaderMemory, Readers, Turn
from toegang.means.reader.sessions import ReaderSession
from toegang.storage import Database, ExpiringStore
from toegang.storage.apps import AppChanges
from toegang.units import Unit

PURPOSE = "word"
NETWORK = "192.0.2.0/24"
GIVEN = Said(given=b'{"word": "koffie"}')
ANSWERS = Said(answers=(b"one", b"two"))


@dataclass
class Spelling:
    """A purpose: the word that was given goes to the chip twice, and what it answers is the result."""

    closed: set[str] = field(default_factory=set)
    concluded: list[End] = field(default_factory=list)

    async def admit(self, unit: Unit, talk: Talk, now: datetime) -> Refusal | None:  # noqa: ARG002 as agreed
        return NotEntitled("closed") if talk.subject in self.closed else None

    async def advance(self, talk: Talk, now: datetime) -> Next:  # noqa: ARG002 as agreed
        if not talk.said:
            return Question(asks=("word",), about={"letters": "6"})
        if b"word" not in talk.said[0].given:
            message = "no word"
            raise Malformed(message)
        if len(talk.said) == 1:
            return (b"first", b"second")
        answers = talk.said[1].answers
        if answers[0] == b"garbage":
            reason = "unreadable"
            raise DocumentRefused(reason)
        if answers[0] == b"other":
            return Refused(reason="other-document", advice="not-accepted")
        return Accepted(result=b" ".join(answers))

    async def conclude(self, unit: Unit, talk: Talk, end: End, now: datetime) -> End:  # noqa: ARG002 as agreed
        self.concluded.append(end)
        return end


def readers_on(database: Database, bureau: Bureau, spelling: Spelling) -> Readers:
    """Open reader sessions, as another worker would on the same database."""
    return Readers(
        units=bureau.desk.units,
        ids=bureau.desk.ids,
        memory=ReaderMemory(
            sessions=ExpiringStore(database, "reader-session", ReaderSession),
            codes=ExpiringStore(database, "reader-code", str),
            readers=ExpiringStore(database, "reader-secret", str),
            talks=Talks(
                kept=ExpiringStore(database, "reader-talk", bytes),
                sealing=SealingKey.derive({1: SECRET}, "reader"),
            ),
        ),
        watcher=Watcher(AppChanges(database), bureau.clock),
        tallies=bureau.desk.tallies,
        conversations={PURPOSE: spelling},
        policy=ReaderPolicy(),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadingRoom:
    """A page and a reader, and what a test does with them."""

    bureau: Bureau
    readers: Readers
    spelling: Spelling

    @property
    def now(self) -> datetime:
        return self.bureau.now

    async def begin(self, visitor: Visitor | None = None, subject: str = "sanne") -> str:
        visitor = visitor or browser()
        place = Whereabouts(network=visitor.network, browser=Text(nl="x", en="x"), at=self.now)
        beginning = Beginning(
            purpose=PURPOSE, subject=subject, browser=visitor.browser_hash, language="nl", place=place
        )
        return await self.readers.begin(beginning, self.now)

    async def page(self, id_: str, visitor: Visitor | None = None) -> ReaderSession:
        found = await self.readers.find(id_, visitor or browser(), self.now)
        assert found is not None
        return found

    async def take(self, id_: str) -> Turn:
        return await self.readers.take((await self.page(id_)).code, NETWORK, self.now)

    async def say(self, before: Turn, said: Said, session: str = "", turn: str = "") -> Turn:
        return await self.readers.say(session or before.session, turn or before.turn, said, self.now)

    async def read(self, id_: str, answers: Said = ANSWERS) -> Turn:
        """Hold the whole conversation."""
        taken = await self.take(id_)
        asked = await self.say(taken, GIVEN)
        return await self.say(asked, answers, session=taken.session)


def reading_room(bureau: Bureau) -> ReadingRoom:
    """Open one."""
    spelling = Spelling()
    return ReadingRoom(
        bureau=bureau, readers=readers_on(bureau.database, bureau, spelling), spelling=spelling
    )

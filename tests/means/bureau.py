"""A bureau: the citizen account on a real database, with a register, a telephone and a letter box.

The register is a port filled by the test; text messages and letters are read where they leave the house,
from the outbox.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

from toegang.app.companions import companions, linked_means
from toegang.assurance import Level
from toegang.audit.encoding import decode
from toegang.audit.event import Event
from toegang.catalogue.values import AdmittedMeans, MeansId, OrganisationId, Text
from toegang.clock import FixedClock
from toegang.errors import Unavailable
from toegang.identity.enrolment import Enrolment
from toegang.identity.numbers import Bsn
from toegang.identity.subject import Subject
from toegang.ids import SystemIds
from toegang.keys.secret import FindingKey, SealingKey
from toegang.means.base import Ask, Authentication, TransactionId
from toegang.means.citizen.account import Account, AccountId
from toegang.means.citizen.accounts import Accounts
from toegang.means.citizen.applying import Particulars
from toegang.means.citizen.attempts import Credentials
from toegang.means.citizen.desk import AccountKeys, Desk, Memory
from toegang.means.citizen.hashing import Cost, Hasher
from toegang.means.citizen.own_account import SignedIn
from toegang.means.citizen.policy import NO_WAIT, Policy
from toegang.means.citizen.posting import Posting
from toegang.means.citizen.records import (
    Application,
    DeskCode,
    LetterCode,
    MailChange,
    NumberChange,
    Proven,
    Recovery,
    SignIn,
)
from toegang.means.citizen.throttle import Tallies, Tally
from toegang.means.citizen.visitor import Visitor
from toegang.post.budget import Limits, SmsBudget
from toegang.post.letter import LetterPost
from toegang.post.mail import MailPost
from toegang.post.mail_address import MailAddress
from toegang.post.outbox import Bell, Claim, Fate, Message, Outbox
from toegang.post.sms import SmsPost
from toegang.registers.population import Address, BirthDate, Names, Registered
from toegang.storage import Database, ExpiringStore, PeopleStore
from toegang.storage.accounts import AccountTable, DeviceTable
from toegang.storage.holds import HoldTable
from toegang.storage.outbox import Outboxes, SmsCounts
from toegang.storage.trail import TrailTables
from toegang.storage.tree import TreeTables

SECRET = bytes(range(32))
MEANS = MeansId("citizen-account")
ADMISSION = AdmittedMeans(
    id=MEANS,
    kind="citizen",
    organisation=OrganisationId("toegang"),
    names=Text("Burgeraccount", "Citizen account"),
    ceiling=Level.SUBSTANTIAL,
)
GOOD = "koffie onder de lindeboom vandaag"
OTHER = "elf fietsen achter een blauwe schuur"
NUMBER = "06 12345678"
NEW_NUMBER = "+31 6 87654321"
SANNE = Bsn.parse("999990019")
DAAN = Bsn.parse("999990032")
NOBODY = Bsn.parse("999990275")
CHEAP = Cost(memory=8, passes=1)
AT_ONCE = Policy(answer_step=NO_WAIT)
REFERENCE = "FAKE-CODE-01"
SECOND = timedelta(seconds=1)


def registered(bsn: Bsn, **changes: object) -> Registered:
    """Make a person of the register: born 12 April 1988, at Dorpsstraat 5, 1234 AB."""
    known = Registered(
        bsn=bsn,
        names=Names(given="Sanne", prefix="de", family="Wit", full="S. de Wit"),
        birth_date=BirthDate.parse("1988-04-12"),
        address=Address(
            street="Dorpsstraat", house_number=5, suffix="", postcode="1234 AB", town="Voorbeeld"
        ),
        address_secret=False,
        resident=True,
        deceased_on=None,
        as_of=datetime(2027, 1, 1, tzinfo=UTC),
        source="test register",
    )
    return replace(known, **changes)  # type: ignore[arg-type]


def particulars(bsn: Bsn = SANNE, **changes: object) -> Particulars:
    """Say what is true of everybody in the register, or with one thing changed."""
    true = Particulars(bsn=bsn, birth_date=BirthDate.parse("1988-04-12"), postcode="1234 AB", house_number=5)
    return replace(true, **changes)  # type: ignore[arg-type]


@dataclass
class Register:
    """The population register's port; `away` makes it not answer. `asked` counts the questions."""

    people: dict[Bsn, Registered] = field(default_factory=dict)
    away: bool = False
    asked: int = 0

    async def find(self, bsn: Bsn) -> Registered | None:
        self.asked += 1
        if self.away:
            raise Unavailable
        return self.people.get(bsn)


@dataclass(kw_only=True)
class Bureau:
    """The room under test, and what a test reads and says."""

    database: Database
    clock: FixedClock
    register: Register
    desk: Desk
    outbox: Outbox

    @property
    def door(self) -> Accounts:
        return Accounts.at(self.desk)

    @property
    def now(self) -> datetime:
        return self.clock.now()

    def later(self, **step: float) -> datetime:
        self.clock.advance(timedelta(**step))
        return self.now

    async def events(self) -> list[Event]:
        """Read every event, oldest first; values about people read as erased."""
        return [decode(each.body, {}) for each in await TreeTables(database=self.database).waiting(10_000)]

    async def names_of_events(self) -> list[str]:
        return [event.name for event in await self.events()]

    async def sent(self, kind: str) -> list[Message]:
        """Empty the outbox of one kind, and return what was in it."""
        async with self.database.begin() as unit:
            claim = Claim(name="test", kind=kind, limit=10_000, until=self.now + timedelta(minutes=1))
            kept = await self.outbox.store.claim(unit, claim, self.now)
            for each in kept:
                await self.outbox.store.settle(unit, each, Fate.DELIVERED, self.now)
        return [self.outbox.unseal(each) for each in sorted(kept, key=lambda each: each.id)]

    async def texts(self) -> list[dict[str, str]]:
        return [json.loads(message.payload) for message in await self.sent("sms")]

    async def letters(self) -> list[dict[str, object]]:
        return [json.loads(message.payload) for message in await self.sent("letter")]

    async def mails(self) -> list[dict[str, str]]:
        return [json.loads(message.payload) for message in await self.sent("mail")]

    async def mailed_code(self) -> str:
        """Read the code of the latest mail."""
        found = re.search(r" is (\d+)\.", (await self.mails())[-1]["text"])
        assert found is not None
        return found[1]

    async def texted_code(self) -> str:
        """Read the code of the latest text message."""
        found = re.search(r"#(\d+)$", (await self.texts())[-1]["text"])
        assert found is not None
        return found[1]

    async def letter_code(self) -> str:
        """Read the code of the latest letter."""
        values = (await self.letters())[-1]["values"]
        assert isinstance(values, dict)
        return str(values["code"])

    async def account(self, name: str = "sanne88") -> Account:
        found = await self.desk.accounts.find_by_name(self.desk.keys.name(name))
        assert found is not None
        return found

    async def apply(
        self,
        who: Particulars | None = None,
        name: str = "sanne88",
        password: str = GOOD,
        number: str | None = NUMBER,
        visitor: Visitor | None = None,
    ) -> None:
        """Apply from the first page to the last."""
        visitor, applying = visitor or browser(), self.door.applying
        id_ = await applying.begin(visitor, who or particulars(), "nl", self.now)
        await applying.choose_credentials(id_, visitor, Credentials(name=name, password=password), self.now)
        if number is not None:
            await applying.give_number(id_, visitor, number, self.now)
            await applying.confirm_number(id_, visitor, await self.texted_code(), self.now)
        await applying.finish(id_, visitor, self.now)

    async def start(
        self,
        required: Level = Level.BASIC,
        visitor: Visitor | None = None,
        login: str | None = None,
        known: Subject | None = None,
        *,
        highest: bool = False,
    ) -> TransactionId:
        """Begin a login with this means."""
        id_ = TransactionId(login or self.desk.ids.token())
        asked = replace(ask(id_, visitor or browser(), required, known), highest=highest)
        await self.door.means.start(asked, self.now)
        return id_

    async def password(
        self,
        login: TransactionId,
        name: str = "sanne88",
        password: str = GOOD,
        visitor: Visitor | None = None,
    ) -> Proven | SignIn:
        typed = Credentials(name=name, password=password)
        return await self.door.signing_in.password(login, visitor or browser(), typed, self.now)

    async def sign_in(
        self, required: Level = Level.BASIC, visitor: Visitor | None = None, **typed: str
    ) -> Proven:
        """Sign in from the first page to the last."""
        login = await self.start(required, visitor)
        name, password = typed.get("name", "sanne88"), typed.get("password", GOOD)
        result = await self.password(login, name, password, visitor)
        if isinstance(result, Proven):
            return result
        code = await self.texted_code()
        return await self.door.signing_in.sms_code(login, visitor or browser(), code, self.now)

    async def active(self, who: Particulars | None = None, **typed: str | None) -> Proven:
        """Apply, activate with the letter's code, and be signed in at basis."""
        await self.apply(who, **typed)  # type: ignore[arg-type]
        login = await self.start()
        await self.password(login, typed.get("name") or "sanne88", typed.get("password") or GOOD)
        code = await self.letter_code()
        proven = await self.door.signing_in.activate(login, browser(), code, self.now)
        assert isinstance(proven, Proven)
        self.clock.advance(timedelta(minutes=2))
        return proven


def ask(login: TransactionId, visitor: Visitor, required: Level, known: Subject | None = None) -> Ask:
    """Ask for this means, as a login does."""
    return Ask(
        transaction=login,
        reference=REFERENCE,
        browser=visitor.browser_hash,
        admission=ADMISSION,
        required=required,
        provider=Text("Gemeente Voorbeeld", "Example Town"),
        service=Text("Afspraken", "Appointments"),
        language="nl",
        fresh=False,
        known_subject=known,
    )


def browser(name: str = "own", network: str = "192.0.2.0/24", device: str = "") -> Visitor:
    """Be a browser; another name is another browser."""
    return Visitor(browser=f"obviously fake secret of {name}", network=network, device=device)


def signed_in(proven: Authentication) -> SignedIn:
    """Be logged in to "my account" with what was proven."""
    return SignedIn.of(proven, proven.level)


def account_of(proven: Proven) -> AccountId:
    """Return the account that was proven."""
    return AccountId(UUID(proven.authentication.subject.identifier))


def bureau_on(
    database: Database, clock: FixedClock, policy: Policy | None = None, cost: Cost = CHEAP
) -> Bureau:
    """Open a bureau on a migrated database, with Sanne and Daan in the register."""
    ids, policy = SystemIds(), policy or AT_ONCE
    keys = AccountKeys.derive({1: SECRET}, SECRET)
    outbox = Outbox(store=Outboxes(database), key=SealingKey.derive({1: SECRET}, "outbox"), bell=Bell())
    tallies = Tallies(store=ExpiringStore(database, "account tally", Tally))
    register = Register({bsn: registered(bsn) for bsn in (SANNE, DAAN)})
    trail = TrailTables(database=database, ids=ids)
    budget = SmsBudget(counters=SmsCounts(database), limits=Limits())
    desk = Desk(
        means=MEANS,
        units=database.units(),
        accounts=AccountTable(database),
        devices=DeviceTable(database),
        holds=HoldTable(database),
        companions=companions(database, trail),
        links=linked_means(database, trail, outbox, ids),
        memory=Memory(
            sign_ins=ExpiringStore(database, "account sign-in", SignIn),
            applications=ExpiringStore(database, "account application", Application),
            recoveries=ExpiringStore(database, "account recovery", Recovery),
            number_changes=ExpiringStore(database, "account number change", NumberChange),
            mail_changes=ExpiringStore(database, "account mail change", MailChange),
            letter_codes=ExpiringStore(database, "account letter code", LetterCode),
            desk_codes=ExpiringStore(database, "account desk code", DeskCode),
            tallies=tallies.store,
        ),
        tallies=tallies,
        enrolment=Enrolment(
            people=PeopleStore(database),
            sealing=SealingKey.derive({1: SECRET}, "bsn"),
            finding=FindingKey.derive(SECRET, "bsn"),
            ids=ids,
        ),
        population=register,
        posting=Posting(
            sms=SmsPost(outbox=outbox, budget=budget, ids=ids, host="toegang.example"),
            letters=LetterPost(outbox=outbox, ids=ids),
            tallies=tallies,
            hashes=keys.code_hash,
            numbers=keys.numbers,
            ids=ids,
            policy=policy,
            address="toegang.example",
            mails=MailPost(outbox=outbox, ids=ids, host="toegang.example"),
            misuse=MailAddress.parse("misuse@operators.example"),
        ),
        outbox=outbox,
        trail=trail,
        hasher=Hasher({1: FindingKey.derive(SECRET, "pepper")}, cost=cost),
        ids=ids,
        keys=keys,
        policy=policy,
    )
    return Bureau(database=database, clock=clock, register=register, desk=desk, outbox=outbox)

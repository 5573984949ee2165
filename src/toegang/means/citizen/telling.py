"""Telling the person of an account that something happened with it, by the ways that they chose.

What is known of the account itself, the number and the mail address, is told in the unit of the act: so a
change is told to the old number and the old address. A letter and a push need questions that no unit may wait
for: a message is left, and notifying.py carries it. It also takes back what could not be brought, and tells
it another way.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import timedelta
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, Self
from uuid import UUID

from toegang.means.citizen.account import AccountId, Status
from toegang.means.citizen.posting import Writing
from toegang.means.citizen.ways import Way, Ways
from toegang.post.mail import Mail
from toegang.post.outbox import Message
from toegang.post.sms import Sms
from toegang.post.texts import SmsPurpose

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from toegang.ids import Ids
    from toegang.means.citizen.account import Account
    from toegang.means.citizen.desk import Desk
    from toegang.post.push import Subscription
    from toegang.post.texts import LetterPurpose
    from toegang.registers.population import Registered
    from toegang.units import Unit

KIND: Final = "account:notice"
LIFETIME: Final = timedelta(days=7)
NOWHERE: Final[frozenset[Way]] = frozenset()

TOLD_THERE_TOO: Final[Mapping[SmsPurpose, Way]] = MappingProxyType(
    {
        SmsPurpose.NUMBER_CHANGED: Way.TEXT,
        SmsPurpose.MAIL_SET: Way.MAIL,
        SmsPurpose.MAIL_REMOVED: Way.MAIL,
    }
)
"""What is told to the number or address that it is about, whatever the person chose (security line L06).

That is the one of before: who has none there is told another way, and never by the new one alone.
"""

ALSO_BY_LETTER: Final = frozenset({SmsPurpose.APP_BLOCKED})
"""What is told by letter too, whatever the person chose: whoever has their telephone reads its messages."""

NEVER_LATER: Final = frozenset({SmsPurpose.ACCOUNT_ENDED})
"""L06: told at once by number and mail address, which go with the account, unless a letter tells it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """One notice on its way: `wanted` are the ways that it is to go, `tried` those that it went.

    `told` says whether one of those reached the person as far as we know; else another way is looked for.
    """

    account: AccountId
    purpose: SmsPurpose
    wanted: frozenset[Way]
    tried: frozenset[Way] = NOWHERE
    told: bool = False

    def write(self) -> str:
        """Write it for the outbox."""
        return json.dumps(
            {
                "account": str(self.account),
                "purpose": self.purpose,
                "wanted": sorted(self.wanted),
                "tried": sorted(self.tried),
                "told": self.told,
            }
        )

    @classmethod
    def read(cls, text: str | bytes) -> Self:
        """Read it back."""
        found = json.loads(text)
        return cls(
            account=AccountId(UUID(found["account"])),
            purpose=SmsPurpose(found["purpose"]),
            wanted=frozenset(map(Way, found["wanted"])),
            tried=frozenset(map(Way, found["tried"])),
            told=found["told"],
        )

    def gone(self, ways: frozenset[Way]) -> Notice:
        """Return what is left to do when it could not be brought by these ways."""
        return replace(self, wanted=NOWHERE, tried=self.tried | ways, told=False)

    def by_letter_alone(self) -> Notice:
        """Return what is left to do when only a letter may tell it."""
        others = frozenset(Way) - {Way.LETTER}
        return replace(self, wanted=self.wanted - others, tried=self.tried | others)

    def message(self, ids: Ids, now: datetime) -> Message:
        """Return it as a message to ourselves."""
        return Message(
            id=ids.uuid(),
            kind=KIND,
            to_party="account",
            payload=self.write().encode(),
            until=now + LIFETIME,
            purpose=self.purpose,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscribed:
    """An app that shows notices, and where its push service is."""

    app: str
    subscription: Subscription


@dataclass(frozen=True, slots=True, kw_only=True)
class Going:
    """A notice that goes: about which account, by which ways; to whom by letter, and to which apps."""

    account: Account
    notice: Notice
    ways: frozenset[Way]
    to: Registered | None = None
    apps: tuple[Subscribed, ...] = ()

    @property
    def back(self) -> str:
        """What is given back when it cannot be brought."""
        return self.notice.gone(self.ways).write()


@dataclass(frozen=True, slots=True)
class Told:
    """What the person of an account is told: as they chose, and of some things by letter to `to` besides."""

    account: Account
    to: Registered | None
    sms: SmsPurpose
    letter: LetterPurpose | None


async def tell(desk: Desk, unit: Unit, told: Told, now: datetime) -> None:
    """Tell it."""
    by_letter = told.letter is not None and told.to is not None
    told_by = frozenset({Way.LETTER}) if by_letter else NOWHERE
    await notice(desk, unit, told.account, told.sms, now, told=told_by)
    if told.letter is not None:
        await desk.posting.letter(unit, Writing.of(told.account, told.letter, told.to), now)


async def notice(  # noqa: PLR0913 an act in a unit, what it is, and what was told of it already
    desk: Desk,
    unit: Unit,
    account: Account,
    purpose: SmsPurpose,
    now: datetime,
    *,
    told: frozenset[Way] = NOWHERE,
) -> None:
    """Tell the person of the account as it was when it was read; nobody while it stands still.

    `told` are the ways in which the caller tells it.
    """
    if account.status is Status.HELD:
        return
    about = frozenset(way for each, way in TOLD_THERE_TOO.items() if each is purpose)
    by_letter = frozenset({Way.LETTER}) if purpose in ALSO_BY_LETTER else NOWHERE
    ways = Ways.parse(account.notices).ways | about | by_letter
    if purpose in NEVER_LATER and not told:
        ways |= {Way.TEXT, Way.MAIL}
    here = ways & reached(desk, account)
    first = Notice(account=account.id, purpose=purpose, wanted=NOWHERE, tried=told | about)
    await send(desk, unit, Going(account=account, notice=first, ways=here), now)
    later = (ways & {Way.PUSH, Way.LETTER}) - told
    if later or not (here or told):
        left = replace(first, wanted=later, tried=first.tried | here, told=bool(here | told))
        await desk.outbox.put(unit, left.message(desk.ids, now), now)


def reached(desk: Desk, account: Account) -> frozenset[Way]:
    """Return the ways that the account itself knows: a number, an address for mail."""
    known = ((Way.TEXT, account.number), (Way.MAIL, desk.mail_of(account)))
    return frozenset(way for way, there in known if there)


async def send(desk: Desk, unit: Unit, going: Going, now: datetime) -> None:
    """Send a notice by text message and by mail, of its ways; what the first cannot bring comes back.

    One gives it back and not each, or a dead address would make a letter of all that was also texted.
    """
    account, purpose, back = going.account, going.notice.purpose, going.back
    number, mail = desk.number_of(account), desk.mail_of(account)
    if Way.TEXT in going.ways and number is not None:
        sms = Sms(purpose=purpose, to=number, language=account.language, notice=back)
        await desk.posting.text_notice(unit, sms, now)
        back = ""
    if Way.MAIL in going.ways and mail is not None:
        written = Mail(purpose=purpose, to=mail, language=account.language, notice=back)
        await desk.posting.mail_notice(unit, written, now)

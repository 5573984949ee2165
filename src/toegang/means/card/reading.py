"""The conversation with a card, for a login and for activating: what is the same, up to whose card it is."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from toegang.emrtd.card_login import VerifiedCard
from toegang.emrtd.faults import Fault
from toegang.errors import DocumentRefused, Unavailable
from toegang.means.card import judging
from toegang.means.card.judging import Holder, holder_of
from toegang.means.citizen.account import Status
from toegang.means.citizen.desk import can_get_letter
from toegang.means.citizen.policy import Limit
from toegang.means.citizen.posting import Writing
from toegang.means.citizen.telling import notice
from toegang.means.citizen.ways import Way
from toegang.means.reader.conversation import Accepted, Question, Refused

if TYPE_CHECKING:
    from datetime import datetime

    from toegang.identity.people import PersonId
    from toegang.means.card.desk import CardDesk
    from toegang.means.reader.conversation import Next, Talk
    from toegang.post.texts import LetterPurpose, SmsPurpose
    from toegang.units import Unit

AGAIN: Final = "again"
NO_TERMINAL: Final = "no-terminal"
"""The reason where no card would take our certificates any more: the operator must put new ones."""
ADVICE: Final[Mapping[str, str]] = {
    Fault.ACCESS_REFUSED: AGAIN,
    Fault.CHANNEL_BROKEN: AGAIN,
    Fault.UNREADABLE: AGAIN,
    Fault.TOO_LARGE: AGAIN,
    Fault.TERMINAL_REFUSED: AGAIN,
    Fault.EXPIRED: judging.OVER,
    # The operator has no fresh list: that is ours to mend, and no other card helps.
    Fault.REVOCATION_UNKNOWN: judging.LATER,
}
READINGS: Final = Limit(most=30, window=timedelta(days=1))
"""Sessions about one account or login that a reader may take: nobody needs more."""

Judge = Callable[[Holder], Awaitable[Accepted | Refused]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Believed(Accepted):
    """A card that may be used, and whose it is."""

    holder: Holder = field(repr=False)


async def next_of(desk: CardDesk, talk: Talk, about: Mapping[str, str], judge: Judge, now: datetime) -> Next:
    """Return what comes next after all that was said: a question, a round, or what `judge` says.

    Raises:
        Malformed: the reader did not say how it opened the card.
        Unavailable: a register does not answer.

    """
    try:
        if not talk.said:
            return Question(asks=("card",), about={"template": desk.template(now), **about})
        found = desk.read(talk, now)
    except Unavailable:
        return Refused(reason=NO_TERMINAL, advice=judging.LATER)
    except DocumentRefused as refusal:
        return Refused(reason=refusal.reason, advice=ADVICE.get(refusal.reason, judging.NOT_BELIEVED))
    if not isinstance(found, VerifiedCard):
        return found
    holder = await holder_of(desk, found)
    if isinstance(holder, str):
        return Refused(reason=holder, advice=holder)
    return await judge(holder)


async def tell(
    desk: CardDesk,
    unit: Unit,
    told: tuple[PersonId, Holder],
    words: tuple[SmsPurpose, LetterPurpose],
    now: datetime,
) -> None:
    """Tell a person of their card: as they chose for their account, and by one letter."""
    person, holder = told
    language, large = "nl", False
    to = holder.person if can_get_letter(holder.person) else None
    by_letter = frozenset({Way.LETTER} if to else ())
    for account in await desk.account.accounts.of_person(person):
        if account.status is Status.ACTIVE:
            language, large = account.language, account.large_print
            await notice(desk.account, unit, account, words[0], now, told=by_letter)
    writing = Writing(purpose=words[1], to=to, language=language, large_print=large)
    await desk.account.posting.letter(unit, writing, now)

"""What an account sends: codes by text message within limits, letters to the address in the register."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from toegang.errors import Refusal, TooManyTries
from toegang.means.citizen.codes import Code
from toegang.post.letter import Letter, written
from toegang.post.sms import Sms
from toegang.post.texts import AT_HOME_ONLY, SMS, LetterPurpose, SmsPurpose

if TYPE_CHECKING:
    from toegang.ids import Ids
    from toegang.keys.secret import FindingKey
    from toegang.means.citizen.account import Account
    from toegang.means.citizen.codes import CodeHash
    from toegang.means.citizen.policy import Policy
    from toegang.means.citizen.throttle import Tallies
    from toegang.post.letter import LetterPost
    from toegang.post.mail import Mail, MailPost
    from toegang.post.mail_address import MailAddress
    from toegang.post.sms import SmsPost
    from toegang.post.telephone import Telephone
    from toegang.registers.population import Registered
    from toegang.units import Unit

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
NOTICE_LIFETIME = timedelta(days=1)
LETTER_LIFETIME = timedelta(days=7)
NO_VALUES: Mapping[str, str] = MappingProxyType({})
_OWN_LETTERS: Mapping[SmsPurpose, LetterPurpose] = MappingProxyType(
    {SmsPurpose.NEW_BROWSER: LetterPurpose.NEW_BROWSER, SmsPurpose.FAILURES: LetterPurpose.FAILURES}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Texting:
    """A code to be sent: why, for which step (`subject` binds the code to it), to whom, asked from where."""

    purpose: SmsPurpose
    subject: str
    to: Telephone
    language: str
    network: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Writing:
    """A letter to be sent: why, to whom the register knows (nobody: no letter), with which values."""

    purpose: LetterPurpose
    to: Registered | None
    language: str
    values: Mapping[str, str] = field(default_factory=dict, repr=False)
    large_print: bool = False
    notice: str = field(default="", repr=False)

    @classmethod
    def of(
        cls,
        account: Account,
        purpose: LetterPurpose,
        to: Registered | None,
        values: Mapping[str, str] = NO_VALUES,
    ) -> Writing:
        """Return a letter about an account: in its language, and as large as its person reads."""
        return cls(
            purpose=purpose, to=to, language=account.language, values=values, large_print=account.large_print
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Posting:
    """Sends what accounts send; `address` is where letters tell people to go, without https://.

    `mails` is None where no mail server is set; `misuse` is the mailbox of operators for reports of misuse.
    """

    sms: SmsPost
    letters: LetterPost
    tallies: Tallies
    hashes: CodeHash
    numbers: FindingKey
    ids: Ids
    policy: Policy
    address: str
    mails: MailPost | None = None
    misuse: MailAddress | None = None

    async def text_code(
        self, unit: Unit, texting: Texting, before: Code | None, now: datetime
    ) -> Code | Refusal:
        """Send a fresh code, within the limits per number and network (security line L05).

        `before` is the code that it replaces: the new one has no more tries than that one had left.
        """
        if before is not None and (before.sent >= self.policy.sms_code_sends or before.tries <= 0):
            return TooManyTries(round(self.policy.sms_code_lifetime.total_seconds()), "codes of one step")
        refusal = await self._spend(unit, texting, now)
        if refusal is not None:
            return refusal
        code = self.ids.digits(self.policy.sms_code_digits)
        until = now + self.policy.sms_code_lifetime
        sms = Sms(purpose=texting.purpose, to=texting.to, language=texting.language, values={"code": code})
        sent = await self.sms.send(unit, sms, until, now)
        if isinstance(sent, Refusal):
            return sent
        hashed = self.hashes.of(texting.purpose, texting.subject, code)
        if before is not None:
            return before.replaced(hashed, until)
        return Code(hash=hashed, until=until, tries=self.policy.sms_code_tries)

    async def text_notice(self, unit: Unit, sms: Sms, now: datetime) -> None:
        """Tell a person that something changed in their account."""
        await self.sms.send(unit, sms, now + NOTICE_LIFETIME, now)

    async def mail_notice(self, unit: Unit, mail: Mail, now: datetime) -> None:
        """Tell the same by mail."""
        if self.mails is not None:
            await self.mails.send(unit, mail, now + NOTICE_LIFETIME, now)

    def notice_in_letter(
        self, account: Account, purpose: SmsPurpose, to: Registered | None, back: str = ""
    ) -> Writing:
        """Return the letter that tells the same: its own one, or one with the words of the text message."""
        language = "en" if account.language == "en" else "nl"
        letter = _OWN_LETTERS.get(purpose, LetterPurpose.NOTICE)
        said = SMS[purpose][language].format(host=self.address)
        return replace(Writing.of(account, letter, to, {"said": said}), notice=back)

    def letter_code(self, purpose: str, subject: str, now: datetime) -> tuple[str, Code]:
        """Draw the code for a letter: it works through the last day, which ends in Amsterdam."""
        code = self.ids.reference()
        last = (now + self.policy.letter_code_lifetime).astimezone(AMSTERDAM).date()
        midnight = datetime.combine(last + timedelta(days=1), datetime.min.time(), AMSTERDAM)
        return code, Code(
            hash=self.hashes.of(purpose, subject, code),
            until=midnight.astimezone(now.tzinfo),
            tries=self.policy.letter_code_tries,
        )

    async def letter(self, unit: Unit, writing: Writing, now: datetime) -> None:
        """Send a letter to the address in the register, a secret one too; it is shown nowhere else.

        Never to who has died, and abroad only what opens nothing (`AT_HOME_ONLY`).
        """
        address = _address(writing)
        if writing.to is None or not address:
            return
        letter = Letter(
            purpose=writing.purpose,
            name=writing.to.names.full,
            address=address,
            to=writing.to.bsn.digits,
            language=writing.language,
            dated=now.astimezone(AMSTERDAM).date(),
            values={"address": self.address, **writing.values},
            large_print=writing.large_print,
            notice=writing.notice,
        )
        await self.letters.send(unit, letter, now + LETTER_LIFETIME, now)

    async def _spend(self, unit: Unit, texting: Texting, now: datetime) -> Refusal | None:
        number = self.numbers.find(texting.to.number.encode()).hex()
        limits = [
            (f"sms-short:{number}", self.policy.sms_short),
            (f"sms-day:{number}", self.policy.sms_daily),
        ]
        if texting.network:
            limits.append((f"sms-network:{texting.network}", self.policy.sms_network))
        for what, limit in limits:
            refusal = await self.tallies.count(unit, what, limit, now)
            if refusal is not None:
                return refusal
        return None


def _address(writing: Writing) -> tuple[str, ...]:
    to = writing.to
    if to is None or to.deceased_on is not None:
        return ()
    if to.address is not None:
        return to.address.lines()
    return () if writing.purpose in AT_HOME_ONLY else to.abroad


def code_values(code: str, until: datetime, language: str) -> dict[str, str]:
    """Return what a letter with a code needs: the code and the last day that it works."""
    last = until.astimezone(AMSTERDAM) - timedelta(seconds=1)
    return {"code": code, "last_day": written(last.date(), language)}

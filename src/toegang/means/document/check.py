"""The check itself: a conversation with a chip, two registers, a comparison; then an app is substantial."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from toegang.audit.events import AppDocumentChecked, AppDocumentRefused
from toegang.catalogue.values import Text
from toegang.emrtd.document import DocumentKind, UnverifiedDocument
from toegang.emrtd.faults import Fault
from toegang.emrtd.policy import SUBSTANTIAL
from toegang.emrtd.reading import advance
from toegang.emrtd.sessions import Session
from toegang.emrtd.verify import verify
from toegang.errors import (
    AccountClosed,
    AppClosed,
    DocumentRefused,
    Malformed,
    PartyClosed,
    Refusal,
    Unavailable,
    UnknownParty,
)
from toegang.means.app.standing import check_app
from toegang.means.app.values import App, AppId
from toegang.means.citizen.account import Account, AccountId, Status
from toegang.means.citizen.desk import can_get_letter, personal
from toegang.means.citizen.policy import Limit
from toegang.means.citizen.telling import Told, tell
from toegang.means.document.comparing import is_of
from toegang.means.document.given import read_given
from toegang.means.reader import subjects
from toegang.means.reader.conversation import Accepted, Question, Refused, in_both
from toegang.post.texts import LetterPurpose, SmsPurpose
from toegang.registers.documents import DocumentStatus

if TYPE_CHECKING:
    from toegang.emrtd.data_groups import Application
    from toegang.emrtd.document import VerifiedDocument
    from toegang.means.app.desk import AppDesk
    from toegang.means.document.given import Given
    from toegang.means.document.trusting import TrustFolder
    from toegang.means.life.reports import Reports
    from toegang.means.reader.conversation import End, Next, Talk
    from toegang.registers.documents import Documents
    from toegang.registers.population import Registered
    from toegang.units import Unit

PURPOSE: Final = "document"
ACCEPTED_KINDS: Final = frozenset(
    {DocumentKind.PASSPORT, DocumentKind.IDENTITY_CARD, DocumentKind.DRIVING_LICENCE}
)
ISSUERS: Final = frozenset({"NLD"})
"""States whose documents the register knows; what it does not know could have been reported lost."""
CHECKS: Final = Limit(most=10, window=timedelta(days=1))
"""Checks of one account: enough for trembling hands and three documents, too few to search with."""

# What the person can do; never what did not match. Expiry is printed on the document, so that may be told.
AGAIN, LATER, EXPIRED, NOT_ACCEPTED, CLOSED = "again", "later", "expired", "not-accepted", "closed"
DESK: Final = "desk"
NO_NUMBER: Final = "no-number"
"""The reason where neither the document nor its register has a BSN: a clerk looks at both."""
REPORTED: Final = "reported"
"""The reason where the population register heard that it is lost or stolen: its own may hear it later."""
CLOSED_NOW: Final = (AccountClosed, AppClosed, PartyClosed, UnknownParty)
ADVICE: Final[Mapping[str, str]] = {
    Fault.ACCESS_REFUSED: AGAIN,
    Fault.CHANNEL_BROKEN: AGAIN,
    Fault.UNREADABLE: AGAIN,
    Fault.TOO_LARGE: AGAIN,
    Fault.EXPIRED: EXPIRED,
    # The operator has no fresh list: that is ours to mend, and no document helps.
    Fault.REVOCATION_UNKNOWN: LATER,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked(Accepted):
    """A document that is the person's: which, by which proofs, and where its person is told."""

    kind: DocumentKind
    proofs: tuple[str, ...]
    to: Registered | None = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """An app before and after it was raised."""

    before: App
    after: App


@dataclass(frozen=True, slots=True)
class About:
    """What a check is about: an app of an account, and since when its person was proven by it.

    `names` are those of the service and its organisation where it is on the way to one.
    """

    account: AccountId
    app: AppId
    since: datetime
    names: tuple[Text, ...] = ()

    def __str__(self) -> str:
        """Write it as the subject of a session."""
        names = [[each.nl, each.en] for each in self.names]
        return json.dumps([str(self.account), str(self.app), self.since.isoformat(), names])

    @classmethod
    def of(cls, subject: str) -> About:
        """Read the subject of a session that we began.

        Raises:
            OneTimeGone: another version began it.

        """
        return subjects.read(subject, cls._made)

    @classmethod
    def _made(cls, found: Sequence[Any]) -> About:
        account, app, since, *more = found
        texts = tuple(Text(nl=nl, en=en) for nl, en in (more[0] if more else ()))
        return cls(AccountId(UUID(account)), AppId(UUID(app)), datetime.fromisoformat(since), texts)

    def shown(self, device: str) -> dict[str, str]:
        """Return what the reader shows of it before it reads (L08); `device` is what its person calls it."""
        texts = dict(zip(("service", "provider"), self.names, strict=False))
        return {"device": device, **in_both(texts)}


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentCheck:
    """Checks documents (means.reader.conversation.Conversation); `trusts` says whom to believe of which."""

    desk: AppDesk
    documents: Documents
    trusts: Mapping[Application, TrustFolder]
    reports: Reports

    async def admit(self, unit: Unit, talk: Talk, now: datetime) -> Refusal | None:
        """Count the attempt, and refuse one too many."""
        account = About.of(talk.subject).account
        return await self.desk.account.tallies.count(unit, f"document-check:{account}", CHECKS, now)

    async def advance(self, talk: Talk, now: datetime) -> Next:
        """Ask which document, hold the conversation with its chip, and judge what came of it.

        1. account and app may be used; 2. the reader's person says what is printed; 3. the chip is read;
        4. to the end of `judge`.
        """
        # 1.
        about = About.of(talk.subject)
        try:
            account, app = await self._open(about, now)
        except CLOSED_NOW as closed:
            return Refused(reason=closed.code, advice=CLOSED)
        # 2.
        if not talk.said:
            return Question(asks=("document",), about=about.shown(app.name))
        given = read_given(talk.said[0].given)
        if given.application not in self.trusts:
            message = "documents of this kind are not read here"
            raise Malformed(message)
        # 3. and 4.
        try:
            return await self._read(talk, given, account, now)
        except DocumentRefused as refusal:
            return Refused(reason=refusal.reason, advice=ADVICE.get(refusal.reason, NOT_ACCEPTED))
        except Unavailable:
            return Refused(reason=Unavailable.code, advice=LATER)

    async def _read(self, talk: Talk, given: Given, account: Account, now: datetime) -> Next:
        session = Session(nonce=talk.nonce, secret=talk.secret, key=given.key)
        found = advance(session, given.application, [each.answers for each in talk.said[1:]])
        if not isinstance(found, UnverifiedDocument):
            return found
        trust = self.trusts[given.application].trust(now)
        return await self.judge(verify(found, trust, SUBSTANTIAL, session, now), account)

    async def judge(self, document: VerifiedDocument, account: Account) -> End:
        """eIDAS-2015/1502-2.1.2: decide whether a verified document proves who the account's person is.

        1. both registers are asked, whatever the first says, so that time tells nothing; 2. it is a kind
        that gives an identity, of a state whose register we can ask; 3. it is in circulation, and was not
        reported; 4. a BSN says whose it is; 5. it is this person's, who lives.

        Raises:
            Unavailable: a register does not answer: then nothing is decided.

        """
        # 1.
        fact = await self.documents.find(document.kind, document.issuer, document.number)
        person = await self.desk.account.registered(account.person) if account.person else None
        # 2.
        if document.kind not in ACCEPTED_KINDS or document.issuer not in ISSUERS:
            return Refused(reason="other-kind", advice=NOT_ACCEPTED)
        # 3.
        if fact.status is DocumentStatus.EXPIRED:
            return Refused(reason=fact.status.value, advice=EXPIRED)
        if fact.status is not DocumentStatus.IN_CIRCULATION:
            return Refused(reason=fact.status.value, advice=NOT_ACCEPTED)
        if await self._is_reported(document, account):
            return Refused(reason=REPORTED, advice=NOT_ACCEPTED)
        # 4.
        if document.holder.bsn is None and fact.holder is None:
            return Refused(reason=NO_NUMBER, advice=DESK)
        # 5.
        if person is None or person.deceased_on is not None:
            return Refused(reason="other-person", advice=NOT_ACCEPTED)
        if not is_of(document.holder, fact.holder, person):
            return Refused(reason="other-person", advice=NOT_ACCEPTED)
        return Checked(
            kind=document.kind,
            proofs=tuple(sorted(each.value for each in document.proofs)),
            to=person if can_get_letter(person) else None,
        )

    async def _is_reported(self, document: VerifiedDocument, account: Account) -> bool:
        person, kind = account.person, document.kind.value
        return person is not None and await self.reports.is_reported(person, kind, document.number)

    async def conclude(self, unit: Unit, talk: Talk, end: End, now: datetime) -> End:
        """Make the app substantial, record it and tell its person; or record why not."""
        desk, about = self.desk, About.of(talk.subject)
        account, app = await desk.account.accounts.find(about.account), await desk.apps.find(about.app)
        if isinstance(end, Checked) and account is not None:
            raised = await self._raised(unit, about, now)
            if not isinstance(raised, Refusal):
                await self._tell(unit, talk, (end, raised, account), now)
                return end
            end = Refused(reason=raised.code, advice=CLOSED)
        if isinstance(end, Refused) and app is not None:
            event = AppDocumentRefused(
                at=now, means=app.means, person=personal(account), reference=talk.reference, why=end.reason
            )
            await desk.account.trail.record(unit, event)
        return end

    async def _raised(self, unit: Unit, about: About, now: datetime) -> Change | Refusal:
        """Raise the app, holding its account: what was stopped or withdrawn meanwhile stays as it is."""

        def unchanged(kept: Account) -> Account | Refusal:
            withdrawn = kept.proofs_from is not None and about.since < kept.proofs_from
            return AccountClosed() if kept.status is not Status.ACTIVE or withdrawn else kept

        held = await self.desk.account.accounts.change(unit, about.account, unchanged)
        if held is None or isinstance(held, Refusal):
            return held or AccountClosed()
        before: list[App] = []

        def raised(kept: App) -> App | Refusal:
            before[:] = [kept]
            return kept.raised(now)

        after = await self.desk.apps.change(unit, about.app, raised)
        if after is None or isinstance(after, Refusal):
            return after or AppClosed("stopped")
        return Change(before=before[0], after=after)

    async def _tell(
        self, unit: Unit, talk: Talk, done: tuple[Checked, Change, Account], now: datetime
    ) -> None:
        end, change, account = done
        event = AppDocumentChecked(
            at=now,
            means=change.after.means,
            person=personal(account),
            before=change.before.reach,
            after=change.after.reach,
            reference=talk.reference,
            kind=end.kind.value,
            proofs=end.proofs,
        )
        await self.desk.account.trail.record(unit, event)
        told = Told(account, end.to, SmsPurpose.APP_CHECKED, LetterPurpose.APP_CHECKED)
        await tell(self.desk.account, unit, told, now)

    async def _open(self, about: About, now: datetime) -> tuple[Account, App]:
        """Return the account and its app when they may be used now, and the means is open.

        Raises:
            AccountClosed, AppClosed, PartyClosed, UnknownParty: one of them may not.

        """
        app = await check_app(self.desk, about.app)
        self.desk.check_means(app.means, now)
        account = await self.desk.account.accounts.find(about.account)
        if account is None or account.status is not Status.ACTIVE or app.account != account.id:
            raise AccountClosed
        return account, app

"""Single sign-on: when an earlier proof may count again.

Only where the catalogue allows it for the service that was logged in to and for the one that asks, only
between services of one provider (STSAML-SSO), never for a higher level than was proven, never beyond
the age that the service or the request allows. A proof that is too low is not lost: it says who must
answer the step up.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from toegang.catalogue.values import OrganisationId
from toegang.login.transaction import Proof, browser_hash
from toegang.means.base import Factor

if TYPE_CHECKING:
    from toegang.identity.people import PersonId
    from toegang.ids import Ids
    from toegang.login.request import LoginRequest
    from toegang.login.transaction import Browser, Transaction
    from toegang.units import Expiring, Unit


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """What may be used again by the same browser: proofs given to services of one provider.

    `id` is what services know it by (`sid`); `secret` is the hash of what the browser's cookie adds to
    it, new after every login, so that a cookie planted or copied before is worth nothing (L12).
    """

    id: str
    secret: str
    browser: str
    organisation: OrganisationId
    proofs: tuple[Proof, ...]
    begun_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Resting:
    """Which of our sessions rest on one elsewhere; none may any more when that is `over`."""

    sessions: tuple[str, ...] = ()
    over: bool = False


@dataclass(frozen=True, slots=True)
class Renewal:
    """The session that a login leads to, before it is kept: by which `id` services know it.

    `kept` and `cookie` are None where the catalogue allows no session.
    """

    id: str
    kept: Session | None = None
    cookie: SessionCookie | None = None


@dataclass(frozen=True, slots=True)
class SessionCookie:
    """What the browser keeps of a session: its id and the secret of now, as `id.secret`."""

    id: str
    secret: str

    @classmethod
    def parse(cls, text: str | None) -> SessionCookie | None:
        """Read a cookie; None when it is not one of ours."""
        id_, _, secret = (text or "").partition(".")
        return cls(id_, secret) if id_ and secret else None

    def __str__(self) -> str:
        """Write the cookie's value."""
        return f"{self.id}.{self.secret}"


def reusable(session: Session | None, request: LoginRequest, now: datetime) -> tuple[Proof, ...]:
    """Return the proofs of `session` that count for `request`; empty when none does."""
    policy = request.service.single_sign_on
    if session is None or not policy.allowed:
        return ()
    if session.organisation != request.service.organisation:
        return ()
    oldest = policy.max_age if request.max_age is None else min(policy.max_age, request.max_age)
    after = now - timedelta(seconds=oldest)
    fresh = tuple(proof for proof in session.proofs if _is_own(proof) and proof.authentication.at > after)
    if request.hinted is not None and any(not _is(proof, request.hinted) for proof in fresh):
        return ()
    return tuple(replace(proof, session=session.id) for proof in fresh)


def _is_own(proof: Proof) -> bool:
    # Whom somebody may act for is vouched for at one service, and asked again at the next.
    # A card is asked at each login anew: no session answers in its place.
    proven = proof.authentication
    return proven.represented is None and Factor.CARD_PIN not in proven.factors


def _is(proof: Proof, person: PersonId) -> bool:
    return proof.authentication.subject.person == person


@dataclass(frozen=True, slots=True, kw_only=True)
class Sessions:
    """Keeps sessions: found by the browser that they belong to, renewed by every login."""

    store: Expiring[Session]
    resting: Expiring[Resting]
    ids: Ids
    lifetime: timedelta

    async def find(self, browser: Browser, now: datetime) -> Session | None:
        """Return the session that this browser's cookies open."""
        cookie = SessionCookie.parse(browser.session)
        session = None if cookie is None else await self.store.find(cookie.id, now)
        if cookie is None or session is None:
            return None
        right_secret = hmac.compare_digest(session.secret, browser_hash(cookie.secret))
        right_browser = hmac.compare_digest(session.browser, browser_hash(browser.secret or ""))
        return session if right_secret and right_browser else None

    def renew(self, transaction: Transaction) -> Renewal:
        """Make the session that `transaction` leads to: of what was proven, where the catalogue allows it."""
        request = transaction.request
        reused = next((proof.session for proof in transaction.proofs if proof.session), "")
        if not request.service.single_sign_on.allowed:
            return Renewal(self.ids.token(16))
        cookie = SessionCookie(reused or self.ids.token(16), self.ids.token())
        session = Session(
            id=cookie.id,
            secret=browser_hash(cookie.secret),
            browser=transaction.browser,
            organisation=request.service.organisation,
            proofs=tuple(replace(proof, session="") for proof in transaction.proofs),
            begun_at=min(proof.authentication.at for proof in transaction.proofs),
        )
        return Renewal(cookie.id, session, cookie)

    async def is_over(self, unit: Unit, transaction: Transaction, now: datetime) -> bool:
        """S27: tell whether a session that a login used again was logged out of meanwhile.

        Who ends it waits for `unit`, or was first: a login never brings back what was ended.
        """
        reused = next((proof.session for proof in transaction.proofs if proof.session), "")
        return bool(reused) and await self.store.hold(unit, reused, now) is None

    async def rests(self, unit: Unit, transaction: Transaction, session: str, now: datetime) -> bool:
        """S27: remember on which sessions elsewhere a session rests; False when one of them was ended."""
        names = {proof.authentication.elsewhere for proof in transaction.proofs} - {""}
        for name in sorted(names):
            first = Resting(sessions=(session,))
            if await self.resting.add(unit, name, first, now + self.lifetime, now):
                continue
            kept = await self.resting.hold(unit, name, now)
            if kept is None or kept.over:
                return False
            sessions = tuple(dict.fromkeys((*kept.sessions, session)))
            await self.resting.rewrite(unit, name, replace(kept, sessions=sessions))
        return True

    async def over_elsewhere(self, unit: Unit, name: str, now: datetime) -> tuple[str, ...]:
        """Note that a session elsewhere was ended; return which of ours rest on it: none will after this."""
        over = Resting(over=True)
        if await self.resting.add(unit, name, over, now + self.lifetime, now):
            return ()
        kept = await self.resting.hold(unit, name, now)
        await self.resting.rewrite(unit, name, over)
        return kept.sessions if kept else ()

    async def keep(self, unit: Unit, renewal: Renewal) -> None:
        """Keep the session of a login that was answered, in the place of the one used again."""
        session = renewal.kept
        if session is not None:
            await self.store.keep(unit, session.id, session, session.begun_at + self.lifetime)

    async def end(self, unit: Unit, session: str) -> None:
        """End a session; ending one that is not there is no error."""
        await self.store.drop(unit, session)

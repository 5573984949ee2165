"""The one stored record of a login under way; every step is decided from it and from nothing else.

Its id stands in the URL, the record on the server, and the binding to the browser in a cookie: so two
tabs, the back button, a reload and an expired page all come back to the same truth.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from toegang.assurance import Level
from toegang.catalogue.values import MeansId, Text
from toegang.errors import LoginElsewhere
from toegang.hot import hot
from toegang.identity.subject import Subject
from toegang.login.acting import Acting, ForWhom
from toegang.login.invitations import Invitation
from toegang.login.request import LoginRequest
from toegang.mandates.party import PartyId
from toegang.means.base import Authentication, TransactionId

OWN_FLOOR = "own-floor"  # why a means is not offered: the person wants no login at so low a level


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """One admitted means as it was weighed for this login; `reason` is empty when it is offered.

    `link_needed` says that it serves only whoever linked it to themselves.
    """

    means: MeansId
    name: Text
    level: Level
    reason: str = ""
    link_needed: bool = False

    @property
    def offered(self) -> bool:
        """Tell whether the person may choose it."""
        return not self.reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """An authentication that counts in this login, with the level it counts for.

    `level` is the lower of what the means vouched for and its ceiling (eIDAS-2015/1502-2.3.1). A proof
    taken over from an earlier login names its `session`.
    """

    authentication: Authentication
    level: Level
    session: str = ""


@hot(frozen=True, slots=True, kw_only=True)
class Transaction:
    """A login under way.

    `unlinked` is what was proven of an account that is nobody's, where the service must know the person: it
    waits to be linked to who logs in next. `refused` is the code of what the person was last told about the
    means that they chose, where that is a reason to go back to the service; empty once they go on.
    `floor` is the level below which the person who was proven wants no login of theirs (floor.py).
    `considered` says that it was looked at whether to invite the person to climb a step; `invitation` is what
    came of it. `agent` is what the browser called itself when it began. `acting` is what came of the question
    for whom the person logs in, None before that was looked at. `set_aside` are the means whose proof the
    person put aside, to log in anew: they are asked for somebody afresh.
    """

    id: TransactionId
    reference: str
    browser: str
    request: LoginRequest
    started_at: datetime
    until: datetime
    offers: tuple[Offer, ...]
    chosen: MeansId | None = None
    proofs: tuple[Proof, ...] = ()
    attempts: int = 0
    confirmed: bool = False
    refused: str = ""
    unlinked: Authentication | None = None
    floor: Level = Level.MINIMAL
    considered: bool = False
    invitation: Invitation | None = None
    agent: Text | None = None
    acting: Acting | None = None
    set_aside: tuple[MeansId, ...] = ()

    @property
    def required(self) -> Level:
        """The level that must be proven: what is asked, what the person wants at least, what acting takes."""
        acting = Level.MINIMAL if self.acting is None else self.acting.required
        return max(self.request.required, self.floor, acting)

    @property
    def asks_for_whom(self) -> bool:
        """Tell whether the person is still to say for whom they log in.

        Whoever already acts for somebody by the word of their means is not asked.
        """
        best = self.best
        if self.request.for_whom is ForWhom.THEMSELVES or best is None:
            return False
        if best.authentication.represented is not None:
            return False
        return self.acting is None or self.acting.open

    @property
    def principal(self) -> PartyId | None:
        """Whom the person chose to act for; None for themselves, and while they did not choose."""
        return None if self.acting is None else self.acting.principal

    @property
    def choice(self) -> tuple[Offer, ...]:
        """The offers to choose from: of one's own means only, once an account waits to be linked."""
        if self.unlinked is None:
            return self.offers
        return tuple(offer for offer in self.offers if not offer.link_needed)

    @property
    def level(self) -> Level | None:
        """The highest level proven so far in this login."""
        best = self.best
        return None if best is None else best.level

    @property
    def best(self) -> Proof | None:
        """The proof that the outcome rests on: the highest, and of equals the latest."""
        best = None
        for proof in self.proofs:
            if best is None or proof.level >= best.level:
                best = proof
        return best

    @property
    def known_subject(self) -> Subject | None:
        """Who was proven so far; nobody else may answer a step up."""
        return self.proofs[-1].authentication.subject if self.proofs else None

    @property
    def proven_enough(self) -> bool:
        """Tell whether the level that must be proven was proven."""
        level = self.level
        return level is not None and level >= self.required


@hot(frozen=True, slots=True, kw_only=True)
class Browser:
    """The browser of a request: its binding secret, its session, its remembered means (cookies).

    `agent` is what it calls itself, in words of ours: for its person to recognise, nothing rests on it.
    """

    secret: str | None
    session: str | None = None
    remembered: str | None = None
    agent: Text | None = None


def browser_hash(secret: str) -> str:
    """Hash the browser's cookie secret; only this is stored."""
    return sha256(secret.encode()).hexdigest()


def check_browser(transaction: Transaction, browser: Browser) -> None:
    """Refuse a browser that this login was not begun in (ASVS-3.5, RFC9700-4.7).

    Raises:
        LoginElsewhere: no cookie, or another browser's.

    """
    secret = browser.secret
    if secret is None or not hmac.compare_digest(transaction.browser, browser_hash(secret)):
        raise LoginElsewhere

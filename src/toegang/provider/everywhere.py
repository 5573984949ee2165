"""Logging out everywhere: every session of a person ends, in every browser, at every service.

First what was proven is withdrawn, so that from that commit on nothing of it opens anything (O15); then the
participants are told, and the person sees of each what really happened (logout/leave.py). Never refused.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from hmac import compare_digest
from typing import TYPE_CHECKING

from toegang.catalogue.values import ServiceId
from toegang.means.citizen.kind import account_id
from toegang.provider.logout.leave import Wish

if TYPE_CHECKING:
    from toegang.means.citizen.own_account import OwnAccount
    from toegang.means.external.linking import Linking
    from toegang.provider.logout.leave import Begun, Logouts
    from toegang.provider.own import Stay


@dataclass(frozen=True, slots=True, kw_only=True)
class LoggedIn:
    """A service that somebody is logged in to; `here` says that it is this browser's."""

    service: ServiceId
    since: datetime
    here: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Everywhere:
    """The use cases of My account that are about sessions."""

    logouts: Logouts
    own: OwnAccount
    linking: Linking

    async def now(self, stay: Stay, browser: str, now: datetime) -> tuple[LoggedIn, ...]:
        """Return where the person is logged in, as far as we know; `browser` is the hash of its secret."""
        person = stay.proven.subject.person
        states = await self.logouts.grants.of_person(person, now) if person else ()
        return tuple(
            LoggedIn(
                service=state.grant.service,
                since=state.grant.answered_at,
                here=compare_digest(state.grant.browser, browser),
            )
            for state in states
            if state.redeemed_at is not None
        )

    async def log_out(self, stay: Stay, browser: str, now: datetime) -> Begun:
        """End all that rests on what the person proved, and tell every participant.

        1. what was proven by the account, its devices and linked means counts no more; 2. every session
        ends and its participants are told, those in this browser also by way of the browser.
        """
        person = stay.proven.subject.person
        # 1.
        await self.own.log_out(account_id(stay.proven), now)
        if person is not None:
            await self.linking.log_out(person, now)
        # 2.
        states = await self.logouts.grants.of_person(person, now) if person else ()
        sessions = frozenset({stay.session, *(state.grant.session for state in states)})
        return await self.logouts.begin(Wish(sessions=sessions, browser=browser), now)

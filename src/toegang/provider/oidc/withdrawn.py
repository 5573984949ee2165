"""What happens here when a person's proof counts no more: their sessions and grants end, clients hear it.

The means says so by a message in the outbox, in the unit of its own act. Nothing waits for it: from that
commit on every entry refuses the old proof by itself. This tidies up and tells the clients, so that
a session at a service ends too.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from toegang.audit.events import TokenEnding
from toegang.means.citizen.notices import ProofsWithdrawn

if TYPE_CHECKING:
    from toegang.clock import Clock
    from toegang.post.outbox import Message
    from toegang.provider.grants import Grant
    from toegang.provider.logout.leave import Logouts


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawnProofs:
    """Ends what rests on proofs that were withdrawn (post.outbox.Carrier)."""

    logouts: Logouts
    clock: Clock

    async def carry(self, message: Message) -> None:
        """Act on one message; a second time there is nothing left to end.

        Raises:
            Unavailable: the store does not answer.

        """
        notice = ProofsWithdrawn.read(message)
        if notice.person is None:
            return
        now = self.clock.now()
        states = await self.logouts.grants.of_person(notice.person, now)
        resting = tuple(state for state in states if _rests(state.grant, notice))
        if resting:
            await self.logouts.end_all(resting, TokenEnding.PROOF, now)


def _rests(grant: Grant, notice: ProofsWithdrawn) -> bool:
    """Tell whether a grant rests on them: proven by this means, or by an app of this means' account."""
    proven = grant.proven
    by_means = notice.means in {"", proven.means, proven.subject.issuer}
    of_account = by_means and notice.account in {"", proven.subject.identifier}
    by_device = notice.authenticator in {"", proven.authenticator}
    return of_account and by_device and proven.at < notice.at

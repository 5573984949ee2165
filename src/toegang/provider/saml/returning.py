"""A service provider's answer to a logout that we asked, brought back by the browser (SAMLProf-4.4.3.4)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from toegang.errors import Malformed, OneTimeGone, ProofInvalid
from toegang.provider.saml.received import check_moment, open_message, prove
from toegang.provider.saml.telling import is_whole
from toegang.saml.reading import read_logout_response

if TYPE_CHECKING:
    from datetime import datetime

    from toegang.catalogue.partners.key_uses import KeyUses
    from toegang.catalogue.watch import Catalogue
    from toegang.provider.logout.leave import Logouts
    from toegang.provider.saml.received import Arrived


@dataclass(frozen=True, slots=True, kw_only=True)
class LogoutAnswers:
    """Believes answers; `address` is our own, of the front channel."""

    address: str
    catalogue: Catalogue
    logouts: Logouts
    uses: KeyUses

    async def take(self, arrived: Arrived, browser: str, now: datetime) -> str:
        """S27: note what a partner answers to what this browser was sent with; return the logout it is of.

        1. The partner's signature holds, closed or not, and the answer is for us and of now. 2. We asked it,
        in this browser, and asked this partner. 3. It was not answered before.

        Raises:
            Refusal: it is no such answer; nothing was noted.

        """
        # 1.
        received = prove(open_message(arrived), self.catalogue.current, now, ending=True)
        answer = read_logout_response(received.proof)
        received.check_issuer(answer.issuer)
        if answer.destination != self.address:
            message = "the message was sent to another address than ours"
            raise Malformed(message)
        check_moment(answer.issued_at, now)
        # 2.
        asked = await self.logouts.find_asked(answer.in_response_to, browser, now)
        if asked is None:
            message = "nobody asked for this answer in this browser"
            raise OneTimeGone(message)
        if asked.party != received.partner.connection.id:
            message = "the answer is of another partner than was asked"
            raise ProofInvalid(message)
        await self.uses.note(answer.issuer, (received.proof.key.fingerprint,), now)
        # 3.
        await self.logouts.answered(answer.in_response_to, asked, now, confirmed=is_whole(answer))
        return asked.chain

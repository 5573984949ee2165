"""Who came to a desk, as a party: by number and date of birth, as their document has them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from toegang.errors import ValueRefused

if TYPE_CHECKING:
    from datetime import datetime

    from toegang.mandates.desk.visits import Came
    from toegang.mandates.finding import Finding
    from toegang.mandates.party import PartyId


async def party_of(finding: Finding, came: Came, where: str, now: datetime) -> PartyId:
    """Return who came, where the register knows them by number and date of birth.

    Raises:
        ValueRefused: field `where`: it does not, or they have died; never said which.
        Unavailable: it does not answer.

    """
    typed = came.typed
    found = await finding.population.find(typed.bsn)
    if found is None or found.birth_date != typed.born or found.deceased_on is not None:
        raise not_known(where)
    party = (await finding.numbers.meet([typed.bsn], now))[typed.bsn]
    await finding.know(party, found, now)
    return party


def not_known(where: str) -> ValueRefused:
    """Return what a clerk is told of who cannot be helped, whatever the reason is."""
    return ValueRefused(where, "desk-person-differs")

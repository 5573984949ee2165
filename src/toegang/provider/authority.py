"""By what somebody acts for another, when what a service was given is redeemed: in any protocol."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from toegang.catalogue.values import ClientId
    from toegang.mandates.stating import Stating
    from toegang.provider.grants import Grant
    from toegang.units import Unit


async def redeem(stating: Stating, unit: Unit, grant: Grant, by: ClientId, now: datetime) -> bool:
    """MANDATES-P14: redeem the statement of a grant, in the unit that redeems its code, for who redeems it.

    False when it may not be redeemed (any more); True too when the person acts for themselves.
    """
    if grant.statement is None:
        return True
    binding = replace(grant.statement.binding, audience=by, session=grant.browser)
    return await stating.take(unit, binding, grant.service, now) is not None

"""Standing: what a party is as a whole, by what a register told of it now."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from toegang.mandates.legal.derived import begins
from toegang.mandates.party import Party, PartyKind, Standing
from toegang.registers.organisations import Standing as Registered

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from toegang.mandates.legal.court import Capacity
    from toegang.mandates.party import PartyId
    from toegang.registers.organisations import RegisteredOrganisation
    from toegang.registers.population import BirthDate

_STANDINGS: Final[Mapping[Registered, Standing]] = MappingProxyType(
    {
        Registered.ACTIVE: Standing.ABLE,
        # Fw-228: it acts with an administrator only, as one that is insolvent acts by a court's appointment.
        Registered.MORATORIUM: Standing.INSOLVENT,
        Registered.INSOLVENT: Standing.INSOLVENT,
        Registered.DISSOLVED: Standing.DISSOLVED,
        Registered.MERGED: Standing.DISSOLVED,
        Registered.STRUCK_OFF: Standing.DISSOLVED,
    }
)


def person(party: PartyId, born: BirthDate, died_on: date | None, own: Capacity) -> Party:
    """Return a person as registers told: dead, under curatele or able. Death says more than curatele."""
    able = Party(id=party, kind=PartyKind.PERSON, born=born)
    if died_on is not None:
        return replace(able, standing=Standing.DECEASED, since=begins(died_on))
    if own.incapable_since is not None:
        return replace(able, standing=Standing.UNDER_GUARDIANSHIP, since=own.incapable_since)
    return able


def organisation(party: PartyId, found: RegisteredOrganisation) -> Party:
    """Return an organisation as the trade register told it."""
    able = Party(id=party, kind=PartyKind.ORGANISATION)
    if found.disputed:
        return replace(able, standing=Standing.INVESTIGATED)
    standing = _STANDINGS[found.standing]
    return (
        able
        if standing is Standing.ABLE
        else replace(able, standing=standing, since=begins(found.standing_since))
    )

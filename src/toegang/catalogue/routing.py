"""Acceptance duty: whether an admitted means may be offered at a service, and why not (WDO-acceptance).

A public service cannot turn away an admitted means that reaches its level; a private one may. Which
means are open now is gate.py's question; which one a person gets to see is login's.
"""

from __future__ import annotations

import enum
from typing import TYPE_CHECKING, Protocol

from toegang.catalogue.values import IdentityForm, Kind

if TYPE_CHECKING:
    from toegang.assurance import Level
    from toegang.catalogue.values import AdmittedMeans, MeansId


class Offer(enum.StrEnum):
    """Whether a means may be offered; every word but the first is a reason why not."""

    ALLOWED = "allowed"
    CEILING_TOO_LOW = "too-low"
    GIVES_NO_BSN = "no-bsn"
    GIVES_NO_ORGANISATION = "no-organisation"
    EXCLUDED = "excluded"


class Offering(Protocol):
    """What must be known of a service: as it stands in the catalogue or as a login began with it."""

    @property
    def identity(self) -> IdentityForm:
        """How the service learns who logged in."""
        ...

    @property
    def excluded_means(self) -> tuple[MeansId, ...]:
        """Means that the provider does not want."""
        ...


def may_offer(
    service: Offering, kind: Kind, means: AdmittedMeans, required: Level, *, by_mandate: bool = False
) -> Offer:
    """WDO-acceptance: decide whether `means` may be offered at a service of an organisation of this `kind`.

    `required` is the level that this login must prove. A means that people link to themselves leads to
    the BSN of who did. Where people act for organisations `by_mandate` it is enough to know the person. An
    exclusion by a public organisation is not heeded (and is a problem when the catalogue is checked).
    """
    if means.ceiling < required:
        return Offer.CEILING_TOO_LOW
    personal = means.gives_bsn or means.linkable
    if service.identity is IdentityForm.BSN and not personal:
        return Offer.GIVES_NO_BSN
    if service.identity.of_organisation and not (means.gives_organisation or (by_mandate and personal)):
        return Offer.GIVES_NO_ORGANISATION
    if kind is Kind.PRIVATE and means.id in service.excluded_means:
        return Offer.EXCLUDED
    return Offer.ALLOWED

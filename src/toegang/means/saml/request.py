"""The request for a login: what it asks, and how the browser takes it along."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from toegang.means.external.levels import names_for
from toegang.means.saml.partner import LevelBy, Speaks
from toegang.saml.messages import Attribute, AuthnRequest, RequestedContext, Scoping
from toegang.saml.names import GDI_INTENDED_AUDIENCE, GDI_SERVICE_UUID, Binding

if TYPE_CHECKING:
    from datetime import datetime

    from toegang.means.base import Ask
    from toegang.means.saml.partner import Partner

CONSUMERS = {Binding.POST: 0, Binding.ARTIFACT: 1}
"""The numbers of our address for answers, by how they travel, in our metadata."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ourselves:
    """What we are called, and where answers come."""

    entity_id: str
    consumer: str


def request_of(ask: Ask, partner: Partner, ourselves: Ourselves, id_: str, now: datetime) -> AuthnRequest:
    """SAMLCore-3.4.1: ask a login at the level of `ask`, to be answered at our address by one binding.

    In the scheme for access the address is named by its number in our metadata (STSAML-4.2).
    """
    schemed = partner.speaks is Speaks.ST_SAML
    return AuthnRequest(
        id=id_,
        issuer=ourselves.entity_id,
        issued_at=now,
        destination=partner.sign_on,
        force_authn=ask.fresh,
        consumer_index=CONSUMERS[partner.answer_by.binding] if schemed else None,
        consumer_url="" if schemed else ourselves.consumer,
        binding="" if schemed else partner.answer_by.binding.value,
        service_index=partner.service_index,
        requested=_requested(ask, partner, now),
        scoping=_scoping(ask, partner),
        extensions=_service(ask) if schemed and partner.service_index is None else (),
    )


def _requested(ask: Ask, partner: Partner, now: datetime) -> RequestedContext | None:
    """SAMLCore-3.3.2.2.1: every class that is enough; where it is a minimum, the lowest of those alone."""
    names = names_for(ask.admission, ask.required, now)
    if partner.level_by is LevelBy.NONE or not names:
        return None
    asked = names[:1] if partner.level_by is LevelBy.MINIMUM else names
    return RequestedContext(classes=asked, comparison=partner.level_by.comparison)


def _scoping(ask: Ask, partner: Partner) -> Scoping | None:
    """SAMLCore-3.4.1.2: on whose behalf, where the provider is to know it."""
    if not partner.names_requester or not ask.requester:
        return None
    return Scoping(requesters=(ask.requester,))


def _service(ask: Ask) -> tuple[Attribute, ...]:
    """STSAML-4.2: for whom and for which service a login is asked by who stands between."""
    return (
        Attribute(name=GDI_INTENDED_AUDIENCE, values=(ask.requester,)),
        Attribute(name=GDI_SERVICE_UUID, values=(ask.service_id,)),
    )

"""The rules that a request must meet, in the order in which they are looked at.

What a message may look like at all is checked by the room saml, and whose it is by admit.py; here is what
this connection, by its profile and the catalogue, may ask. One rule, one function, one source.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from toegang.catalogue.values import IdentityForm
from toegang.errors import NotEntitled, ProtocolRefusal
from toegang.provider.saml.profiles import Naming
from toegang.provider.saml.received import check_moment
from toegang.provider.saml.status import INVALID_NAME_ID_POLICY, NOT_OFFERED, REQUEST_UNSUPPORTED
from toegang.saml import names
from toegang.saml.names import Binding, NameFormat

if TYPE_CHECKING:
    from toegang.catalogue.values import Service
    from toegang.provider.saml.partners import Partner
    from toegang.saml.messages import AuthnRequest

FORMATS = {
    Naming.SESSION: frozenset({"", NameFormat.UNSPECIFIED, NameFormat.TRANSIENT}),
    Naming.SECTOR: frozenset({"", NameFormat.UNSPECIFIED}),
    Naming.ASKED: frozenset({"", NameFormat.UNSPECIFIED, NameFormat.TRANSIENT, NameFormat.PERSISTENT}),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A request whose signature held, with everything that is known of who asks it."""

    request: AuthnRequest
    partner: Partner
    binding: Binding
    relay_state: str | None
    now: datetime

    @property
    def returned_state(self) -> str | None:
        """SAMLBind-3.4.3: the RelayState that an answer may bring back; None where it is too long."""
        state = self.relay_state
        if state is None or len(state.encode()) > self.partner.profile.relay_limit:
            return None
        return state


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What was asked, found in the catalogue.

    `recipient` is the entity that the answer is for; `can_encrypt` says whether it has a key for that.
    """

    asked: Asked
    recipient: str
    service: Service
    can_encrypt: bool


def request_is_of_now(asked: Asked) -> None:
    """SAMLCore-3.2.1: an old request was kept by somebody; one from the future was made by a wrong clock."""
    check_moment(asked.request.issued_at, asked.now)


def binding_is_offered(asked: Asked) -> None:
    """STSAML-4.1: a request travels in the way of its profile."""
    if asked.binding not in asked.partner.profile.requests:
        raise ProtocolRefusal(REQUEST_UNSUPPORTED, "Requests of this connection do not come by this binding")


def consumer_is_named_by_index(asked: Asked) -> None:
    """STSAML-4.2: the return address is told by its index in the metadata, never by itself."""
    request = asked.request
    if asked.partner.profile.consumer_by_index and (request.consumer_index is None or request.consumer_url):
        raise ProtocolRefusal(REQUEST_UNSUPPORTED, "AssertionConsumerServiceIndex is missing")


def relay_state_is_short(asked: Asked) -> None:
    """SAMLBind-3.4.3: a RelayState MUST NOT be longer than 80 bytes, where the profile holds to that."""
    if asked.relay_state != asked.returned_state:
        raise ProtocolRefusal(REQUEST_UNSUPPORTED, "RelayState is too long")


def nobody_is_named(asked: Asked) -> None:
    """SAMLCore-3.4.1: a request about one person would have to be answered about that person only."""
    if asked.request.has_subject:
        raise ProtocolRefusal(NOT_OFFERED, "A Subject in the request is not supported")


def no_assertion_is_brought(asked: Asked) -> None:
    """STSAML-4.2: an assertion in a request is for declarers of authority, and never for us."""
    if any(each.name == names.GDI_IDP_ASSERTION for each in asked.request.extensions):
        raise ProtocolRefusal(REQUEST_UNSUPPORTED, "IdpAssertion is not for requests of service providers")


def name_format_is_offered(asked: Asked) -> None:
    """SAMLCore-3.4.1.1: a kind of name that is not given here is refused, not replaced."""
    policy = asked.request.name_id_policy
    if policy is not None and policy.format not in FORMATS[asked.partner.profile.naming]:
        raise ProtocolRefusal(INVALID_NAME_ID_POLICY, "This format of NameID is not given")
    if policy is not None and policy.sp_name_qualifier not in {"", asked.partner.entity_id}:
        raise ProtocolRefusal(INVALID_NAME_ID_POLICY, "Names are not given for others")


RULES = (
    request_is_of_now,
    binding_is_offered,
    consumer_is_named_by_index,
    relay_state_is_short,
    nobody_is_named,
    no_assertion_is_brought,
    name_format_is_offered,
)


def service_is_of_the_recipient(found: Found) -> None:
    """STSAML-4.2: in a cluster a supplier asks a provider's own service for that provider, and no other's."""
    connection = found.asked.partner.connection
    member = connection.member(found.recipient)
    if connection.members and (member is None or member.organisation != found.service.organisation):
        message = f"service {found.service.id} is not of the member that it is asked for"
        raise NotEntitled(message)


def sector_number_is_a_bsn(found: Found) -> None:
    """LegacySAML-3: the name is a sector's code with a BSN; another service cannot be reached in this way."""
    sectoral = found.asked.partner.profile.naming is Naming.SECTOR
    if sectoral and found.service.identity is not IdentityForm.BSN:
        message = f"service {found.service.id} is told no BSN"
        raise NotEntitled(message)


def names_go_encrypted(found: Found) -> None:
    """STSAML-4.3, ETD-1.13: a name leaves encrypted for its receiver, or not at all.

    Elsewhere only numbers must; they may stand in the open where the browser never carries them
    (LegacySAML-3).
    """
    profile, number = found.asked.partner.profile, found.service.identity is not IdentityForm.PSEUDONYM
    needed = profile.subjects is not None or (number and profile.encrypts_assertion)
    if needed and not found.can_encrypt:
        message = f"connection {found.asked.partner.connection.id} has no key to encrypt a name for"
        raise NotEntitled(message)


RULES_OF_SERVICES = (service_is_of_the_recipient, sector_number_is_a_bsn, names_go_encrypted)

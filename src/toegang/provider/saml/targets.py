"""What a request points at: where its answer goes, which service it is for, and by which means.

Nothing here is believed because a request says it: an address, an index or a name counts when the pinned
metadata or the catalogue has it.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING
from uuid import UUID

from toegang.catalogue import gate
from toegang.catalogue.values import ServiceId
from toegang.errors import NotEntitled, PartyClosed, ProtocolRefusal, RedirectNotRegistered, UnknownParty
from toegang.provider.saml.status import NO_SUPPORTED_IDP, PROXY_COUNT_EXCEEDED, REQUEST_UNSUPPORTED
from toegang.saml import names
from toegang.saml.names import Binding, NameFormat

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from toegang.catalogue.snapshot import Snapshot
    from toegang.catalogue.values import AdmittedMeans, MeansId
    from toegang.provider.saml.partners import Partner
    from toegang.saml.messages import AuthnRequest
    from toegang.saml.metadata.values import Endpoint

# What a means of another party is called by that party: names of settings in its admission.
_NAMES_OF_MEANS = frozenset({"entity_id", "issuer"})
_GIVEN = frozenset({NameFormat.TRANSIENT, NameFormat.PERSISTENT})
MOST_REQUESTERS = 10


def consumer_of(request: AuthnRequest, partner: Partner) -> Endpoint:
    """SAMLProf-4.1.4.1: return the consumer that the answer goes to, one of the pinned metadata (S26).

    1. By index: exactly that one. 2. By address: equal to it, octet for octet. 3. By neither: the default
    one. The first of each that an answer of this profile can travel to, by the binding asked if one was.

    Raises:
        RedirectNotRegistered: the metadata has no such consumer.

    """
    found = [each for each in partner.role.consumers if each.binding in partner.profile.answers]
    # 1.
    if request.consumer_index is not None:
        found = [each for each in found if each.index == request.consumer_index]
    # 2.
    elif request.consumer_url:
        found = [each for each in found if each.location == request.consumer_url]
    # 3.
    else:
        found.sort(key=lambda each: {True: 0, None: 1, False: 2}[each.default])
    if request.binding:
        found = [each for each in found if each.binding == request.binding]
    elif request.consumer_url:
        found.sort(key=lambda each: partner.profile.answers.index(Binding(each.binding)))
    if not found:
        message = f"the metadata of connection {partner.connection.id} has no such consumer"
        raise RedirectNotRegistered(message)
    return found[0]


def recipient_of(request: AuthnRequest, partner: Partner) -> str:
    """STSAML-4.2: return the entity that the answer is for: who asks, or the member of its cluster.

    A member of a cluster that asks itself asks for itself only.

    Raises:
        ProtocolRefusal: another one is named, or in a cluster none.

    """
    named, connection = _extension(request, names.GDI_INTENDED_AUDIENCE), partner.connection
    itself = partner.entity_id != connection.entity_id or not connection.members
    if itself and named in {"", partner.entity_id}:
        return partner.entity_id
    if not itself and connection.member(named):
        return named
    raise ProtocolRefusal(REQUEST_UNSUPPORTED, "IntendedAudience is not a provider of this connection")


def service_of(request: AuthnRequest, partner: Partner, snapshot: Snapshot) -> ServiceId:
    """STSAML-4.2: return the service asked, by its index in the metadata or by its UUID, never by both.

    Where the profile lets a request name none, the first is meant: of the connection, or of the connection's
    services that are of the member of a cluster who asks for itself. A supplier that asks for its members
    names the service by its UUID.

    Raises:
        ProtocolRefusal: named in two ways, in none, or by an index that means nothing.
        NotEntitled: there is no service at all.

    """
    connection, index = partner.connection, request.service_index
    named = _extension(request, names.GDI_SERVICE_UUID) or _extension(request, names.ETD_SERVICE_UUID)
    for_others = bool(connection.members) and partner.entity_id == connection.entity_id
    if named and index is not None:
        raise ProtocolRefusal(REQUEST_UNSUPPORTED, "The service is named both by index and by UUID")
    if named:
        return _parse(named)
    if for_others:
        raise ProtocolRefusal(REQUEST_UNSUPPORTED, "A cluster names the service by ServiceUUID")
    if index is not None:
        return _by_index(partner, index)
    if partner.profile.service_named:
        raise ProtocolRefusal(REQUEST_UNSUPPORTED, "The service is not named")
    return _first(partner, snapshot)


def _first(partner: Partner, snapshot: Snapshot) -> ServiceId:
    connection = partner.connection
    member = connection.member(partner.entity_id)
    found = connection.services
    if member is not None:
        own = ((connection.service_place(id_), id_) for id_ in snapshot.services_of(member.organisation))
        found = tuple(id_ for _, id_ in sorted((place, id_) for place, id_ in own if place is not None))
    if not found:
        message = f"connection {connection.id} has no services"
        raise NotEntitled(message)
    return found[0]


def name_format_of(request: AuthnRequest, partner: Partner) -> str:
    """SAMLCore-3.4.1.1: return the kind of name to give, where that can be asked.

    As the request asks, else the first that the metadata lists and that is given here, else another name
    at every login.
    """
    asked = request.name_id_policy.format if request.name_id_policy else ""
    wishes = (asked, *partner.role.name_formats)
    return next((wish for wish in wishes if wish in _GIVEN), NameFormat.TRANSIENT)


def still_open(snapshot: Snapshot, now: datetime) -> Iterator[AdmittedMeans]:
    """STSAML-4.4: yield every means that may be used now; one that is closed is named in vain."""
    for means in snapshot.all_means():
        with suppress(PartyClosed, UnknownParty):
            yield gate.open_means(snapshot, means.id, now)


def means_of(request: AuthnRequest, usable: Iterable[AdmittedMeans], own_name: str) -> tuple[MeansId, ...]:
    """SAMLCore-3.4.1.2: return the means that the request wants offered; empty for all of them.

    A provider is named by the entity id or issuer of a means, or by the means' own id; our own name means
    all that we offer. Names that nobody has are passed over, unless there is nothing else. Who does not let
    us ask another party (a ProxyCount of 0) is offered the hub's own means only.

    Raises:
        ProtocolRefusal: none of the providers named is open, or only means of other parties are left.

    """
    scoping = request.scoping
    if scoping is None:
        return ()
    offered, alone = tuple(usable), scoping.proxy_count == 0
    if alone:
        offered = tuple(means for means in offered if not _is_foreign(means))
        if not offered:
            raise ProtocolRefusal(PROXY_COUNT_EXCEEDED, "There are no means here of the hub's own")
    providers = set(scoping.providers)
    if not providers or own_name in providers:
        return tuple(means.id for means in offered) if alone else ()
    found = tuple(means.id for means in offered if _called(means) & providers)
    if not found:
        raise ProtocolRefusal(NO_SUPPORTED_IDP, "None of the identity providers is known and open")
    return found


def requesters_of(request: AuthnRequest) -> tuple[str, ...]:
    """SAMLCore-3.4.1.2: return on whose behalf is asked, as the request says; only for the record."""
    named = request.scoping.requesters[:MOST_REQUESTERS] if request.scoping else ()
    return tuple(each for each in named if each.isascii() and each.isprintable() and "[" not in each)


def _called(means: AdmittedMeans) -> set[str]:
    return {str(means.id), *(value for name, value in means.settings if name in _NAMES_OF_MEANS)}


def _is_foreign(means: AdmittedMeans) -> bool:
    return any(name in _NAMES_OF_MEANS for name, _ in means.settings)


def _extension(request: AuthnRequest, name: str) -> str:
    """Return the one text of an attribute in the extensions, empty for none.

    Raises:
        ProtocolRefusal: it has several, or something else than a text.

    """
    values = [value for each in request.extensions if each.name == name for value in each.values]
    if not values:
        return ""
    if len(values) > 1 or not isinstance(values[0], str):
        raise ProtocolRefusal(REQUEST_UNSUPPORTED, "An extension does not have exactly one value")
    return values[0].strip()


def _by_index(partner: Partner, index: int) -> ServiceId:
    """STSAML-4.2: as the catalogue has it, else as the metadata says."""
    known = partner.connection.service_numbered(index)
    if known is not None:
        return known
    told = next((each for each in partner.role.services if each.index == index), None)
    for attribute in told.attributes if told else ():
        if attribute.name in {names.GDI_SERVICE_UUID, names.ETD_SERVICE_UUID} and attribute.values:
            return _parse("".join(attribute.values[0].split()))
    raise ProtocolRefusal(REQUEST_UNSUPPORTED, "AttributeConsumingServiceIndex means no service here")


def _parse(text: str) -> ServiceId:
    try:
        return ServiceId(UUID(text))
    except ValueError as error:
        raise ProtocolRefusal(REQUEST_UNSUPPORTED, "ServiceUUID is not a UUID") from error

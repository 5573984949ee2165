"""Our catalogue as the business scheme publishes it: services of connections by its profile (ETD-1.13)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from toegang.assurance import Scheme, name_of
from toegang.catalogue import gate
from toegang.catalogue.records import RecordKind
from toegang.catalogue.values import Connection, IdentityForm, SamlProfile
from toegang.errors import Refusal
from toegang.provider.saml.partners import encryption_keys
from toegang.provider.saml.profiles import ETD
from toegang.saml.names import ETD_KVK, ETD_PSEUDONYM, ETD_RSIN, GDI_LEGACY_BSN
from toegang.saml.service_catalogue import (
    AskedAttribute,
    ProviderEntry,
    ServiceCatalogue,
    ServiceEntry,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from toegang.catalogue.snapshot import Snapshot
    from toegang.catalogue.values import Organisation, Service, Text
    from toegang.saml.service_catalogue import Texts

_CONCERNED = {
    IdentityForm.KVK: ETD_KVK,
    IdentityForm.RSIN: ETD_RSIN,
    IdentityForm.PSEUDONYM: ETD_PSEUDONYM,
    IdentityForm.BSN: GDI_LEGACY_BSN,
}


def published(snapshot: Snapshot, broker: str, environment: str, now: datetime) -> ServiceCatalogue:
    """ETD-1.13: describe every service that is open now and has a number at a connection by this scheme.

    `broker` is our own OIN. A provider without an OIN has no name in the scheme, and is left out.
    """
    found: dict[str, tuple[Organisation, list[ServiceEntry]]] = {}
    for organisation, service in _services(snapshot, now):
        found.setdefault(organisation.oin, (organisation, []))[1].append(service)
    return ServiceCatalogue(
        issued_at=now,
        version=f"urn:etoegang:1.13:service-catalogue:{environment}:{snapshot.version}",
        broker=broker,
        providers=tuple(
            ProviderEntry(oin=oin, names=_texts(owner.names), services=tuple(services))
            for oin, (owner, services) in sorted(found.items())
        ),
    )


def _services(snapshot: Snapshot, now: datetime) -> Iterator[tuple[Organisation, ServiceEntry]]:
    seen = set()
    connections = (each for each in snapshot.records(RecordKind.CONNECTION) if isinstance(each, Connection))
    for connection in sorted(connections, key=lambda each: each.id):
        if connection.profile is not SamlProfile.ETD:
            continue
        for number in connection.service_indexes:
            try:
                gate.open_connection(snapshot, connection.id, now)
                service = gate.open_service(snapshot, number.service, connection, now)
                owner = gate.open_organisation(snapshot, service.organisation, now)
                keys = encryption_keys(snapshot, connection.entity_id, now)
            except Refusal:
                continue
            if owner.oin and service.id not in seen:
                seen.add(service.id)
                certificates = tuple(key.certificate for key in keys)
                yield owner, _described(service, owner, number.index, certificates, now)


def _described(
    service: Service, owner: Organisation, number: int, certificates: tuple[str, ...], now: datetime
) -> ServiceEntry:
    return ServiceEntry(
        uuid=str(service.id),
        service_id=f"urn:etoegang:DV:{owner.oin}:services:{number}",
        names=_texts(service.names),
        descriptions=_texts(service.descriptions),
        context_class=name_of(service.level_at(now), Scheme.ETD) or "",
        concerned=(_CONCERNED[service.identity],),
        attributes=tuple(
            AskedAttribute(name=ETD.attributes[each.attribute], purposes=_texts(each.purpose))
            for each in service.attributes
        ),
        single_sign_on=service.single_sign_on.allowed,
        certificates=certificates,
    )


def _texts(text: Text) -> Texts:
    return (("nl", text.nl), ("en", text.en))

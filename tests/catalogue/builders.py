"""Builders: a small catalogue of valid records, each changed by name where a test needs it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from toegang.assurance import Level
from toegang.catalogue.snapshot import Snapshot
from toegang.catalogue.values import (
    AdmittedMeans,
    Client,
    ClientId,
    Connection,
    Entity,
    EntityId,
    Kind,
    MeansId,
    Organisation,
    OrganisationId,
    Record,
    Role,
    RoleHolder,
    SamlProfile,
    Service,
    ServiceId,
    Text,
)
from toegang.oidc.profile import ClientAuthentication
from toegang.saml.metadata.values import (
    Endpoint,
    EntityMetadata,
    KeyUse,
    PartnerKey,
    ServiceProviderRole,
)
from toegang.saml.names import Binding

EXAMPLE = Path(__file__).parents[2] / "docs" / "examples" / "catalogue.yaml"
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
TOWN = OrganisationId("gemeente-duinrand")
HUB = OrganisationId("toegang")
PERMIT = ServiceId(UUID("0192d3a4-0000-7000-8000-000000000001"))
PORTAL = ClientId("duinrand-portal")
FORMS = ClientId("duinrand-forms")
FORMS_ENTITY = EntityId("https://forms.duinrand.example/saml")
ACCOUNT = MeansId("account")
CERTIFICATE = (
    "MIIBFDCBu6ADAgECAgEBMAoGCCqGSM49BAMCMBMxETAPBgNVBAMMCG1ldGFkYXRhMCAXDTI2MDEwMTAwMDAwMFoYDzIwOTkwMTAxMDAwMDAw"
    "WjATMREwDwYDVQQDDAhtZXRhZGF0YTBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABIK4NQO5JxZpv/ohN/YYDPebLkHaF87AVXaD8zvIgyYF"
    "bamJNG9bIADEx6TnztIk5uAIiZWnBMKHdRcPTRCjivkwCgYIKoZIzj0EAwIDSAAwRQIgEnG8U2hbDehsTZwTeqKGheYjoiD3WQ6YI5vFSTKh"
    "38kCIQDf2CAq3CLxLirH5JPFggdsjpzqjoPhtnVcFeD1Hz42AA=="
)
"""A certificate of a P-256 key that was thrown away, until 2099."""


def text(word: str) -> Text:
    return Text(nl=f"{word} (nl)", en=f"{word} (en)")


def organisation(**changes: Any) -> Organisation:  # noqa: ANN401 any field of the record
    made = Organisation(
        id=TOWN,
        names=text("Duinrand"),
        kind=Kind.PUBLIC,
        sector="municipality",
        oin="00000001999999990000",
    )
    return replace(made, **changes)


def service(**changes: Any) -> Service:  # noqa: ANN401
    made = Service(
        id=PERMIT, organisation=TOWN, names=text("Permit"), descriptions=text("Ask one"), level=Level.LOW
    )
    return replace(made, **changes)


def client(**changes: Any) -> Client:  # noqa: ANN401
    made = Client(
        id=PORTAL,
        organisation=TOWN,
        names=text("Portal"),
        services=(PERMIT,),
        redirect_uris=("https://portal.duinrand.example/callback",),
        profile="basic",
        profile_reason="A test of the catalogue.",
        authentication=ClientAuthentication.SECRET_BASIC,
        secret_hashes=("0" * 64,),
    )
    return replace(made, **changes)


def connection(**changes: Any) -> Connection:  # noqa: ANN401
    made = Connection(
        id=FORMS,
        organisation=TOWN,
        names=text("Forms"),
        entity_id=FORMS_ENTITY,
        profile=SamlProfile.SAML2INT,
        services=(PERMIT,),
    )
    return replace(made, **changes)


def metadata(**changes: Any) -> EntityMetadata:  # noqa: ANN401
    role = ServiceProviderRole(
        keys=(PartnerKey(use=KeyUse.SIGNING, certificate=CERTIFICATE),),
        consumers=(Endpoint(binding=Binding.POST, location="https://forms.duinrand.example/acs", index=0),),
        requests_signed=True,
    )
    return replace(EntityMetadata(entity_id=FORMS_ENTITY, service_provider=role), **changes)


def entity(**changes: Any) -> Entity:  # noqa: ANN401
    made = Entity(
        id=FORMS_ENTITY,
        organisation=TOWN,
        metadata=metadata(),
        fetched_at=NOW,
        source="https://forms.duinrand.example/saml/metadata",
        signers=(CERTIFICATE,),
    )
    return replace(made, **changes)


def means(**changes: Any) -> AdmittedMeans:  # noqa: ANN401
    made = AdmittedMeans(
        id=ACCOUNT,
        kind="account",
        organisation=HUB,
        names=text("Account"),
        ceiling=Level.LOW,
        gives_bsn=True,
    )
    return replace(made, **changes)


def person(**changes: Any) -> RoleHolder:  # noqa: ANN401
    made = RoleHolder(id="op-1", subject="pseudonym-of-op-1", name="O. Perator", role=Role.OPERATOR)
    return replace(made, **changes)


def hub(**changes: Any) -> Organisation:  # noqa: ANN401
    return organisation(id=HUB, names=text("Toegang"), **changes)


def snapshot(*records: Any) -> Snapshot:  # noqa: ANN401
    """Return a snapshot of the small catalogue; each record given replaces the one with its id."""
    usual: list[Record] = [
        organisation(),
        hub(),
        service(),
        client(),
        connection(),
        entity(),
        means(),
        person(),
    ]
    return Snapshot.of([*usual, *records])

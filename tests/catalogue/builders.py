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
    Kind,
    MeansId,
    Organisation,
    OrganisationId,
    Role,
    RoleHolder,
    Service,
    ServiceId,
    Text,
)
from toegang.oidc.profile import ClientAuthentication

EXAMPLE = Path(__file__).parents[2] / "docs" / "examples" / "catalogue.yaml"
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
TOWN = OrganisationId("gemeente-duinrand")
HUB = OrganisationId("toegang")
PERMIT = ServiceId(UUID("0192d3a4-0000-7000-8000-000000000001"))
PORTAL = ClientId("duinrand-portal")
ACCOUNT = MeansId("account")


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
    return Snapshot.of([organisation(), hub(), service(), client(), means(), person(), *records])

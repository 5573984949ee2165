"""One message of every kind with everything in it, as our own parties would send it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from tests.saml.parties import HUB, IDP, SP, signing, trusted
from toegang.saml import names
from toegang.saml.document import admit
from toegang.saml.messages import (
    ArtifactResolve,
    ArtifactResponse,
    Assertion,
    Attribute,
    AuthnRequest,
    AuthnStatement,
    Comparison,
    Confirmation,
    LogoutRequest,
    LogoutResponse,
    NameId,
    NameIdPolicy,
    RequestedContext,
    Response,
    Scoping,
    Status,
)
from toegang.saml.signature import Verified, verify

NOW = datetime(2026, 1, 1, tzinfo=UTC)
SOON = NOW + timedelta(minutes=2)
KEY = signing("p256")
TRUST = (trusted("p256"),)
SUCCESS = Status(code=names.SUCCESS)

REQUEST = AuthnRequest(
    id="_request",
    issuer=SP,
    issued_at=NOW,
    destination="https://hub.example/saml/sso",
    force_authn=True,
    passive=True,
    consumer_index=1,
    service_index=2,
    provider_name="Gemeente Noord",
    requested=RequestedContext(
        classes=("http://eidas.europa.eu/LoA/substantial",), comparison=Comparison.MINIMUM
    ),
    name_id_policy=NameIdPolicy(
        format=names.NameFormat.PERSISTENT.value, sp_name_qualifier=SP, allow_create=True
    ),
    scoping=Scoping(providers=(IDP,), requesters=(SP,), proxy_count=1),
    extensions=(
        Attribute(name=names.GDI_SERVICE_UUID, values=("00000000-0000-0000-0000-000000000001",)),
        Attribute(name=names.GDI_INTENDED_AUDIENCE, values=(SP,)),
    ),
)
ASSERTION = Assertion(
    id="_assertion",
    issuer=HUB,
    issued_at=NOW,
    subject=NameId(value="somebody", format=names.NameFormat.TRANSIENT.value),
    confirmations=(
        Confirmation(
            method=names.BEARER,
            recipient="https://sp.example/acs",
            not_on_or_after=SOON,
            in_response_to="_request",
        ),
    ),
    not_before=NOW,
    not_on_or_after=SOON,
    audiences=((SP, HUB),),
    one_time=True,
    authn=AuthnStatement(
        at=NOW,
        context_class="http://eidas.europa.eu/LoA/substantial",
        session_index="somebody",
        session_until=SOON,
        authorities=(IDP,),
    ),
    attributes=(
        Attribute(name=names.GDI_SERVICE_UUID, values=("00000000-0000-0000-0000-000000000001",)),
        Attribute(
            name=names.GDI_ACTING_SUBJECT,
            values=(
                NameId(
                    value="999990019",
                    format=names.NameFormat.PERSISTENT.value,
                    name_qualifier=names.GDI_LEGACY_BSN,
                ),
            ),
        ),
    ),
)
RESPONSE = Response(
    id="_response",
    issuer=HUB,
    issued_at=NOW,
    status=SUCCESS,
    in_response_to="_request",
    destination="https://sp.example/acs",
    assertion=ASSERTION,
)
RESOLVE = ArtifactResolve(
    id="_resolve",
    issuer=SP,
    issued_at=NOW,
    artifact="AAQAAA==",
    destination="https://hub.example/saml/artifact",
)
RESOLVED = ArtifactResponse(
    id="_resolved", issuer=HUB, issued_at=NOW, status=SUCCESS, in_response_to="_resolve"
)
LOGOUT = LogoutRequest(
    id="_logout",
    issuer=SP,
    issued_at=NOW,
    subject=NameId(value="somebody", format=names.NameFormat.TRANSIENT.value),
    destination="https://hub.example/saml/slo",
    not_on_or_after=SOON,
    session_indexes=("somebody", "elsewhere"),
    reason="urn:oasis:names:tc:SAML:2.0:logout:user",
)
LOGGED_OUT = LogoutResponse(
    id="_out",
    issuer=HUB,
    issued_at=NOW,
    status=Status(code=names.SUCCESS, second=names.PARTIAL_LOGOUT, message="not everywhere"),
    in_response_to="_logout",
    destination="https://sp.example/slo",
)


def proven(octets: bytes) -> Verified:
    """Bring octets through the gate and verify them with the key of these samples."""
    return verify(admit(octets), TRUST)

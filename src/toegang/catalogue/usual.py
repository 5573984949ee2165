"""What records usually look like, one of each kind: what a record shares with these, packed.py leaves out.

Nobody is meant by them and nothing reads them back; a word more or less here changes sizes only.
"""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

from toegang.assurance import Level, Step
from toegang.catalogue.parts import CampaignId
from toegang.catalogue.records import RecordKind
from toegang.catalogue.values import (
    AdmittedMeans,
    Attribute,
    AttributeGrant,
    Campaign,
    Client,
    ClientId,
    Connection,
    Contact,
    Entity,
    EntityId,
    IdentityForm,
    Kind,
    MeansId,
    Organisation,
    OrganisationId,
    PlannedLevel,
    Record,
    Role,
    RoleHolder,
    SamlProfile,
    Service,
    ServiceId,
    ServiceNumber,
    Text,
    Validity,
)
from toegang.saml.metadata.values import (
    Endpoint,
    EntityContact,
    EntityMetadata,
    IdentityProviderRole,
    KeyUse,
    PartnerKey,
    RequestedAttribute,
    ServiceIndex,
    ServiceProviderRole,
)
from toegang.saml.names import GDI_SERVICE_UUID, Binding, NameFormat

_AT = datetime(2026, 1, 1, tzinfo=UTC)
_OWNER = OrganisationId("gemeente-")
_SERVICE = ServiceId(UUID("01900000-0000-7000-8000-000000000000"))
_NAMES = Text(nl="Gemeente ", en="Municipality of ")
_CONTACT = Contact(role="technical", name="Beheer", mail="beheer@", telephone="+31 ")
_JWKS = (
    '{"keys":[{"kty":"RSA","use":"sig","kid":"","e":"AQAB","n":""},'
    '{"kty":"EC","crv":"P-256","alg":"ES256","x":"","y":""}]}'
)
_ADDRESS = "https://www.example.nl/saml/metadata"


def _indexed(binding: Binding, path: str, index: int) -> Endpoint:
    return Endpoint(
        binding=binding, location=f"https://www.example.nl/saml/{path}", index=index, default=True
    )


_KEYS = tuple(PartnerKey(use=use, certificate="MII", name="") for use in KeyUse)
_LOGOUT = tuple(
    Endpoint(binding=binding, location="https://www.example.nl/saml/logout")
    for binding in (Binding.REDIRECT, Binding.POST, Binding.SOAP)
)
_FORMATS = (NameFormat.UNSPECIFIED.value, NameFormat.PERSISTENT.value, NameFormat.TRANSIENT.value)

_ASKS_LOGINS = ServiceProviderRole(
    keys=_KEYS,
    consumers=(_indexed(Binding.POST, "acs", 0), _indexed(Binding.ARTIFACT, "acs", 1)),
    logout=_LOGOUT,
    artifact=(_indexed(Binding.SOAP, "artifact", 0),),
    name_formats=_FORMATS,
    services=(
        ServiceIndex(
            index=1,
            names=(("nl", "Dienst "), ("en", "Service ")),
            attributes=(RequestedAttribute(name=GDI_SERVICE_UUID, values=(str(_SERVICE),)),),
        ),
    ),
    requests_signed=True,
    wants_assertions_signed=True,
)
_LOGS_IN = IdentityProviderRole(
    keys=_KEYS[:1],
    sign_on=(Endpoint(binding=Binding.REDIRECT, location="https://www.example.nl/saml/sso"),),
    wants_requests_signed=True,
)
_METADATA = EntityMetadata(
    entity_id=_ADDRESS,
    valid_until=_AT,
    service_provider=_ASKS_LOGINS,
    identity_provider=_LOGS_IN,
    organisation_names=(("nl", "Gemeente "),),
    organisation_addresses=(("nl", "https://www.example.nl"),),
    contacts=(EntityContact(role="technical", name="Beheer", mail="beheer@", telephone="+31 "),),
)

USUAL: dict[RecordKind, Record] = {
    RecordKind.ORGANISATION: Organisation(
        id=_OWNER, names=_NAMES, kind=Kind.PUBLIC, sector="health", oin="0" * 20, contacts=(_CONTACT,)
    ),
    RecordKind.SERVICE: Service(
        id=_SERVICE,
        organisation=_OWNER,
        names=_NAMES,
        descriptions=Text(nl="Bekijk uw ", en="See your "),
        level=Level.SUBSTANTIAL,
        planned=(PlannedLevel(level=Level.HIGH, from_=_AT, message=_NAMES),),
        identity=IdentityForm.BSN,
        attributes=tuple(AttributeGrant(attribute=each, purpose=_NAMES) for each in Attribute),
    ),
    RecordKind.CLIENT: Client(
        id=ClientId("portaal-"),
        organisation=_OWNER,
        names=_NAMES,
        services=(_SERVICE,),
        redirect_uris=("https://www.example.nl/callback",),
        post_logout_redirect_uris=("https://www.example.nl/",),
        jwks=_JWKS,
        contacts=(_CONTACT,),
    ),
    RecordKind.CONNECTION: Connection(
        id=ClientId("portaal-"),
        organisation=_OWNER,
        names=_NAMES,
        entity_id=EntityId(_ADDRESS),
        profile=SamlProfile.ST_SAML,
        services=(_SERVICE,),
        service_indexes=(ServiceNumber(index=1, service=_SERVICE),),
        contacts=(_CONTACT,),
    ),
    RecordKind.ENTITY: Entity(
        id=EntityId(_ADDRESS),
        organisation=_OWNER,
        metadata=_METADATA,
        fetched_at=_AT,
        source=_ADDRESS,
        signers=("MII",),
    ),
    RecordKind.MEANS: AdmittedMeans(
        id=MeansId("account"), kind="account", organisation=_OWNER, names=_NAMES, ceiling=Level.HIGH
    ),
    RecordKind.PERSON: RoleHolder(id="operator-", subject="", name="", role=Role.OPERATOR),
    RecordKind.CAMPAIGN: Campaign(
        id=CampaignId("app-"),
        names=_NAMES,
        title=_NAMES,
        text=_NAMES,
        steps=(Step.PASSWORD, Step.SMS),
        leads_to=Step.APP,
        validity=Validity(from_=_AT, until=_AT),
    ),
}

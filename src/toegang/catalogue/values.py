"""What stands in the catalogue: frozen values, valid from the moment they exist.

Everything that people read is a `Text` in Dutch and English. Whether something may be used now is
decided in gate.py and nowhere else.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass, field, replace
from datetime import datetime

from toegang.assurance import Level
from toegang.catalogue.api import Api
from toegang.catalogue.campaign import Campaign
from toegang.catalogue.parts import (
    ClientId,
    EntityId,
    MeansId,
    OrganisationId,
    ServiceId,
    Text,
    Validity,
)
from toegang.catalogue.representation import Representation
from toegang.keys.presented import CertificateName
from toegang.oidc.profile import ClientAuthentication
from toegang.saml.metadata.values import EntityMetadata

__all__ = ["Campaign", "ClientId", "EntityId", "MeansId", "OrganisationId", "ServiceId", "Text", "Validity"]


class Kind(enum.StrEnum):
    """What an organisation is in law; a public one may not turn away an admitted means."""

    PUBLIC = "public"
    PRIVATE = "private"


class IdentityForm(enum.StrEnum):
    """How a service learns who logged in."""

    PSEUDONYM = "pseudonym"
    BSN = "bsn"
    KVK = "kvk"
    RSIN = "rsin"

    @property
    def of_organisation(self) -> bool:
        """Whether it is the number of an organisation that somebody acts for."""
        return self in {IdentityForm.KVK, IdentityForm.RSIN}


class Attribute(enum.StrEnum):
    """What a service may be entitled to learn besides the identity; the source is the register."""

    GIVEN_NAMES = "given_names"
    FAMILY_NAME = "family_name"
    BIRTH_DATE = "birth_date"
    AGE_OVER_18 = "age_over_18"


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """Whom to reach about a party."""

    role: str
    name: str
    mail: str
    telephone: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Organisation:
    """A party: a service provider or a means provider. `sector` groups pseudonyms and figures.

    A `supplier` connects services of other organisations through its own clients and connections.
    `bsn_ground` names the law by which a private organisation, as one in health care, uses the BSN.
    `helps_as` is the KVK number under which people may let it help them, by mandates of the kind `helper`.
    """

    id: OrganisationId
    names: Text
    kind: Kind
    sector: str
    oin: str = ""
    bsn_ground: str = ""
    supplier: bool = False
    helps_as: str = ""
    enabled: bool = True
    validity: Validity = field(default_factory=Validity)
    contacts: tuple[Contact, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedLevel:
    """A level that a service will require from `from_` on, announced with `message`."""

    level: Level
    from_: datetime
    message: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class AttributeGrant:
    """An attribute that a service is entitled to, and the purpose that the person is shown."""

    attribute: Attribute
    purpose: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class SingleSignOn:
    """Whether an earlier login may be used again, and how old it may be (seconds)."""

    allowed: bool = False
    max_age: int = 900


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """A service of a service provider: what it is called, what it must ask, what it may learn.

    `pseudonym_sector` says among which services the person has one pseudonym; empty means that
    the organisation is a sector of its own. `excluded_means` counts for private parties only. With
    `invitations` people may be invited, on the way to it, to climb a step (campaigns). Without
    `representation` nobody acts for another there.
    """

    id: ServiceId
    organisation: OrganisationId
    names: Text
    descriptions: Text
    level: Level
    planned: tuple[PlannedLevel, ...] = ()
    identity: IdentityForm = IdentityForm.PSEUDONYM
    pseudonym_sector: str = ""
    pseudonym_version: int = 1
    attributes: tuple[AttributeGrant, ...] = ()
    excluded_means: tuple[MeansId, ...] = ()
    single_sign_on: SingleSignOn = field(default_factory=SingleSignOn)
    confirm: bool = True
    invitations: bool = True
    representation: Representation | None = None
    enabled: bool = True
    validity: Validity = field(default_factory=Validity)

    def level_at(self, at: datetime) -> Level:
        """Return the level that must be proven at `at`: the last planned one begun, else `level`."""
        begun = [plan for plan in self.planned if plan.from_ <= at]
        return max(begun, key=lambda plan: plan.from_).level if begun else self.level

    def at(self, now: datetime) -> Service:
        """Return the service with the rules of representation of a moment; itself until a change began."""
        rules = self.representation
        in_force = None if rules is None else rules.at(now)
        return self if in_force is rules else replace(self, representation=in_force)


@dataclass(frozen=True, slots=True, kw_only=True)
class AcrAlias:
    """A name that a client, or a means, uses for a level; `until` ends a dual-run with an older name."""

    name: str
    level: Level
    until: datetime | None = None


class InOrder:
    """Members by name and services by place, each put in order when one is first looked for.

    A supplier has thousands. What is in order is no field, so it is never written down.
    """

    __slots__ = ("_by_name", "_places")
    services: tuple[ServiceId, ...]
    _by_name: dict[str, Member]
    _places: dict[ServiceId, int]

    def service_place(self, service: ServiceId) -> int | None:
        """Tell at which place a service stands, None when it may not be reached in this way."""
        return self._services_in_order().get(service)

    def _members_in_order(self, members: tuple[Member, ...]) -> dict[str, Member]:
        try:
            return self._by_name
        except AttributeError:
            found: dict[str, Member] = {each.entity_id: each for each in reversed(members)}
            object.__setattr__(self, "_by_name", found)
            return found

    def _services_in_order(self) -> dict[ServiceId, int]:
        try:
            return self._places
        except AttributeError:
            found = {each: place for place, each in reversed(tuple(enumerate(self.services)))}
            object.__setattr__(self, "_places", found)
            return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Client(InOrder):
    """An OpenID Connect client: software through which services are reached.

    `services` are those that it may log people in for; the first is meant when a request names none.
    `secret_hashes` are SHA-256 of random machine secrets (hex). `jwks` is a JWK Set as JSON text.
    Its certificate of mutual TLS is recognised by `certificate_name`, or is pinned: in `jwks` (`x5c`) or in
    `certificate_thumbprints` (SHA-256, base64url).
    `profile_reason` says why a client may do less than the Dutch profile asks (profile `basic`).
    With `api` it may ask questions of its own about its services, without anybody logging in.
    Only with `representation`, by which it says that it understands such an answer, people act for another
    through it; `authorization_details_types` are in which words it may ask for that (RFC 9396).
    """

    id: ClientId
    organisation: OrganisationId
    names: Text
    services: tuple[ServiceId, ...]
    profile: str = "nlgov"
    profile_reason: str = ""
    redirect_uris: tuple[str, ...] = ()
    post_logout_redirect_uris: tuple[str, ...] = ()
    backchannel_logout_uri: str = ""
    authentication: ClientAuthentication = ClientAuthentication.PRIVATE_KEY_JWT
    secret_hashes: tuple[str, ...] = ()
    jwks: str = ""
    certificate_name: CertificateName | None = None
    certificate_thumbprints: tuple[str, ...] = ()
    id_token_alg: str = ""
    id_token_encryption: str = ""
    userinfo_signed_alg: str = ""
    userinfo_encryption: str = ""
    refresh_tokens: bool = False
    dpop_required: bool = False
    introspection: bool = False
    native: bool = False
    representation: bool = False
    authorization_details_types: tuple[str, ...] = ()
    api: Api | None = None
    acr_aliases: tuple[AcrAlias, ...] = ()
    contacts: tuple[Contact, ...] = ()
    enabled: bool = True
    validity: Validity = field(default_factory=Validity)

    @property
    def hears_of_ends(self) -> bool:
        """Whether it registered an address at which it is told that something it was told has ended."""
        return self.api is not None and bool(self.api.events_uri)


class SamlProfile(enum.StrEnum):
    """Which of the agreements on SAML a connection follows."""

    ST_SAML = "st-saml"
    DIGID3 = "digid3"
    ETD = "etd"
    SAML2INT = "saml2int"


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceNumber:
    """SAMLMeta-2.4.4.1: the number by which requests of one connection name a service."""

    index: int
    service: ServiceId


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """STSAML-LC: a provider in a cluster, and its name (entity id) in what is sent for it."""

    organisation: OrganisationId
    entity_id: EntityId


@dataclass(frozen=True, slots=True, kw_only=True)
class Connection(InOrder):
    """A SAML connection: software through which services are reached, as a client is in OpenID Connect.

    `entity_id` is what it calls itself; its keys and addresses stand in the `Entity` of that name. Of
    `services` the first is meant when a request names none. A supplier's connection serves `members`:
    each has the keys in its own `Entity`, if it has any, and else the supplier's. Ids are one
    namespace with those of clients. `representation` is as with a client.
    """

    id: ClientId
    organisation: OrganisationId
    names: Text
    entity_id: EntityId
    profile: SamlProfile
    services: tuple[ServiceId, ...]
    profile_reason: str = ""
    service_indexes: tuple[ServiceNumber, ...] = ()
    members: tuple[Member, ...] = ()
    acr_aliases: tuple[AcrAlias, ...] = ()
    single_logout: bool = True
    representation: bool = False
    contacts: tuple[Contact, ...] = ()
    enabled: bool = True
    validity: Validity = field(default_factory=Validity)

    def service_numbered(self, index: int) -> ServiceId | None:
        """Find the service that requests of this connection call `index`."""
        return next((each.service for each in self.service_indexes if each.index == index), None)

    def member(self, entity_id: str) -> Member | None:
        """Find the provider of this cluster that goes by `entity_id`."""
        return self._members_in_order(self.members).get(entity_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entity:
    """A partner's metadata as it was taken over, and by whose word; found by its entity id.

    `source` is the https address or the name of the file that it came from. It was believed because one
    of `signers` signed it (pinned certificates, DER in base64), or because its SHA-256 (hexadecimal) was
    `sha256`.
    """

    id: EntityId
    organisation: OrganisationId
    metadata: EntityMetadata
    fetched_at: datetime
    source: str = ""
    signers: tuple[str, ...] = ()
    sha256: str = ""
    enabled: bool = True
    validity: Validity = field(default_factory=Validity)

    def in_force(self, at: datetime) -> bool:
        """SAMLMeta-2.3.2: tell whether the metadata may be used at `at`."""
        return self.metadata.valid_until is None or at < self.metadata.valid_until


@dataclass(frozen=True, slots=True, kw_only=True)
class AdmittedMeans:
    """A login means as admitted: `kind` names the code that speaks it, `ceiling` caps its level.

    `settings` are plain words for that kind (an address, an issuer), never secrets. `blocked` is the
    operator's stop in an incident; `enabled` is the authority's decision. `levels` are the names that an
    external means has for levels; `linkable` says that people may link it to themselves. With
    `gives_organisation` it vouches for the organisation that somebody acts for.
    """

    id: MeansId
    kind: str
    organisation: OrganisationId
    names: Text
    ceiling: Level
    gives_bsn: bool = False
    linkable: bool = False
    gives_organisation: bool = False
    enabled: bool = True
    blocked: bool = False
    validity: Validity = field(default_factory=Validity)
    settings: tuple[tuple[str, str], ...] = ()
    levels: tuple[AcrAlias, ...] = ()

    def setting(self, name: str, default: str = "") -> str:
        """Return one of the settings."""
        return dict(self.settings).get(name, default)


WHOLE_HUB = OrganisationId("")


class Role(enum.StrEnum):
    """What a person with a role may do in the hub's own services."""

    OPERATOR = "operator"
    AUTHORITY = "authority"
    SUPERVISOR = "supervisor"
    DESK_CLERK = "desk-clerk"
    MANDATE_OFFICER = "mandate-officer"
    HELP_DESK = "help-desk"
    PARTY_MANAGER = "party-manager"


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleHolder:
    """A person with a role, for an organisation or (empty) for the hub as a whole.

    `subject` is the person's pseudonym at the hub's own service, never a BSN.
    """

    id: str
    subject: str
    name: str
    role: Role
    organisation: OrganisationId = WHOLE_HUB
    enabled: bool = True
    validity: Validity = field(default_factory=Validity)


Asker = Client | Connection
"""Who may ask a login."""

Record = Organisation | Service | Client | Connection | Entity | AdmittedMeans | RoleHolder | Campaign

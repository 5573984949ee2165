"""Which keys each record has in a catalogue file, in the order in which they are written.

A shape is read and written by the same table, so nothing can be exported that is not imported. Keys that
a record shares with its place (an organisation's services stand below it) are not written.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from toegang.assurance import Step
from toegang.catalogue import forms
from toegang.catalogue.api import MOST_PER_HOUR, Api, ApiScope
from toegang.catalogue.forms import chosen, chosen_but, many, one_of, whole
from toegang.catalogue.representation import (
    DEEPEST,
    LONGEST_DAYS,
    LONGEST_PENDING,
    Announced,
    EdgeKind,
    Group,
    JointRule,
    LimitKind,
    Power,
    Representation,
)
from toegang.catalogue.shape import Shape, nested
from toegang.catalogue.structures import structure
from toegang.catalogue.values import (
    AcrAlias,
    AdmittedMeans,
    Attribute,
    AttributeGrant,
    Campaign,
    Client,
    Connection,
    Contact,
    Entity,
    IdentityForm,
    Kind,
    Member,
    Organisation,
    PlannedLevel,
    Role,
    RoleHolder,
    SamlProfile,
    Service,
    ServiceNumber,
    SingleSignOn,
)
from toegang.jose.public_keys import ENCRYPTION_ALGORITHMS, SIGNATURE_ALGORITHMS
from toegang.oidc.authorization_details import TYPES
from toegang.oidc.profile import PROFILES, ClientAuthentication
from toegang.saml.metadata.values import EntityMetadata

if TYPE_CHECKING:
    from toegang.catalogue.forms import Form

DAY = 86_400
HIGHEST_INDEX = 65_535

NOT_THERE_YET = "this form is not there yet"
POLYMORPHIC = {
    "polymorphic-bsn": (NOT_THERE_YET, "use `bsn`, which is encrypted for the service provider"),
    "polymorphic-pseudonym": (NOT_THERE_YET, "use `pseudonym`, which is another at each organisation"),
}
"""Forms of the scheme for access that are known, and refused."""

CONTACT: Shape[Contact] = Shape(
    type_=Contact,
    forms={"role": forms.TEXT, "name": forms.TEXT, "mail": forms.MAIL, "telephone": forms.TELEPHONE},
    required=("role", "name", "mail"),
)
PLANNED: Shape[PlannedLevel] = Shape(
    type_=PlannedLevel,
    forms={"level": forms.LEVEL, "from": forms.MOMENT, "message": forms.TEXTS},
    required=("level", "from", "message"),
)
GRANT: Shape[AttributeGrant] = Shape(
    type_=AttributeGrant,
    forms={"attribute": chosen(Attribute), "purpose": forms.TEXTS},
    required=("attribute", "purpose"),
)
SINGLE_SIGN_ON: Shape[SingleSignOn] = Shape(
    type_=SingleSignOn, forms={"allowed": forms.TRUTH, "max_age": whole(1, DAY)}
)
OLDEST = 150
GROUP: Shape[Group] = Shape(
    type_=Group,
    forms={"id": forms.SLUG, "since": forms.MOMENT, "names": forms.TEXTS},
    required=("id", "since"),
)
_RULES: dict[str, Form[Any]] = {
    "version": whole(1, 1_000_000),
    "kinds": many(chosen(EdgeKind)),
    "use": forms.LEVEL,
    "request": forms.LEVEL,
    "grant": forms.LEVEL,
    "accept": forms.LEVEL,
    "administer": forms.LEVEL,
    "longest_days": whole(1, LONGEST_DAYS),
    "pending_days": whole(1, LONGEST_PENDING),
    "depth": whole(1, DEEPEST),
    "joint": chosen(JointRule),
    "child_from": whole(0, OLDEST),
    "child_until": whole(0, OLDEST),
    "letter": forms.TRUTH,
    "letter_level": forms.LEVEL,
    "desk": forms.TRUTH,
    "desk_level": forms.LEVEL,
    "helper_days": whole(1, LONGEST_DAYS),
    "helper_level": forms.LEVEL,
    "acceptance": forms.TRUTH,
    "excluded": forms.TRUTH,
    "exclusive": forms.TRUTH,
    "one_agent": forms.TRUTH,
    "since": forms.MOMENT,
    "groups": many(nested(GROUP)),
    "powers": many(chosen(Power)),
    "limits": many(chosen(LimitKind)),
}
COMING: Shape[Representation] = Shape(
    type_=Representation,
    forms=_RULES,
    required=("version", "kinds"),
    refused={"announced": "announce one change at a time; the next when this one is in force"},
)
ANNOUNCED: Shape[Announced] = Shape(
    type_=Announced,
    forms={"from": forms.MOMENT, "rules": nested(COMING), "ends": forms.TRUTH},
    required=("from",),
)
REPRESENTATION: Shape[Representation] = Shape(
    type_=Representation,
    forms={**_RULES, "announced": nested(ANNOUNCED)},
    required=("version", "kinds"),
)
ALIAS: Shape[AcrAlias] = Shape(
    type_=AcrAlias,
    forms={"name": forms.TEXT, "level": forms.LEVEL, "until": forms.MOMENT},
    required=("name", "level"),
)
API: Shape[Api] = Shape(
    type_=Api,
    forms={
        "scopes": many(chosen(ApiScope)),
        "per_hour": whole(1, MOST_PER_HOUR),
        "events_uri": forms.LOGOUT,
    },
    required=("scopes",),
)
ORGANISATION: Shape[Organisation] = Shape(
    type_=Organisation,
    forms={
        "id": forms.SLUG,
        "names": forms.TEXTS,
        "kind": chosen(Kind),
        "sector": forms.SLUG,
        "oin": forms.OIN,
        "bsn_ground": forms.TEXT,
        "supplier": forms.TRUTH,
        "helps_as": forms.KVK,
        "enabled": forms.TRUTH,
        "contacts": many(nested(CONTACT)),
    },
    required=("id", "names", "kind", "sector"),
    dated=True,
)
SERVICE: Shape[Service] = Shape(
    type_=Service,
    forms={
        "id": forms.UUID_,
        "names": forms.TEXTS,
        "descriptions": forms.TEXTS,
        "level": forms.LEVEL,
        "planned": many(nested(PLANNED)),
        "identity": chosen_but(IdentityForm, POLYMORPHIC),
        "pseudonym_sector": forms.SLUG,
        "pseudonym_version": whole(1, 1_000_000),
        "attributes": many(nested(GRANT)),
        "excluded_means": many(forms.SLUG),
        "single_sign_on": nested(SINGLE_SIGN_ON),
        "confirm": forms.TRUTH,
        "invitations": forms.TRUTH,
        "representation": nested(REPRESENTATION),
        "enabled": forms.TRUTH,
    },
    required=("id", "names", "descriptions", "level"),
    dated=True,
)
CLIENT: Shape[Client] = Shape(
    type_=Client,
    forms={
        "id": forms.SLUG,
        "names": forms.TEXTS,
        "services": many(forms.UUID_),
        "profile": one_of(frozenset(PROFILES)),
        "profile_reason": forms.TEXT,
        "redirect_uris": many(forms.REDIRECT),
        "post_logout_redirect_uris": many(forms.REDIRECT),
        "backchannel_logout_uri": forms.LOGOUT,
        "authentication": chosen(ClientAuthentication),
        "secret_hashes": many(forms.HASH),
        "jwks": forms.JWKS,
        "certificate_name": forms.CERTIFICATE_NAME,
        "certificate_thumbprints": many(forms.THUMBPRINT),
        "id_token_alg": one_of(SIGNATURE_ALGORITHMS),
        "id_token_encryption": one_of(ENCRYPTION_ALGORITHMS),
        "userinfo_signed_alg": one_of(SIGNATURE_ALGORITHMS),
        "userinfo_encryption": one_of(ENCRYPTION_ALGORITHMS),
        "refresh_tokens": forms.TRUTH,
        "dpop_required": forms.TRUTH,
        "introspection": forms.TRUTH,
        "native": forms.TRUTH,
        "api": nested(API),
        "representation": forms.TRUTH,
        "authorization_details_types": many(one_of(frozenset(TYPES))),
        "acr_aliases": many(nested(ALIAS)),
        "contacts": many(nested(CONTACT)),
        "enabled": forms.TRUTH,
    },
    required=("id", "names", "services"),
    dated=True,
    refused=dict.fromkeys(("secret", "secrets", "client_secret", "password"), forms.CLEAR_SECRET)
    | {"jwks_uri": "write the keys themselves under `jwks:`; nothing is fetched during a login"},
)
NUMBERED: Shape[ServiceNumber] = Shape(
    type_=ServiceNumber,
    forms={"index": whole(0, HIGHEST_INDEX), "service": forms.UUID_},
    required=("index", "service"),
)
MEMBER: Shape[Member] = Shape(
    type_=Member,
    forms={"organisation": forms.SLUG, "entity_id": forms.ENTITY_ID},
    required=("organisation", "entity_id"),
)
CONNECTION: Shape[Connection] = Shape(
    type_=Connection,
    forms={
        "id": forms.SLUG,
        "names": forms.TEXTS,
        "entity_id": forms.ENTITY_ID,
        "profile": chosen(SamlProfile),
        "profile_reason": forms.TEXT,
        "services": many(forms.UUID_),
        "service_indexes": many(nested(NUMBERED)),
        "members": many(nested(MEMBER)),
        "acr_aliases": many(nested(ALIAS)),
        "single_logout": forms.TRUTH,
        "representation": forms.TRUTH,
        "contacts": many(nested(CONTACT)),
        "enabled": forms.TRUTH,
    },
    required=("id", "names", "entity_id", "profile", "services"),
    dated=True,
    refused=dict.fromkeys(
        ("metadata", "certificates", "keys"), "take it over with `toegang metadata import`"
    ),
)
ENTITY: Shape[Entity] = Shape(
    type_=Entity,
    forms={
        "id": forms.ENTITY_ID,
        "organisation": forms.SLUG,
        "source": forms.TEXT,
        "signers": many(forms.CERTIFICATE),
        "sha256": forms.HASH,
        "fetched_at": forms.MOMENT,
        "metadata": structure(EntityMetadata),
        "enabled": forms.TRUTH,
    },
    required=("id", "organisation", "fetched_at", "metadata"),
    dated=True,
)
MEANS: Shape[AdmittedMeans] = Shape(
    type_=AdmittedMeans,
    forms={
        "id": forms.SLUG,
        "kind": forms.SLUG,
        "organisation": forms.SLUG,
        "names": forms.TEXTS,
        "ceiling": forms.LEVEL,
        "gives_bsn": forms.TRUTH,
        "linkable": forms.TRUTH,
        "gives_organisation": forms.TRUTH,
        "enabled": forms.TRUTH,
        "blocked": forms.TRUTH,
        "settings": forms.SETTINGS,
        "levels": many(nested(ALIAS)),
    },
    required=("id", "kind", "organisation", "names", "ceiling"),
    dated=True,
)
PERSON: Shape[RoleHolder] = Shape(
    type_=RoleHolder,
    forms={
        "id": forms.SLUG,
        "subject": forms.TEXT,
        "name": forms.TEXT,
        "role": chosen(Role),
        "organisation": forms.SLUG,
        "enabled": forms.TRUTH,
    },
    required=("id", "subject", "name", "role"),
    dated=True,
)
CAMPAIGN: Shape[Campaign] = Shape(
    type_=Campaign,
    forms={
        "id": forms.SLUG,
        "names": forms.TEXTS,
        "title": forms.TEXTS,
        "text": forms.TEXTS,
        "steps": many(chosen(Step)),
        "leads_to": chosen(Step),
        "services": many(forms.UUID_),
        "share": whole(0, 100),
        "most": whole(1, 100),
        "again_after": whole(1, 3650),
        "within": whole(1, 365),
        "priority": whole(0, 1_000),
        "enabled": forms.TRUTH,
    },
    required=("id", "names", "title", "text", "steps", "leads_to", "until"),
    dated=True,
    refused=dict.fromkeys(
        ("url", "link", "href", "address"), "a campaign leads to one of the hub's own pages: `leads_to`"
    ),
)

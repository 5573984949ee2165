"""Which keys each record has in a catalogue file, in the order in which they are written.

A shape is read and written by the same table, so nothing can be exported that is not imported. Keys that
a record shares with its place (an organisation's services stand below it) are not written.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from toegang.catalogue import forms
from toegang.catalogue.forms import Form, Plain, chosen, many, one_of, whole
from toegang.catalogue.nodes import Keys, Spot, keys
from toegang.catalogue.problems import Wrong
from toegang.catalogue.values import (
    AcrAlias,
    AdmittedMeans,
    Attribute,
    AttributeGrant,
    Client,
    Contact,
    IdentityForm,
    Kind,
    Organisation,
    PlannedLevel,
    Role,
    RoleHolder,
    Service,
    SingleSignOn,
    Validity,
)
from toegang.jose.public_keys import ENCRYPTION_ALGORITHMS, SIGNATURE_ALGORITHMS
from toegang.oidc.profile import PROFILES, ClientAuthentication

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

T = TypeVar("T")

DAY = 86_400


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape(Generic[T]):
    """How one type is written: key -> form, which are required, and keys named unlike their field.

    `refused` are keys that people write by mistake, with what to tell them.
    """

    type_: Callable[..., T]
    forms: Mapping[str, Form[Any]]
    required: tuple[str, ...] = ()
    fields: Mapping[str, str] = dataclasses.field(default_factory=dict)
    dated: bool = False
    refused: Mapping[str, str] = dataclasses.field(default_factory=dict)

    def read(self, spot: Spot, beside: Mapping[str, Callable[[Spot], object]]) -> Keys:
        """Read the keys of this shape and those `beside` it, as values by field name.

        Raises:
            Wrong: no mapping stands here.

        """
        known = {key: form.read for key, form in self.all_forms().items()}
        refused = {key: _refusing(key, remedy) for key, remedy in self.refused.items()}
        read = keys(spot, {**known, **refused, **beside}, self.required)
        values = {self.field_of(key): value for key, value in read.values.items()}
        places = {self.field_of(key): place for key, place in read.places.items()}
        if self.dated:
            dates = {side: values.pop(side, None) for side in ("from_", "until")}
            values["validity"] = Validity(**dates)
        return Keys(values, places, read.sound)

    def write(self, value: T) -> dict[str, Plain]:
        """Write `value`, leaving out what is as it would be anyway."""
        written: dict[str, Plain] = {}
        for key, form in self.all_forms().items():
            holder = value.validity if self.dated and key in {"from", "until"} else value  # type: ignore[attr-defined]
            found = getattr(holder, self.field_of(key))
            if found != _default(holder, self.field_of(key)):
                written[key] = form.write(found)
        return written

    def field_of(self, key: str) -> str:
        """Return the name of the field that stands under `key`."""
        return self.fields.get(key, "from_" if key == "from" else key)

    def all_forms(self) -> Mapping[str, Form[Any]]:
        """Return the form of every key, the dates at the end."""
        dates = {"from": forms.MOMENT, "until": forms.MOMENT} if self.dated else {}
        return {**self.forms, **dates}


def _refusing(key: str, remedy: str) -> Callable[[Spot], object]:
    def read(_: Spot) -> object:
        message = f"`{key}` does not belong in the catalogue"
        raise Wrong(message, remedy)

    return read


def _default(holder: object, field: str) -> object:
    for known in dataclasses.fields(holder):  # type: ignore[arg-type]
        if known.name == field:
            factory = known.default_factory
            return known.default if factory is dataclasses.MISSING else factory()
    return dataclasses.MISSING


def nested(shape: Shape[T]) -> Form[T]:
    """Read a value that has a shape of its own, inside another."""

    def read(spot: Spot) -> T:
        found = shape.read(spot, {})
        if not found.sound:
            message = "this entry cannot be read"
            raise Wrong(message, "mend the problems named above")
        return shape.type_(**found.values)

    return Form(read, shape.write)


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
ALIAS: Shape[AcrAlias] = Shape(
    type_=AcrAlias,
    forms={"name": forms.TEXT, "level": forms.LEVEL, "until": forms.MOMENT},
    required=("name", "level"),
)
ORGANISATION: Shape[Organisation] = Shape(
    type_=Organisation,
    forms={
        "id": forms.SLUG,
        "names": forms.TEXTS,
        "kind": chosen(Kind),
        "sector": forms.SLUG,
        "oin": forms.OIN,
        "supplier": forms.TRUTH,
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
        "identity": chosen(IdentityForm),
        "pseudonym_sector": forms.SLUG,
        "pseudonym_version": whole(1, 1_000_000),
        "attributes": many(nested(GRANT)),
        "excluded_means": many(forms.SLUG),
        "single_sign_on": nested(SINGLE_SIGN_ON),
        "confirm": forms.TRUTH,
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
        "acr_aliases": many(nested(ALIAS)),
        "contacts": many(nested(CONTACT)),
        "enabled": forms.TRUTH,
    },
    required=("id", "names", "services"),
    dated=True,
    refused=dict.fromkeys(("secret", "secrets", "client_secret", "password"), forms.CLEAR_SECRET)
    | {"jwks_uri": "write the keys themselves under `jwks:`; nothing is fetched during a login"},
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

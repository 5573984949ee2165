"""Metadata from outside becomes values: whole, signed by whom was pinned, and in force (SAMLMeta-2, S29).

    read_metadata(octets, trust, now) -> (EntityMetadata, ...)

One entity that may not be refuses the whole document: what is half read would close partners without a word.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from toegang.errors import Malformed, ProofInvalid, Refusal
from toegang.saml.document import METADATA, admit, raw
from toegang.saml.elements import Children, Element, address, local, moment, needed, tag
from toegang.saml.keys import TrustedKey
from toegang.saml.metadata.about import parse_certifications, parse_contact, parse_organisation
from toegang.saml.metadata.roles import (
    parse_identity_provider,
    parse_service_provider,
    speaks_saml,
)
from toegang.saml.metadata.values import (
    EntityMetadata,
    IdentityProviderRole,
    KeyUse,
    ServiceProviderRole,
)
from toegang.saml.names import DS, MD
from toegang.saml.signature import verify
from toegang.saml.times import parse_duration
from toegang.saml.why import Why

ENTITY: Final = tag(MD, "EntityDescriptor")
GROUP: Final = tag(MD, "EntitiesDescriptor")
_SIGNATURE: Final = tag(DS, "Signature")
_EXTENSIONS: Final = tag(MD, "Extensions")
_SP: Final = tag(MD, "SPSSODescriptor")
_IDP: Final = tag(MD, "IDPSSODescriptor")
_ROLES: Final = tuple(
    tag(MD, each)
    for each in (
        "RoleDescriptor",
        "IDPSSODescriptor",
        "SPSSODescriptor",
        "AuthnAuthorityDescriptor",
        "AttributeAuthorityDescriptor",
        "PDPDescriptor",
        "AffiliationDescriptor",
    )
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedBy:
    """The document is believed when one of these keys signed it; they were pinned by people."""

    keys: tuple[TrustedKey, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pinned:
    """The document is believed when it is this very one: the SHA-256 of its octets, in hexadecimal."""

    sha256: str


Trust = SignedBy | Pinned


@dataclass(frozen=True, slots=True, kw_only=True)
class _Lifetime:
    """How long something is in force and a copy of it may be used; what it stands in may say shorter."""

    until: datetime | None = None
    cache_seconds: int | None = None

    def within(self, element: Element) -> _Lifetime:
        """Return the shorter of this and what the element says."""
        until = moment(element, "validUntil")
        duration = element.get("cacheDuration")
        return _Lifetime(
            until=min(filter(None, (self.until, until)), default=None),
            cache_seconds=_least(self.cache_seconds, None if duration is None else parse_duration(duration)),
        )


def fingerprint(octets: bytes) -> str:
    """Return what `Pinned` holds for these octets."""
    return hashlib.sha256(octets).hexdigest()


def read_metadata(
    octets: bytes, trust: Trust, now: datetime, *, plain_http: bool = False
) -> tuple[EntityMetadata, ...]:
    """SAMLMeta-2: read every entity of a document, or refuse it.

    1. It is the pinned one, or comes through the gate and is signed, as a whole, by a pinned key.
    2. It is one entity, or a group of entities and groups; all of them are in force at `now`.
    3. No entity occurs twice.
    4. Each entity has at most one role of a kind that speaks SAML 2.0, with addresses by https (with
       `plain_http` also `http://localhost`). An identity provider has a key to check its signatures with, and
       so has a service provider that signs; in a group, whose supplier may sign for it, it may have none.

    Raises:
        TooLarge, Malformed: the gate, or steps 2 to 4; the detail names the entity.
        ProofInvalid: step 1.

    """
    # 1.
    root = _believed(octets, trust)
    # 2.
    if root.tag not in {ENTITY, GROUP}:
        message = f"{local(root)} is no metadata"
        raise Malformed(message, why=Why.NOT_METADATA)
    found: dict[str, EntityMetadata] = {}
    for element, lifetime in _entities(root, _Lifetime(), now):
        entity = _named(element, lifetime, plain_http=plain_http, alone=element is root)
        # 3.
        if entity.entity_id in found:
            message = f"{entity.entity_id} occurs twice"
            raise Malformed(message, why=Why.NAMED_TWICE, about=entity.entity_id)
        found[entity.entity_id] = entity
    return tuple(found.values())


def _believed(octets: bytes, trust: Trust) -> Element:
    if isinstance(trust, Pinned):
        if not hmac.compare_digest(fingerprint(octets), trust.sha256.lower()):
            message = "the document is not the one that was pinned"
            raise ProofInvalid(message, why=Why.OTHER_DOCUMENT)
        return raw(admit(octets, METADATA))
    return verify(admit(octets, METADATA), trust.keys).element


def _entities(element: Element, lifetime: _Lifetime, now: datetime) -> Iterator[tuple[Element, _Lifetime]]:
    """SAMLMeta-2.3.1: walk through groups; refuse one that is out of force, with all that it holds."""
    lifetime = lifetime.within(element)
    if lifetime.until is not None and lifetime.until <= now:
        about = element.get("entityID") or ""
        message = f"{about or local(element)} is no longer in force"
        raise Malformed(message, why=Why.ENDED, about=about)
    if element.tag == ENTITY:
        yield element, lifetime
        return
    children = Children(element)
    children.optional(_SIGNATURE)
    children.optional(_EXTENSIONS)
    for child in children.many(ENTITY, GROUP):
        yield from _entities(child, lifetime, now)
    children.end()


def _named(element: Element, lifetime: _Lifetime, *, plain_http: bool, alone: bool) -> EntityMetadata:
    """Read one entity; what is wrong is told with its name."""
    entity_id = address(element, "entityID") or needed(element, "entityID")
    try:
        return _entity(element, entity_id, lifetime, plain_http=plain_http, alone=alone)
    except Refusal as error:
        message = f"{entity_id}: {error.detail}"
        raise Malformed(message, why=error.why, about=entity_id) from error


def _entity(
    element: Element, entity_id: str, lifetime: _Lifetime, *, plain_http: bool, alone: bool
) -> EntityMetadata:
    """SAMLMeta-2.3.2: read one entity."""
    children = Children(element)
    children.optional(_SIGNATURE)
    extensions = children.optional(_EXTENSIONS)
    roles = children.many(*_ROLES)
    organisation = children.optional(tag(MD, "Organization"))
    contacts = children.many(tag(MD, "ContactPerson"))
    children.many(tag(MD, "AdditionalMetadataLocation"))
    children.end()
    sp, idp = _only(roles, _SP), _only(roles, _IDP)
    for role in (sp, idp):
        lifetime = lifetime if role is None else lifetime.within(role)
    service_provider = None if sp is None else parse_service_provider(sp, plain_http=plain_http)
    identity_provider = None if idp is None else parse_identity_provider(idp, plain_http=plain_http)
    _check_keys(service_provider, identity_provider, alone=alone)
    names, addresses = ((), ()) if organisation is None else parse_organisation(organisation)
    return EntityMetadata(
        entity_id=entity_id,
        valid_until=lifetime.until,
        cache_seconds=lifetime.cache_seconds,
        service_provider=service_provider,
        identity_provider=identity_provider,
        organisation_names=names,
        organisation_addresses=addresses,
        contacts=tuple(map(parse_contact, contacts)),
        certifications=() if extensions is None else parse_certifications(extensions),
    )


def _only(roles: tuple[Element, ...], kind: str) -> Element | None:
    """SAMLMeta-2.4.1: return the role of this kind that speaks SAML 2.0; two would be two answers."""
    found = [role for role in roles if role.tag == kind and speaks_saml(role)]
    if len(found) > 1:
        message = f"more than one {local(found[0])} for SAML 2.0"
        raise Malformed(message)
    return found[0] if found else None


def _check_keys(sp: ServiceProviderRole | None, idp: IdentityProviderRole | None, *, alone: bool) -> None:
    """S17: a role that signs without a key to check it with would be a role that anybody can play."""
    signing = {KeyUse.SIGNING, KeyUse.BOTH}
    if idp and not any(key.use in signing for key in idp.keys):
        message = "an identity provider without a key that signs"
        raise Malformed(message, why=Why.NO_KEY)
    if alone and sp and sp.requests_signed and not any(key.use in signing for key in sp.keys):
        message = "a service provider that signs, without a key for it"
        raise Malformed(message, why=Why.NO_KEY)


def _least(first: int | None, second: int | None) -> int | None:
    return min((each for each in (first, second) if each is not None), default=None)

"""Rules for SAML alone: what connections are called, what each profile can tell, who is in a cluster."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from toegang.catalogue.records import Key, RecordKind
from toegang.catalogue.rules import Finding
from toegang.catalogue.values import Client, Connection, Entity, IdentityForm, SamlProfile

if TYPE_CHECKING:
    from collections.abc import Iterator

    from toegang.catalogue.rules import Rule, World
    from toegang.catalogue.values import OrganisationId, Record

SCHEMES = frozenset({SamlProfile.ST_SAML, SamlProfile.ETD})
"""Profiles of schemes that know a party by its OIN."""

SCHEME_NAME = re.compile(r"urn:(?:nl-eid-gdi:1\.0|etoegang):([A-Z]+):([0-9]{20}):entities:[0-9]{4}")
SCHEME_BEGINS = ("urn:nl-eid-gdi:", "urn:etoegang:")
PROVIDER, SUPPLIER = "DV", "LC"

TELLS: dict[SamlProfile, frozenset[IdentityForm]] = {
    SamlProfile.ST_SAML: frozenset(IdentityForm),
    SamlProfile.DIGID3: frozenset({IdentityForm.BSN}),
    SamlProfile.ETD: frozenset({IdentityForm.KVK, IdentityForm.RSIN, IdentityForm.PSEUDONYM}),
    SamlProfile.SAML2INT: frozenset({IdentityForm.PSEUDONYM}),
}
"""How a service can learn who logged in, by the profile of its connection."""


def ids_are_unique_over_askers(record: Record, world: World) -> Iterator[Finding]:
    """Demand that no client and connection have one id: a login remembers by it who asked."""
    if isinstance(record, Client | Connection):
        other = RecordKind.CONNECTION if isinstance(record, Client) else RecordKind.CLIENT
        if world.knows(other, record.id):
            yield Finding(
                field="id",
                what=f"`{record.id}` is the id of a {other.value} too",
                remedy="give one of the two another id",
            )


def entity_id_is_of_one_connection(record: Record, world: World) -> Iterator[Finding]:
    """SAMLCore-2.2.5: demand that two connections do not call themselves the same.

    A provider in somebody's cluster may have a connection of its own: then its name means that one.
    """
    if not isinstance(record, Connection):
        return
    for key in world.after.connections_named(record.entity_id):
        if key != Key(record.id):
            yield Finding(
                field="entity_id",
                what=f"connection `{key}` has this entity id too",
                remedy="name all services at one connection, or mend the entity id",
            )


def nobody_has_our_name(record: Record, world: World) -> Iterator[Finding]:
    """SAMLCore-8.3.6: demand that no partner is called as we are: its messages would be taken for ours."""
    names: dict[str, str] = {}
    if isinstance(record, Connection):
        names = dict.fromkeys((member.entity_id for member in record.members), "members")
        names[record.entity_id] = "entity_id"
    elif isinstance(record, Entity):
        names = {record.id: "id"}
    for name in world.own & names.keys():
        yield Finding(
            field=names[name],
            what=f"{name} is our own entity id",
            remedy="write that of the partner, as its metadata has it",
        )


def scheme_knows_the_party(record: Record, world: World) -> Iterator[Finding]:
    """STSAML-2 and ETD-1.13: whoever connects by a scheme has an OIN, and its own OIN in its name."""
    if not isinstance(record, Connection) or record.profile not in SCHEMES:
        return
    owner = world.organisation_of(record)
    if owner is not None and not owner.oin:
        yield Finding(
            field="profile",
            what=f"{record.profile.value} is only for an organisation with an OIN",
            remedy=f"add `oin:` to `{owner.id}`",
        )
    yield from _named_right(record.entity_id, record.organisation, "entity_id", world)
    for member in record.members:
        yield from _named_right(member.entity_id, member.organisation, "members", world)


def _named_right(entity_id: str, organisation: OrganisationId, field: str, world: World) -> Iterator[Finding]:
    """Look into a name that says of itself that it is the scheme's; others are taken as they are."""
    if not entity_id.startswith(SCHEME_BEGINS):
        return
    found = SCHEME_NAME.fullmatch(entity_id)
    if found is None:
        yield Finding(
            field=field,
            what=f"{entity_id} is not a name of the scheme",
            remedy="write it like urn:nl-eid-gdi:1.0:DV:00000001234567890000:entities:0001",
        )
        return
    owner = world.after.organisation(organisation)
    if found[1] not in {PROVIDER, SUPPLIER}:
        yield Finding(
            field=field,
            what=f"{found[1]} in the entity id is not the role of who asks logins",
            remedy=f"take the entity id with {PROVIDER}, or {SUPPLIER} for a supplier",
        )
    if owner is not None and owner.oin and found[2] != owner.oin:
        yield Finding(
            field=field,
            what=f"the OIN in the entity id is not that of `{owner.id}`",
            remedy="mend the entity id, or the organisation's `oin`",
        )


def profile_can_tell_who(record: Record, world: World) -> Iterator[Finding]:
    """STSAML-4.3, LegacySAML-3 and ETD-1.13: demand that the profile has a word for what a service learns."""
    if not isinstance(record, Connection):
        return
    for id_ in record.services:
        service = world.after.service(id_)
        if service is not None and service.identity not in TELLS[record.profile]:
            able = [each.value for each in SamlProfile if service.identity in TELLS[each]]
            yield Finding(
                field="profile",
                what=f"{record.profile.value} cannot tell a `{service.identity.value}` to service {id_}",
                remedy=f"use {' or '.join(able)}, or another `identity` for the service",
            )


def older_profile_has_a_reason(record: Record, _: World) -> Iterator[Finding]:
    """LegacySAML-3: the profile that does not encrypt who logged in has a reason."""
    if isinstance(record, Connection) and record.profile is SamlProfile.DIGID3 and not record.profile_reason:
        yield Finding(
            field="profile",
            what="the profile `digid3` needs a reason",
            remedy="write in `profile_reason:` why this connection cannot use st-saml yet",
        )


def connection_has_services(record: Record, _: World) -> Iterator[Finding]:
    """Demand that a connection logs people in for something."""
    if isinstance(record, Connection) and not record.services:
        yield Finding(
            field="services", what="there is no service to log in for", remedy="name a service's id"
        )


def numbers_lead_to_services(record: Record, _: World) -> Iterator[Finding]:
    """SAMLMeta-2.4.4.1: demand that a number means one service, of those of the connection."""
    if not isinstance(record, Connection):
        return
    for index, times in Counter(each.index for each in record.service_indexes).items():
        if times > 1:
            yield _numbered(f"index {index} stands here twice", "give each service its own")
    for each in record.service_indexes:
        if each.service not in record.services:
            yield _numbered(f"service {each.service} is not one of `services`", "name it there, or mend it")


def cluster_is_a_suppliers(record: Record, world: World) -> Iterator[Finding]:
    """STSAML-LC: only a supplier has a cluster; its members exist, once, and the services are theirs."""
    if not isinstance(record, Connection) or not record.members:
        return
    owner = world.organisation_of(record)
    if owner is not None and not owner.supplier:
        yield _member("only a supplier has members", f"remove them, or set `supplier: true` on `{owner.id}`")
    for name, times in Counter(each.entity_id for each in record.members).items():
        if times > 1:
            yield _member(f"{name} stands here twice", "give each member its own entity id")
        if name == record.entity_id:
            yield _member(f"{name} is the supplier's own entity id", "give the member its own")
    for each in record.members:
        if not world.knows(RecordKind.ORGANISATION, each.organisation):
            yield _member(f"no organisation `{each.organisation}`", "add it, or mend the id")
    yield from _not_of_members(record, world)


def _not_of_members(record: Connection, world: World) -> Iterator[Finding]:
    inside = {record.organisation, *(each.organisation for each in record.members)}
    for id_ in record.services:
        service = world.after.service(id_)
        if service is not None and service.organisation not in inside:
            yield Finding(
                field="services",
                what=f"service {id_} belongs to `{service.organisation}`, which is no member",
                remedy="add it under `members:`, or mend the id",
            )


def metadata_is_of_who_it_says(record: Record, _: World) -> Iterator[Finding]:
    """SAMLMeta-2.3.2: demand that what is kept under a name describes who has that name."""
    if not isinstance(record, Entity):
        return
    if record.metadata.entity_id != record.id:
        yield Finding(
            field="metadata",
            what="the metadata is of another entity",
            remedy="give the record the `entity_id` in its metadata as its id",
        )
    if not record.signers and not record.sha256:
        yield Finding(
            field="id",
            what="nothing says by whose word this metadata was believed",
            remedy="take it over with `toegang metadata import`, which pins a certificate or the file",
        )


def _numbered(what: str, remedy: str) -> Finding:
    return Finding(field="service_indexes", what=what, remedy=remedy)


def _member(what: str, remedy: str) -> Finding:
    return Finding(field="members", what=what, remedy=remedy)


CONNECTION_RULES: tuple[Rule, ...] = (
    ids_are_unique_over_askers,
    entity_id_is_of_one_connection,
    nobody_has_our_name,
    scheme_knows_the_party,
    profile_can_tell_who,
    older_profile_has_a_reason,
    connection_has_services,
    numbers_lead_to_services,
    cluster_is_a_suppliers,
    metadata_is_of_who_it_says,
)

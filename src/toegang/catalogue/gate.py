"""The gate: whether a party may be used now. One function per kind of party, called at every entry.

    open_organisation   known, enabled, within its dates
    open_client         the same, and its organisation open
    open_connection     the same, and its organisation open
    open_asker          a client or a connection, whichever has this id
    open_entity         a partner's metadata: the same, and still in force
    open_service        the same, its organisation open, and who asks may reach it
    open_means          the same, its organisation open, and not blocked
    open_campaign       known, enabled, within its dates
    open_role           the person holds the role now, enabled, within its dates

Each returns the record as it is in this snapshot, or refuses by raising: never a truth value, so that
no caller can forget to look. A service is returned with the rules in force now: what was announced begins by
itself. Ending (logout, revocation, withdrawing) never comes past here. In one snapshot
only time opens and closes, so what came through is known until then (passed.py).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from toegang.catalogue.parts import Validity
from toegang.catalogue.records import Key, RecordKind
from toegang.catalogue.values import AdmittedMeans, Client, Connection, Entity, Organisation, Service
from toegang.errors import NotEntitled, NotLinked, PartyClosed, UnknownParty

if TYPE_CHECKING:
    from datetime import datetime

    from toegang.catalogue.parts import CampaignId
    from toegang.catalogue.snapshot import Snapshot
    from toegang.catalogue.values import (
        Asker,
        Campaign,
        ClientId,
        MeansId,
        OrganisationId,
        Role,
        RoleHolder,
        ServiceId,
    )


def open_organisation(snapshot: Snapshot, id: OrganisationId, now: datetime) -> Organisation:  # noqa: A002
    """Return the organisation when it may take part now.

    Raises:
        UnknownParty: nobody is registered under this id.
        PartyClosed: disabled, not yet begun or ended.

    """
    known = snapshot.passed.find(Organisation, id, now)
    if known is not None:
        return known
    found = _open(snapshot.organisation(id), "organisation", id, now)
    return snapshot.passed.keep(id, found, found.validity)


def open_client(snapshot: Snapshot, id: ClientId, now: datetime) -> Client:  # noqa: A002
    """Return the client when it, and the organisation that answers for it, may take part now.

    Raises:
        UnknownParty: no such client.
        PartyClosed: the client or its organisation is disabled or outside its dates.

    """
    known = snapshot.passed.find(Client, id, now)
    if known is not None:
        return known
    client = _open(snapshot.client(id), "client", id, now)
    owner = _open_owner(snapshot, client.organisation, now)
    return snapshot.passed.keep(id, client, client.validity, owner.validity)


def open_connection(snapshot: Snapshot, id: ClientId, now: datetime) -> Connection:  # noqa: A002
    """Return the connection when it, and the organisation that answers for it, may take part now.

    Raises:
        UnknownParty: no such connection.
        PartyClosed: the connection or its organisation is disabled or outside its dates.

    """
    known = snapshot.passed.find(Connection, id, now)
    if known is not None:
        return known
    connection = _open(snapshot.connection(id), "connection", id, now)
    owner = _open_owner(snapshot, connection.organisation, now)
    return snapshot.passed.keep(id, connection, connection.validity, owner.validity)


def open_asker(snapshot: Snapshot, id: ClientId, now: datetime) -> Asker:  # noqa: A002
    """Return the client or the connection of this id when it may take part now.

    Raises:
        UnknownParty: neither a client nor a connection.
        PartyClosed: it or its organisation is disabled or outside its dates.

    """
    key = Key(id)
    if not snapshot.holds(RecordKind.CLIENT, key) and snapshot.holds(RecordKind.CONNECTION, key):
        return open_connection(snapshot, id, now)
    return open_client(snapshot, id, now)


def open_entity(snapshot: Snapshot, id: str, now: datetime) -> Entity:  # noqa: A002
    """Return a partner's metadata when it, and the organisation that answers for it, may take part now.

    Raises:
        UnknownParty: nobody's metadata was taken over under this name.
        PartyClosed: disabled, outside its dates, or no longer in force by its own word (`validUntil`).

    """
    known = snapshot.passed.find(Entity, id, now)
    if known is not None:
        return known
    entity = _open(snapshot.entity(id), "entity", id, now)
    if not entity.in_force(now):
        message = f"the metadata of {id} is no longer in force"
        raise PartyClosed(message)
    owner = _open_owner(snapshot, entity.organisation, now)
    force = Validity(until=entity.metadata.valid_until)
    return snapshot.passed.keep(id, entity, entity.validity, owner.validity, force)


def open_service(snapshot: Snapshot, id: ServiceId, client: Asker, now: datetime) -> Service:  # noqa: A002
    """Return the service when it and its organisation may take part now and `client` may reach it.

    Raises:
        NotEntitled: the client or connection is not registered for this service, whether or not it exists.
        UnknownParty: no such service.
        PartyClosed: the service or its organisation is disabled or outside its dates.

    """
    if client.service_place(id) is None:
        message = f"client {client.id} may not reach service {id}"
        raise NotEntitled(message)
    return service_now(snapshot, id, now)


def service_now(snapshot: Snapshot, id: ServiceId, now: datetime) -> Service:  # noqa: A002
    """Return the service, with its rules of now, when it and its organisation may take part now.

    Raises:
        UnknownParty: no such service.
        PartyClosed: the service or its organisation is disabled or outside its dates.

    """
    known = snapshot.passed.find(Service, id, now)
    if known is not None:
        return known
    service = _open(snapshot.service(id), "service", id, now)
    owner = _open_owner(snapshot, service.organisation, now)
    rules = service.representation
    stays = Validity() if rules is None else rules.stays(now)
    return snapshot.passed.keep(id, service.at(now), service.validity, owner.validity, stays)


def represents(service: Service, asker: Asker) -> bool:
    """MANDATES-P9: tell whether people may act for another at this service, asked in this way."""
    return asker.representation and service.representation is not None


def check_represents(service: Service, asker: Asker) -> None:
    """Refuse that somebody acts for another where `represents` says no.

    Raises:
        NotEntitled: it does.

    """
    if not represents(service, asker):
        message = f"{asker.id} receives nobody who acts for another at {service.id}"
        raise NotEntitled(message)


def tells_restrictions(snapshot: Snapshot, id: ClientId) -> bool:  # noqa: A002
    """MANDATES-P2: tell whether who asks is told what a mandate is restricted to; SAML has no form for it."""
    return snapshot.client(id) is not None


def open_means(snapshot: Snapshot, id: MeansId, now: datetime) -> AdmittedMeans:  # noqa: A002
    """Return the admission when the means may be used now.

    Raises:
        UnknownParty: no such means.
        PartyClosed: the means is blocked, or it or its provider is disabled or outside its dates.

    """
    known = snapshot.passed.find(AdmittedMeans, id, now)
    if known is not None:
        return known
    means = _open(snapshot.means(id), "means", id, now)
    if means.blocked:
        message = f"means {id} is blocked"
        raise PartyClosed(message)
    owner = _open_owner(snapshot, means.organisation, now)
    return snapshot.passed.keep(id, means, means.validity, owner.validity)


def open_campaign(snapshot: Snapshot, id: CampaignId, now: datetime) -> Campaign:  # noqa: A002
    """Return the campaign when people may be invited by it now.

    Raises:
        UnknownParty: no such campaign.
        PartyClosed: it was stopped, has not begun, or is over.

    """
    return _open(snapshot.campaign(id), "campaign", id, now)


def check_linkable(means: AdmittedMeans) -> None:
    """Refuse a means that people may not, or no longer, link to themselves.

    Raises:
        NotLinked: it is so.

    """
    if not means.linkable:
        message = f"means {means.id} may not be linked"
        raise NotLinked(message)


def open_role(
    snapshot: Snapshot, subject: str, role: Role, organisation: OrganisationId, now: datetime
) -> RoleHolder:
    """Return the role that `subject` holds now for `organisation`; empty asks for the hub as a whole.

    Raises:
        NotEntitled: the person does not hold that role there now.
        PartyClosed: the organisation is disabled or outside its dates.

    """
    for holder in snapshot.role_holders(subject):
        held = holder.role is role and holder.organisation == organisation
        if held and holder.enabled and holder.validity.covers(now):
            if organisation:
                _open_owner(snapshot, organisation, now)
            return holder
    message = f"nobody by this subject is {role.value} for {organisation or 'the hub'}"
    raise NotEntitled(message)


Party = TypeVar(
    "Party", "Organisation", "Service", "Client", "Connection", "Entity", "AdmittedMeans", "Campaign"
)


def _open(party: Party | None, word: str, id: object, now: datetime) -> Party:  # noqa: A002
    if party is None:
        # Not which: the name may be anything that somebody wrote in a request, and this is logged.
        message = f"no such {word}"
        raise UnknownParty(message)
    if not party.enabled:
        message = f"{word} {id} is disabled"
        raise PartyClosed(message)
    if not party.validity.covers(now):
        message = f"{word} {id} is not valid at {now.isoformat()}"
        raise PartyClosed(message)
    return party


def _open_owner(snapshot: Snapshot, id: OrganisationId, now: datetime) -> Organisation:  # noqa: A002
    # A record whose organisation is gone has nobody who answers for it: closed, not unknown.
    owner = snapshot.organisation(id)
    if owner is None:
        message = f"organisation {id} is not in the catalogue"
        raise PartyClosed(message)
    return _open(owner, "organisation", id, now)

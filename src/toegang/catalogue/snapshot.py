"""The catalogue at one moment: frozen, in memory, every look-up in constant time.

Records are held packed (packed.py), and read when they are looked up; those in use stay read. So 65,000
records take a fifth of the memory, and neither the collector of garbage nor a change of everything ever
walks half a million objects while logins wait. A change makes a new snapshot that shares all bytes with
the old one: only the index of a kind that changed is copied (about 1 ms for 40,000 entries), and a request
that began with a snapshot goes on reading it undisturbed.

Nothing here decides whether a party may be used: gate.py does.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import chain, islice
from typing import TYPE_CHECKING, Final, cast
from uuid import UUID

from toegang.catalogue.campaigns_at import CampaignsAt
from toegang.catalogue.findable import Findable
from toegang.catalogue.grouped import EVERY, Grouped, by_help, by_owner, by_reach, group_key, owner_key
from toegang.catalogue.packed import opened, pack, remembered, unpack
from toegang.catalogue.passed import Passed
from toegang.catalogue.records import Change, Key, RecordKind, key_of
from toegang.catalogue.saml_names import SamlNames
from toegang.catalogue.values import ClientId, OrganisationId, ServiceId

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from toegang.catalogue.packed import Packed
    from toegang.catalogue.parts import CampaignId
    from toegang.catalogue.values import (
        AdmittedMeans,
        Campaign,
        Client,
        Connection,
        Entity,
        MeansId,
        Organisation,
        Record,
        RoleHolder,
        Service,
    )

Index = dict[Key, "Packed"]
Changed = list[tuple[bytes | None, bytes | None]]

MOST_FOUND: Final = 500
"""Services that one word is looked for with; who looks for one of thousands types another word besides."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Delta:
    """What changed up to `version`, in the order of change."""

    version: int
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class Snapshot:
    """All records at `version`; two snapshots are equal when their version and records are."""

    version: int
    _bodies: Mapping[RecordKind, Index]
    _means: tuple[AdmittedMeans, ...] = field(compare=False)
    _people: Mapping[str, tuple[RoleHolder, ...]] = field(compare=False)
    _names: SamlNames = field(compare=False)
    _owned: Grouped = field(compare=False)
    _reached: Grouped = field(compare=False)
    _campaigns: CampaignsAt = field(compare=False)
    _findable: Findable = field(compare=False)
    _helping: Grouped = field(compare=False)
    passed: Passed = field(default_factory=Passed, init=False, compare=False, repr=False)

    @classmethod
    def of(cls, records: Iterable[Record], version: int = 0) -> Snapshot:
        """Make a snapshot of `records`; of two with the same kind and id the last one counts."""
        bodies: dict[RecordKind, Index] = {kind: {} for kind in RecordKind}
        nothing = cls(
            0, bodies, (), {}, SamlNames(), Grouped(), Grouped(), CampaignsAt(), Findable(), Grouped()
        )
        return nothing.apply(Delta(version=version, changes=tuple(map(Change.put, records))))

    def apply(self, delta: Delta) -> Snapshot:
        """Return the snapshot after `delta`, sharing every record that did not change."""
        touched = {change.kind for change in delta.changes}
        bodies = {**self._bodies, **{kind: self._bodies[kind].copy() for kind in touched}}
        for change in delta.changes:
            if change.body is None:
                bodies[change.kind].pop(change.key, None)
            else:
                bodies[change.kind][change.key] = pack(change.kind, change.body)
        means = _by_id(bodies) if RecordKind.MEANS in touched else self._means
        people = _by_subject(bodies) if RecordKind.PERSON in touched else self._people
        names = self._names.apply(self._changed(RecordKind.CONNECTION, delta))
        services = self._changed(RecordKind.SERVICE, delta)
        owned, reached = self._owned.apply(services, by_owner), self._reached.apply(services, by_reach)
        campaigns = _by_service(bodies) if RecordKind.CAMPAIGN in touched else self._campaigns
        organisations = self._changed(RecordKind.ORGANISATION, delta)
        findable = self._findable.apply(services, organisations)
        helping = self._helping.apply(organisations, by_help)
        return Snapshot(
            delta.version, bodies, means, people, names, owned, reached, campaigns, findable, helping
        )

    def _changed(self, kind: RecordKind, delta: Delta) -> Changed:
        """Return the body before and after of each record of this kind that a delta touches."""
        after = {change.key: change.body for change in delta.changes if change.kind is kind}
        return [(self._body(kind, key), body) for key, body in after.items()]

    def _body(self, kind: RecordKind, key: Key) -> bytes | None:
        packed = self._bodies[kind].get(key)
        return None if packed is None else unpack(kind, packed)

    def organisation(self, id: OrganisationId) -> Organisation | None:  # noqa: A002 the word of the field
        """Find an organisation."""
        return cast("Organisation | None", self.record(RecordKind.ORGANISATION, Key(id)))

    def service(self, id: ServiceId) -> Service | None:  # noqa: A002
        """Find a service."""
        return cast("Service | None", self.record(RecordKind.SERVICE, Key(str(id))))

    def services_of(self, organisation: OrganisationId) -> frozenset[ServiceId]:
        """Return the services that an organisation has, open or not."""
        return _ids(self._owned, organisation)

    def representable(self) -> frozenset[ServiceId]:
        """Return all services that admit that people act for another there, open or not."""
        return _ids(self._reached, EVERY)

    def representable_of(self, organisation: OrganisationId) -> frozenset[ServiceId]:
        """Return those of them that an organisation has."""
        return _ids(self._reached, owner_key(organisation))

    def representable_in(self, group: str) -> frozenset[ServiceId]:
        """Return those of them that belong to a group of representation."""
        return _ids(self._reached, group_key(group))

    def helping(self, kvk: str = EVERY) -> tuple[OrganisationId, ...]:
        """Return the organisations that help people, open or not; of a KVK number those under it."""
        return tuple(OrganisationId(each) for each in self._helping.groups.get(kvk, ()))

    def representable_by(self, words: Sequence[str]) -> Iterator[ServiceId]:
        """Yield those that can have all these words, in part, in their name or their organisation's.

        Of several words only the rarest is looked for. Without words it is all of them, in the order of
        their names.
        """
        if not words:
            return (ServiceId(UUID(each)) for each in self._findable.titles.all())
        found = sorted((self._with_word(each) for each in words), key=len)
        return iter(found[0])

    def _with_word(self, word: str) -> list[ServiceId]:
        """Return those with a word in their name, then those of organisations with it in theirs."""
        groups = list(self._findable.services.with_part(word))
        for owners in self._findable.owners.with_part(word):
            groups += (self._reached.groups.get(owner_key(each), ()) for each in owners)
        ids = dict.fromkeys(islice(chain.from_iterable(groups), MOST_FOUND))
        return [ServiceId(UUID(each)) for each in ids]

    def client(self, id: ClientId) -> Client | None:  # noqa: A002
        """Find a client."""
        return cast("Client | None", self.record(RecordKind.CLIENT, Key(id)))

    def connection(self, id: ClientId) -> Connection | None:  # noqa: A002
        """Find a connection."""
        return cast("Connection | None", self.record(RecordKind.CONNECTION, Key(id)))

    def connection_of(self, entity_id: str) -> Connection | None:
        """Find the connection that goes by this name, or else the one cluster that a member of it is of.

        None for a provider in two clusters without a connection of its own: there the supplier's name says
        which is meant.
        """
        keys = self._names.own.get(entity_id) or self._names.members.get(entity_id, ())
        return self.connection(ClientId(keys[0])) if len(keys) == 1 else None

    def connections_named(self, entity_id: str) -> tuple[Key, ...]:
        """Return the ids of the connections that go by this name themselves; more than one is a mistake."""
        return self._names.own.get(entity_id, ())

    def entity(self, id: str) -> Entity | None:  # noqa: A002
        """Find a partner's metadata by its entity id."""
        return cast("Entity | None", self.record(RecordKind.ENTITY, Key(id)))

    def means(self, id: MeansId) -> AdmittedMeans | None:  # noqa: A002
        """Find an admitted means."""
        return cast("AdmittedMeans | None", self.record(RecordKind.MEANS, Key(id)))

    def campaign(self, id: CampaignId) -> Campaign | None:  # noqa: A002
        """Find a campaign."""
        return cast("Campaign | None", self.record(RecordKind.CAMPAIGN, Key(id)))

    def campaigns_at(self, service: ServiceId) -> tuple[Campaign, ...]:
        """Return the campaigns at a service, open or not, the most important first."""
        return self._campaigns.at(service)

    def record(self, kind: RecordKind, key: Key) -> Record | None:
        """Find a record by its kind and its id as text."""
        packed = self._bodies[kind].get(key)
        return None if packed is None else remembered(kind, packed)

    def holds(self, kind: RecordKind, key: Key) -> bool:
        """Tell whether there is a record of this kind and id, without reading it."""
        return key in self._bodies[kind]

    def all_means(self) -> tuple[AdmittedMeans, ...]:
        """Return every admitted means, open or not, ordered by id."""
        return self._means

    def role_holders(self, subject: str) -> tuple[RoleHolder, ...]:
        """Return the roles of the person whose pseudonym at the hub is `subject`, ordered by id."""
        return self._people.get(subject, ())

    def records(self, kind: RecordKind | None = None) -> Iterator[Record]:
        """Yield the records of one kind, or of all, reading each; in no particular order."""
        for each in RecordKind if kind is None else (kind,):
            for packed in self._bodies[each].values():
                yield opened(each, packed)

    def __len__(self) -> int:
        """Return how many records there are."""
        return sum(len(index) for index in self._bodies.values())


def _ids(grouped: Grouped, group: str) -> frozenset[ServiceId]:
    return frozenset(ServiceId(UUID(each)) for each in grouped.groups.get(group, ()))


def _by_id(bodies: Mapping[RecordKind, Index]) -> tuple[AdmittedMeans, ...]:
    means = [
        cast("AdmittedMeans", remembered(RecordKind.MEANS, packed))
        for packed in bodies[RecordKind.MEANS].values()
    ]
    return tuple(sorted(means, key=key_of))


def _by_service(bodies: Mapping[RecordKind, Index]) -> CampaignsAt:
    return CampaignsAt.of(
        cast("Campaign", remembered(RecordKind.CAMPAIGN, packed))
        for packed in bodies[RecordKind.CAMPAIGN].values()
    )


def _by_subject(bodies: Mapping[RecordKind, Index]) -> dict[str, tuple[RoleHolder, ...]]:
    people = [
        cast("RoleHolder", remembered(RecordKind.PERSON, packed))
        for packed in bodies[RecordKind.PERSON].values()
    ]
    found: dict[str, tuple[RoleHolder, ...]] = {}
    for holder in sorted(people, key=key_of):
        found[holder.subject] = (*found.get(holder.subject, ()), holder)
    return found

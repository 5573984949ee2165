"""Services for which people give mandates: found by name, and those that a scope reaches now."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Final
from uuid import UUID

from toegang.catalogue import gate
from toegang.catalogue.findable import words_of
from toegang.catalogue.values import OrganisationId, Service, ServiceId
from toegang.errors import Refusal
from toegang.mandates.demands import within
from toegang.mandates.scope import WIDE, Scope, ScopeKind, covering

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from toegang.assurance import Level
    from toegang.catalogue.representation import EdgeKind
    from toegang.catalogue.snapshot import Snapshot
    from toegang.catalogue.values import Text
    from toegang.catalogue.watch import Catalogue

_LOOKED: Final = 500
"""Services that are looked at for one search, whatever is found."""
_NAMING: Final = 20
"""Services of a group that are asked what it is called."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Width:
    """How wide a scope is now: which services it reaches, and which of the same it does not."""

    reached: tuple[Service, ...]
    left_out: tuple[Service, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MandatableInCatalogue:
    """mandates.stores.Mandatable over the catalogue as it is now."""

    catalogue: Catalogue

    def reached(self, scopes: Iterable[Scope], now: datetime) -> Sequence[Service]:
        """Return the open services that these scopes reach; of a named one that is closed, none."""
        snapshot, found = self.catalogue.current, dict[ServiceId, Service]()
        for scope in scopes:
            for id_ in _named(snapshot, scope):
                service = _open(snapshot, id_, now)
                if service is not None and any(each.covers(scope) for each in covering(service)):
                    found[service.id] = service
        return tuple(found.values())

    def find(self, words: str, kind: EdgeKind | None, most: int, now: datetime) -> Sequence[Service]:
        """Return the first services, by name, with these words in it, that admit a kind of mandate or any."""
        snapshot, wanted = self.catalogue.current, words_of(words)
        found: list[Service] = []
        for id_ in islice(snapshot.representable_by(wanted), _LOOKED):
            service = _open(snapshot, id_, now)
            if service is None or not _admits(service, kind):
                continue
            if all(word in self._text(service) for word in wanted):
                found.append(service)
            if not wanted and len(found) == most:
                break
        return sorted(found, key=lambda each: (each.names.nl.casefold(), str(each.id)))[:most]

    def wider(self, services: Iterable[Service]) -> Sequence[Scope]:
        """Return the groups and the providers by which these services are reached besides by name.

        Groups without a name are left out: nobody could tell what they give.
        """
        found = dict.fromkeys(
            Scope.parse(each.key)
            for service in services
            for each in covering(service)
            if Scope.parse(each.key).kind in WIDE
        )
        return tuple(each for each in found if self.called(each) is not None)

    def width(self, scope: Scope, kind: EdgeKind, level: Level, now: datetime) -> Width:
        """Tell how wide a scope is for a mandate of this kind, given at this level."""
        reached = self.reached((scope,), now)
        enough = within(kind, (scope,), reached, level)
        snapshot = self.catalogue.current
        others = (_open(snapshot, each, now) for each in sorted(_named(snapshot, scope), key=str))
        ids = {each.id for each in enough}
        return Width(
            reached=tuple(enough),
            left_out=tuple(each for each in others if each is not None and each.id not in ids),
        )

    def called(self, scope: Scope) -> Text | None:
        """Return what a scope is called; None for everything, and for what is gone from the catalogue."""
        snapshot = self.catalogue.current
        if scope.kind is ScopeKind.PROVIDER:
            organisation = snapshot.organisation(OrganisationId(scope.name))
            return None if organisation is None else organisation.names
        if scope.kind is ScopeKind.GROUP:
            return _group_called(snapshot, scope.name)
        try:
            service = snapshot.service(ServiceId(UUID(scope.name)))
        except ValueError:
            return None
        return None if service is None else service.names

    def _text(self, service: Service) -> str:
        owner = self.catalogue.current.organisation(service.organisation)
        names = (service.names, *(() if owner is None else (owner.names,)))
        return " ".join(f"{each.nl} {each.en}" for each in names).casefold()


def _admits(service: Service, kind: EdgeKind | None) -> bool:
    rules = service.representation
    return rules is not None and (kind is None or kind in rules.kinds)


def _open(snapshot: Snapshot, id_: ServiceId, now: datetime) -> Service | None:
    try:
        return gate.service_now(snapshot, id_, now)
    except Refusal:
        return None


def _named(snapshot: Snapshot, scope: Scope) -> Iterable[ServiceId]:
    """Return the services that a scope can reach, as far as its name says."""
    if scope.kind is ScopeKind.SERVICE:
        try:
            return (ServiceId(UUID(scope.name)),)
        except ValueError:
            return ()
    if scope.kind is ScopeKind.PROVIDER:
        return snapshot.representable_of(OrganisationId(scope.name))
    if scope.kind is ScopeKind.GROUP:
        return snapshot.representable_in(scope.name)
    return snapshot.representable()


def _group_called(snapshot: Snapshot, group: str) -> Text | None:
    for id_ in islice(sorted(snapshot.representable_in(group), key=str), _NAMING):
        service = snapshot.service(id_)
        rules = None if service is None else service.representation
        for each in (group for stage in rules.stages for group in stage.groups) if rules else ():
            if each.id == group and each.names is not None:
                return each.names
    return None

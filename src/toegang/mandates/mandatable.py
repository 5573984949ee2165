"""Services for which people give mandates: found by name, and those that a scope reaches now."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from toegang.catalogue import gate
from toegang.catalogue.representation import EdgeKind
from toegang.catalogue.values import OrganisationId, Service, ServiceId
from toegang.errors import Refusal
from toegang.mandates.scope import ScopeKind, covering

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import datetime

    from toegang.catalogue.snapshot import Snapshot
    from toegang.catalogue.watch import Catalogue
    from toegang.mandates.scope import Scope


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

    def find(self, words: str, most: int, now: datetime) -> Sequence[Service]:
        """Return the first services, by name, with these words in it, that people give mandates for."""
        wanted = words.casefold().split()
        found = [each for each in self._admitting(now) if all(word in self._text(each) for word in wanted)]
        return sorted(found, key=lambda each: (each.names.nl, str(each.id)))[:most]

    def _admitting(self, now: datetime) -> Iterator[Service]:
        snapshot = self.catalogue.current
        for id_ in snapshot.representable():
            service = _open(snapshot, id_, now)
            if service is not None and _admits(service):
                yield service

    def _text(self, service: Service) -> str:
        owner = self.catalogue.current.organisation(service.organisation)
        names = (service.names, *(() if owner is None else (owner.names,)))
        return " ".join(f"{each.nl} {each.en}" for each in names).casefold()


def _admits(service: Service) -> bool:
    return service.representation is not None and EdgeKind.VOLUNTARY in service.representation.kinds


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

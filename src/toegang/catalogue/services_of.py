"""Which services an organisation has: kept up with the catalogue, change by change."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import msgspec

from toegang.catalogue.values import OrganisationId, ServiceId

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


@dataclass(frozen=True, slots=True)
class ServicesOf:
    """The ids of services, by the organisation that they are of."""

    owned: Mapping[OrganisationId, frozenset[ServiceId]] = field(default_factory=dict)

    def apply(self, changed: Iterable[tuple[bytes | None, bytes | None]]) -> ServicesOf:
        """Return what organisations have after services changed, each from its body before to that after."""
        touched: dict[OrganisationId, set[ServiceId]] = {}
        for before, after in changed:
            if before is not None:
                service = _read(before)
                self._copied(service.organisation, touched).discard(service.id)
            if after is not None:
                service = _read(after)
                self._copied(service.organisation, touched).add(service.id)
        if not touched:
            return self
        owned = {**self.owned, **{owner: frozenset(services) for owner, services in touched.items()}}
        return ServicesOf({owner: services for owner, services in owned.items() if services})

    def _copied(self, owner: OrganisationId, touched: dict[OrganisationId, set[ServiceId]]) -> set[ServiceId]:
        """Return the services of one organisation, to change."""
        return touched.setdefault(owner, set(self.owned.get(owner, ())))


class _Owned(msgspec.Struct, frozen=True):
    """What is read of a service here: a tenth of the work of all of it."""

    id: ServiceId
    organisation: OrganisationId


_DECODER = msgspec.json.Decoder(_Owned)


def _read(body: bytes) -> _Owned:
    return _DECODER.decode(body)

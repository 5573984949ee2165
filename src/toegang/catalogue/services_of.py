"""Which services an organisation has: kept up with the catalogue, change by change.

Kept as tuples of text, which the collector of garbage does not walk through.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


@dataclass(frozen=True, slots=True)
class ServicesOf:
    """The ids of services as text, by the id of the organisation that they are of."""

    owned: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def apply(self, changed: Iterable[tuple[bytes | None, bytes | None]]) -> ServicesOf:
        """Return what organisations have after services changed, each from its body before to that after."""
        touched: dict[str, set[str]] = {}
        for before, after in changed:
            was, now = _read(before), _read(after)
            if was == now:
                continue
            if was is not None:
                self._copied(was.organisation, touched).discard(was.id)
            if now is not None:
                self._copied(now.organisation, touched).add(now.id)
        if not touched:
            return self
        owned = dict(self.owned)
        for owner, services in touched.items():
            owned[owner] = tuple(sorted(services))
            if not services:
                del owned[owner]
        return ServicesOf(owned)

    def _copied(self, owner: str, touched: dict[str, set[str]]) -> set[str]:
        """Return the services of one organisation, to change."""
        return touched.setdefault(owner, set(self.owned.get(owner, ())))


class _Owned(msgspec.Struct, frozen=True, gc=False):
    """What is read of a service here: a tenth of the work of all of it."""

    id: str
    organisation: str


_DECODER = msgspec.json.Decoder(_Owned)


def _read(body: bytes | None) -> _Owned | None:
    return None if body is None else _DECODER.decode(body)

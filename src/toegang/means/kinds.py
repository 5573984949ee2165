"""The kinds of means that exist: the word in the catalogue, and the code behind it.

A new kind is a package or module beside this one, and a line in `KINDS`. Which of them a hub runs with
is filled by app: each factory is handed its own door and nothing else.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from toegang.means.base import MeansKind
from toegang.means.citizen.desk import Desk
from toegang.means.citizen.kind import CitizenMeans

CITIZEN: Final = "citizen"

KINDS: Final[Mapping[str, Callable[[Desk], MeansKind]]] = MappingProxyType(
    {CITIZEN: lambda desk: CitizenMeans(desk=desk)}
)

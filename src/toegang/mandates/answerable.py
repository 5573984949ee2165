"""Answerable: by what somebody can act for whoever asks, because their answer can say all of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from toegang.catalogue.representation import EdgeKind
from toegang.mandates.party import PartyKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Answerable:
    """What an answer can say, and what is asked of it: by a path beyond this nobody acts there.

    `restrictions` says whether it can tell what an authority is restricted to. `parties` are who can be
    represented, `kinds` what the authority over them can be.
    """

    restrictions: bool = True
    parties: frozenset[PartyKind] = frozenset(PartyKind)
    kinds: frozenset[EdgeKind] = frozenset(EdgeKind)


ANYTHING: Final = Answerable()

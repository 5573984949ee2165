"""The desk of this room: the stores, keys and other rooms that life events are done with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from toegang.means.life.reports import Reports

if TYPE_CHECKING:
    from toegang.identity.life import Rule
    from toegang.identity.people import Person
    from toegang.keys.secret import FindingKey, SealingKey
    from toegang.means.app.values import AppStore
    from toegang.means.citizen.desk import Desk
    from toegang.means.citizen.operating import Operating
    from toegang.means.external.linking import Linking
    from toegang.means.life.store import KnowsLives, LifeStore, RestsOnDocuments
    from toegang.registers.events import Notice


@dataclass(frozen=True, slots=True, kw_only=True)
class LifeDesk:
    """Everything that life events need.

    `rests` are the rooms with something that rests on a document, `told` those that keep whether people live.
    """

    account: Desk
    operating: Operating
    apps: AppStore
    linking: Linking
    store: LifeStore
    sealing: SealingKey
    finding: FindingKey
    rests: tuple[RestsOnDocuments, ...] = ()
    told: tuple[KnowsLives, ...] = ()

    @property
    def reports(self) -> Reports:
        """What was heard of documents."""
        return Reports(store=self.store, finding=self.finding)


@dataclass(frozen=True, slots=True)
class Happening:
    """An event about a person of ours, and the rule for it."""

    rule: Rule
    notice: Notice
    person: Person

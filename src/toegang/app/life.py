"""Life events, wired: the register's list, the desk that they are done at, and the work of one round."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from toegang.app.elsewhere import links
from toegang.app.ground import read_text
from toegang.app.mandates import lives_of_parties
from toegang.app.metrics import NEWEST
from toegang.app.voluntary import reminding
from toegang.keys.secret import FindingKey, SealingKey
from toegang.means.card.reported import ReportedCards
from toegang.means.document.lowering import CheckedApps
from toegang.means.life import due
from toegang.means.life.desk import LifeDesk
from toegang.means.life.following import MOST, Following
from toegang.means.life.reports import Reports
from toegang.means.passkey.lowering import RaisedPasskeys
from toegang.registers.events_http import HttpRegisterEvents
from toegang.storage.apps import AppTable
from toegang.storage.cards import CardTable
from toegang.storage.life import LifeTables
from toegang.storage.passkeys import PasskeyTable

if TYPE_CHECKING:
    from datetime import datetime

    from toegang.app.ground import Ground
    from toegang.mandates.reminding import Reminding
    from toegang.means.citizen.accounts import Accounts


@dataclass(frozen=True, slots=True, kw_only=True)
class Life:
    """What goes on beside requests: what is due, and the register's events where they are followed."""

    ground: Ground
    desk: LifeDesk
    following: Following
    reminding: Reminding

    async def round(self, now: datetime) -> bool:
        """Do what there is now; tell whether there may be more at once."""
        came_due = await due.come(self.desk, now)
        heard = await self.following.look(now) if self.ground.settings.population.events else 0
        reminded = await self.reminding.round(now)
        await self._tell(now)
        return came_due == due.MOST or heard == MOST or reminded

    async def _tell(self, now: datetime) -> None:
        gauge, feed = self.ground.metrics.gauge, await self.desk.store.feed()
        gauge("toegang_life_events_aside", "Events of the register that wait for an operator.", NEWEST).set(
            await self.desk.store.count_aside()
        )
        gauge("toegang_register_unheard_seconds", "Since the register told its events last.", NEWEST).set(
            max(0.0, (now - feed.heard_at).total_seconds()) if feed else 0
        )


def life(ground: Ground, accounts: Accounts) -> Life:
    """Open it."""
    party = ground.settings.population
    account, apps = accounts.signing_in.desk, AppTable(ground.database)
    desk = LifeDesk(
        account=account,
        operating=accounts.operating,
        apps=apps,
        rests=(
            CheckedApps(account=account, apps=apps),
            RaisedPasskeys(account=account, passkeys=PasskeyTable(ground.database)),
            ReportedCards(account=account, cards=CardTable(ground.database)),
        ),
        told=(lives_of_parties(ground),),
        linking=links(ground, accounts),
        store=LifeTables(ground.database),
        sealing=SealingKey.derive({1: ground.secrets.seal}, "life event"),
        finding=reports(ground).finding,
    )
    register = HttpRegisterEvents(outbound=ground.outbound, url=party.url, secret=read_text(party.token_file))
    return Life(
        ground=ground,
        desk=desk,
        following=Following(desk=desk, register=register),
        reminding=reminding(ground),
    )


def reports(ground: Ground) -> Reports:
    """Open what was heard of documents."""
    finding = FindingKey.derive(ground.secrets.find, "life event")
    return Reports(store=LifeTables(ground.database), finding=finding)

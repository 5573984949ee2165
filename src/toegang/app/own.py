"""What people do for themselves in My account, beyond their accounts and means, wired."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from toegang.login.floor import OwnFloor
from toegang.means.app.listed import AppLister
from toegang.means.card.listed import CardLister
from toegang.means.citizen.listed import AccountLister
from toegang.means.external.listed import LinkLister
from toegang.means.passkey.listed import PasskeyLister
from toegang.provider.everywhere import Everywhere
from toegang.provider.own_data import (
    AccountData,
    DeviceData,
    LoginData,
    MeansData,
    OwnData,
    SessionData,
    TrailData,
)
from toegang.provider.own_mandates import MandateData
from toegang.provider.own_trail import OwnTrail
from toegang.provider.own_use import LastUses
from toegang.storage.cards import CardTable
from toegang.storage.decisions import DecisionsStore
from toegang.storage.edge_lists import EdgeLists
from toegang.storage.floors import FloorTable
from toegang.storage.passkeys import PasskeyTable
from toegang.storage.tree import TreeTables
from toegang.web.rooms import Mine

if TYPE_CHECKING:
    from toegang.app.ground import Ground
    from toegang.catalogue.watch import Catalogue
    from toegang.means.app.apps import Apps
    from toegang.means.citizen.accounts import Accounts
    from toegang.means.external.linking import Linking
    from toegang.means.listed import Lister
    from toegang.provider.logout.leave import Logouts


@dataclass(frozen=True, slots=True, kw_only=True)
class Own:
    """What a person has: the account, its apps, linked means of other parties."""

    accounts: Accounts
    apps: Apps
    linking: Linking


def mine(ground: Ground, own: Own, logouts: Logouts, catalogue: Catalogue) -> Mine:
    """Open My account; a new kind of means joins the list of what somebody has with its line here."""
    decisions = DecisionsStore(ground.database)
    uses = LastUses(decisions=decisions, clock=ground.clock)
    listers: tuple[Lister, ...] = (
        AccountLister(desk=own.accounts.own.desk, uses=uses),
        AppLister(apps=own.apps.own.desk.apps),
        PasskeyLister(passkeys=PasskeyTable(ground.database)),
        CardLister(cards=CardTable(ground.database)),
        LinkLister(linking=own.linking, catalogue=catalogue),
    )
    return Mine(
        listers=listers,
        everywhere=Everywhere(logouts=logouts, own=own.accounts.own, linking=own.linking),
        data=_data(ground, own, logouts, listers, decisions),
        floor=own_floor(ground, own.accounts),
        trail=OwnTrail(trail=ground.trail, prover=TreeTables(database=ground.database), decisions=decisions),
    )


def _data(
    ground: Ground, own: Own, logouts: Logouts, listers: tuple[Lister, ...], decisions: DecisionsStore
) -> OwnData:
    """Open what a person can have of their data; a room that keeps more joins with its line here."""
    desk = own.accounts.own.desk
    return OwnData(
        own=own.accounts.own,
        sources=(
            AccountData(desk=desk, floors=FloorTable(ground.database)),
            MeansData(listers=listers),
            DeviceData(desk=desk),
            SessionData(grants=logouts.grants),
            LoginData(decisions=decisions),
            MandateData(lists=EdgeLists(ground.database)),
            TrailData(trail=ground.trail),
        ),
    )


def own_floor(ground: Ground, accounts: Accounts) -> OwnFloor:
    """Open the lowest levels."""
    return OwnFloor(floors=FloorTable(ground.database), own=accounts.own)

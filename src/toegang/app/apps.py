"""The app, wired: what is kept of it, and who is told when a page's app has done something."""

from __future__ import annotations

from typing import TYPE_CHECKING

from toegang.keys.secret import SealingKey
from toegang.means.app.apps import Apps
from toegang.means.app.desk import AppDesk, AppMemory, Contact, Waiting
from toegang.means.app.pairing import Pairing
from toegang.means.app.policy import AppPolicy
from toegang.means.app.watching import Watcher
from toegang.storage import ExpiringStore
from toegang.storage.apps import AppChanges, AppTable

if TYPE_CHECKING:
    from toegang.app.ground import Ground
    from toegang.catalogue.watch import Catalogue
    from toegang.means.citizen.accounts import Accounts


def apps(ground: Ground, catalogue: Catalogue, accounts: Accounts) -> Apps:
    """Open the apps of citizen accounts."""
    database = ground.database
    return Apps.at(
        AppDesk(
            issuer=ground.settings.hub.issuer,
            account=accounts.signing_in.desk,
            apps=AppTable(database),
            memory=AppMemory(
                pairings=ExpiringStore(database, "app-pairing", Pairing),
                contacts=ExpiringStore(database, "app-contact", Contact),
                codes=ExpiringStore(database, "app-code", str),
                waiting=ExpiringStore(database, "app-waiting", Waiting),
                sessions=ExpiringStore(database, "app-session", str),
            ),
            watcher=Watcher(AppChanges(database), ground.clock),
            catalogue=catalogue,
            sealing=SealingKey.derive({1: ground.secrets.seal}, "app"),
            policy=AppPolicy(),
        )
    )

"""The app, wired: what is kept of it, and who is told when a page's app has done something."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from toegang.app.documents import offers_checks
from toegang.assurance import Level
from toegang.errors import Misconfigured
from toegang.keys.push import PushKey
from toegang.keys.secret import SealingKey
from toegang.means.app.apps import Apps
from toegang.means.app.desk import AppDesk, AppMemory, Contact, Waiting
from toegang.means.app.pairing import Pairing
from toegang.means.app.policy import AppPolicy
from toegang.means.app.visits import Case, DeskRule
from toegang.means.app.watching import Watcher
from toegang.post.push import PushCarrier, PushOrigins, PushPost
from toegang.storage import ExpiringStore
from toegang.storage.apps import AppChanges, AppTable

if TYPE_CHECKING:
    from toegang.app.ground import Ground
    from toegang.catalogue.watch import Catalogue
    from toegang.means.citizen.accounts import Accounts

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)  # a key that is made of a secret has no beginning


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
                asks=ExpiringStore(database, "app-ask", str),
                known=ExpiringStore(database, "app-known", str),
                called=ExpiringStore(database, "app-called", str),
                cases=ExpiringStore(database, "desk-case", Case),
                desk_codes=ExpiringStore(database, "desk-code", str),
            ),
            watcher=Watcher(AppChanges(database), ground.clock, ground.settings.listen.pages),
            catalogue=catalogue,
            sealing=SealingKey.derive({1: ground.secrets.seal}, "app"),
            push=PushPost(
                outbox=ground.outbox,
                ids=ground.ids,
                services=PushOrigins.parse(ground.settings.push.services),
                public=push_key(ground).public,
            ),
            policy=AppPolicy(),
            highest=Level.SUBSTANTIAL if offers_checks(ground.settings) else Level.LOW,
        ),
        desk_rule(ground),
    )


def desk_rule(ground: Ground) -> DeskRule:
    """Return the rule of the desks.

    Raises:
        Misconfigured: the level is none.

    """
    desks = ground.settings.desks
    level = next((level for level in Level if level.name.lower() == desks.level), None)
    if level is None or level < Level.LOW:
        message = "desks.level is `low`, `substantial` or `high`"
        raise Misconfigured(message)
    return DeskRule(level=level, second=desks.second_officer)


def push_key(ground: Ground) -> PushKey:
    """Return the key by which push services know us; it changes only when the secret does."""
    return PushKey.derive(ground.secrets.seal, EPOCH)


def push_carrier(ground: Ground, apps: Apps) -> PushCarrier:
    """Open who brings notices to push services."""
    hub = ground.settings.hub
    return PushCarrier(
        outbound=ground.outbound,
        services=apps.subscribing.desk.push.services,
        key=push_key(ground),
        contact=f"mailto:{hub.help_mail}" if hub.help_mail else hub.issuer,
        subscribers=apps.subscribing,
        clock=ground.clock,
    )

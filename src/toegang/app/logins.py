"""The room of the login itself, wired: every role that can ask one, and by what people act for others."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from toegang.app.climbing import inviting
from toegang.app.systems import known_pseudonyms
from toegang.login.advancing import Advancing
from toegang.login.authorities import Authorities
from toegang.login.choosing import Choosing
from toegang.login.ending import Ending
from toegang.login.flow import Logins
from toegang.login.session import Resting, Session, Sessions
from toegang.login.transaction import Transaction
from toegang.login.usable import Usable
from toegang.mandates.bounds import Bounds, Counted
from toegang.provider.linking import PROVIDER as LINKING
from toegang.provider.oidc.answer import OpenIdAnswerer
from toegang.provider.oidc.letter import PROVIDER as OIDC
from toegang.pseudonyms import Pairwise
from toegang.storage import ExpiringStore
from toegang.storage.bearings import BearingTables
from toegang.storage.decisions import DecisionsStore

if TYPE_CHECKING:
    from collections.abc import Mapping

    from toegang.app.ground import Ground
    from toegang.app.parts import Doors, Shared
    from toegang.catalogue.watch import Catalogue
    from toegang.login.answer import Answerer
    from toegang.web.rooms import Representing


def openid_answerer(ground: Ground, catalogue: Catalogue, stores: Shared) -> OpenIdAnswerer:
    """Open the role that answers OpenID Connect clients."""
    return OpenIdAnswerer(
        catalogue=catalogue,
        grants=stores.grants,
        pushed=stores.pushed,
        pairwise=Pairwise(ground.secrets.pairwise),
        names=known_pseudonyms(ground),
        ids=ground.ids,
    )


def logins(
    ground: Ground, authorities: Authorities, doors: Doors, stores: Shared, others: Mapping[str, Answerer]
) -> Logins:
    """Open the room."""
    database, settings, catalogue = ground.database, ground.settings, authorities.catalogue
    openid = openid_answerer(ground, catalogue, stores)
    answerers: dict[str, Answerer] = {OIDC: openid, LINKING: doors.proposals, **others}
    transactions = ExpiringStore(database, "login-transaction", Transaction)
    ending = Ending(
        catalogue=catalogue,
        sessions=Sessions(
            store=ExpiringStore(database, "login-session", Session),
            resting=ExpiringStore(database, "login-resting", Resting),
            ids=ground.ids,
            lifetime=timedelta(seconds=settings.login.session_lifetime),
        ),
        decisions=DecisionsStore(database),
        trail=ground.trail,
        stating=authorities.mandates.stating,
        answerers=answerers,
    )
    advancing = Advancing(
        units=ground.units,
        transactions=transactions,
        ending=ending,
        inviting=inviting(ground, catalogue),
        authorities=authorities,
    )
    usable = Usable(catalogue=catalogue, kinds=doors.kinds, bearings=BearingTables(database))
    return Logins(
        units=ground.units,
        transactions=transactions,
        sessions=ending.sessions,
        decisions=ending.decisions,
        ending=ending,
        trail=ground.trail,
        catalogue=catalogue,
        kinds=doors.kinds,
        linking=doors.linking,
        usable=usable,
        advancing=advancing,
        choosing=Choosing(
            authorities=authorities,
            advancing=advancing,
            usable=usable,
            bounds=Bounds(store=ExpiringStore(database, "mandate-counted", Counted)),
            ids=ground.ids,
        ),
        ids=ground.ids,
        lifetime=timedelta(seconds=settings.login.lifetime),
    )


def authorities(catalogue: Catalogue, represented: Representing) -> Authorities:
    """Open what asks by what people act for others."""
    return Authorities(
        catalogue=catalogue,
        mandates=represented.mandates,
        gathering=represented.gathering,
        numbers=represented.numbers,
        by_name=represented.by_name,
        rechecking=represented.rechecking,
    )

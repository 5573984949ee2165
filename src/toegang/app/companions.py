"""What belongs to a citizen account and goes with it when it is stopped, of every kind that there is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from toegang.means.app.standing import AppsOfAccount
from toegang.means.citizen.account import Together
from toegang.means.external.ending import LinkEnds
from toegang.means.passkey.standing import PasskeysOfAccount
from toegang.storage.apps import AppTable
from toegang.storage.links import LinkTable
from toegang.storage.passkeys import PasskeyTable

if TYPE_CHECKING:
    from toegang.audit.trail import Trail
    from toegang.ids import Ids
    from toegang.post.outbox import Outbox
    from toegang.storage import Database


def companions(database: Database, trail: Trail) -> Together:
    """Return them, as one."""
    return Together(
        (
            AppsOfAccount(apps=AppTable(database), trail=trail),
            PasskeysOfAccount(passkeys=PasskeyTable(database), trail=trail),
        )
    )


def linked_means(database: Database, trail: Trail, outbox: Outbox, ids: Ids) -> LinkEnds:
    """Return what ends the links that were made with an account."""
    return LinkEnds(links=LinkTable(database), outbox=outbox, trail=trail, ids=ids)

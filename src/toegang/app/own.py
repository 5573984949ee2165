"""What people do for themselves in My account, beyond their accounts and means, wired."""

from __future__ import annotations

from typing import TYPE_CHECKING

from toegang.login.floor import OwnFloor
from toegang.storage.floors import FloorTable

if TYPE_CHECKING:
    from toegang.app.ground import Ground
    from toegang.means.citizen.accounts import Accounts


def own_floor(ground: Ground, accounts: Accounts) -> OwnFloor:
    """Open the lowest levels."""
    return OwnFloor(floors=FloorTable(ground.database), own=accounts.own)

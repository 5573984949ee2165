"""The door of passkeys: one attribute per journey, and the means that logins use."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

from toegang.means.passkey.kind import PasskeyMeans
from toegang.means.passkey.logging_in import LoggingIn
from toegang.means.passkey.own_passkeys import OwnPasskeys

if TYPE_CHECKING:
    from toegang.means.passkey.desk import PasskeyDesk


@dataclass(frozen=True, slots=True, kw_only=True)
class Passkeys:
    """What handlers may do with passkeys; every journey works at the same desk."""

    logging_in: LoggingIn
    own: OwnPasskeys
    means: PasskeyMeans

    @classmethod
    def at(cls, desk: PasskeyDesk) -> Self:
        """Open the door at a desk."""
        return cls(logging_in=LoggingIn(desk=desk), own=OwnPasskeys(desk=desk), means=PasskeyMeans(desk=desk))

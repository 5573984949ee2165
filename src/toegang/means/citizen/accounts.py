"""The door of the citizen account: one attribute per journey, and the means that logins use."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

from toegang.means.citizen.applying import Applying
from toegang.means.citizen.by_desk import ByDesk
from toegang.means.citizen.kind import CitizenMeans
from toegang.means.citizen.misuse import Reporting
from toegang.means.citizen.operating import Operating
from toegang.means.citizen.own_account import OwnAccount
from toegang.means.citizen.own_notices import OwnNotices
from toegang.means.citizen.recovering import Recovering
from toegang.means.citizen.signing_in import SigningIn

if TYPE_CHECKING:
    from toegang.means.citizen.desk import Desk


@dataclass(frozen=True, slots=True, kw_only=True)
class Accounts:
    """What handlers may do with citizen accounts; every journey works at the same desk."""

    applying: Applying
    by_desk: ByDesk
    signing_in: SigningIn
    recovering: Recovering
    reporting: Reporting
    own: OwnAccount
    own_notices: OwnNotices
    operating: Operating
    means: CitizenMeans

    @classmethod
    def at(cls, desk: Desk) -> Self:
        """Open the door at a desk."""
        own = OwnAccount(desk=desk)
        return cls(
            applying=Applying(desk=desk),
            by_desk=ByDesk(desk=desk),
            signing_in=SigningIn(desk=desk),
            recovering=Recovering(desk=desk),
            reporting=Reporting(desk=desk),
            own=own,
            own_notices=OwnNotices(own=own),
            operating=Operating(desk=desk),
            means=CitizenMeans(desk=desk),
        )

"""An application that is complete becomes an account, whichever way its person was proven."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from toegang.errors import ValueRefused
from toegang.identity.numbers import Bsn
from toegang.means.citizen.account import Account, AccountId, Status

if TYPE_CHECKING:
    from datetime import datetime

    from toegang.identity.people import PersonId
    from toegang.means.citizen.desk import Desk
    from toegang.means.citizen.records import Application

SEALED_FOR: Final = b"bsn of application"


def seal_bsn(desk: Desk, bsn: Bsn) -> bytes:
    """Seal whose application it is."""
    return desk.keys.sealing.seal(bsn.digits.encode(), SEALED_FOR)


def bsn_of(desk: Desk, kept: Application) -> Bsn:
    """Open it."""
    return Bsn.parse(desk.keys.sealing.open(kept.bsn, SEALED_FOR).decode())


def requested(
    kept: Application, id_: AccountId, person: PersonId | None, until: datetime, now: datetime
) -> Account:
    """Return the account of an application, to be activated before `until`."""
    return Account(
        id=id_,
        person=person,
        status=Status.REQUESTED,
        name=kept.name,
        password=kept.password,
        language=kept.language,
        since=now,
        until=until,
        number=kept.number if kept.number_confirmed else None,
        number_since=now if kept.number_confirmed else None,
        checked_at=now,
        large_print=kept.large_print,
    )


def taken() -> ValueRefused:
    """Return the refusal of a user name that somebody else has."""
    return ValueRefused("name", "name.taken")

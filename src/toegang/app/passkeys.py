"""Passkeys, wired: who we are to browsers, what is kept, and which models the operator's files vouch for."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit
from uuid import UUID

from toegang import log
from toegang.errors import Malformed, Misconfigured
from toegang.keys.chains import read_roots
from toegang.means.passkey.ceremonies import Site
from toegang.means.passkey.desk import Asked, PasskeyDesk, PasskeyMemory, Registration
from toegang.means.passkey.known_models import Models, read_metadata
from toegang.means.passkey.passkeys import Passkeys
from toegang.means.passkey.policy import PasskeyPolicy
from toegang.storage import ExpiringStore
from toegang.storage.passkeys import PasskeyTable

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from toegang.app.ground import Ground
    from toegang.catalogue.watch import Catalogue
    from toegang.config import Passkeys as Settings
    from toegang.means.citizen.accounts import Accounts


def passkeys(ground: Ground, catalogue: Catalogue, accounts: Accounts) -> Passkeys:
    """Open the passkeys of citizen accounts.

    Raises:
        Misconfigured: a file of models cannot be read or believed.

    """
    database, hub = ground.database, ground.settings.hub
    return Passkeys.at(
        PasskeyDesk(
            site=Site(rp_id=urlsplit(hub.issuer).hostname or "", origin=hub.issuer, name=hub.name),
            account=accounts.signing_in.desk,
            passkeys=PasskeyTable(database),
            memory=PasskeyMemory(
                asked=ExpiringStore(database, "passkey-asked", Asked),
                challenges=ExpiringStore(database, "passkey-challenge", str),
                registrations=ExpiringStore(database, "passkey-registration", Registration),
            ),
            catalogue=catalogue,
            models=models(ground.settings.passkeys, ground.clock.now()),
            policy=PasskeyPolicy(),
        )
    )


def models(settings: Settings, now: datetime) -> Models:
    """Read what the operator laid ready.

    Raises:
        Misconfigured: a file cannot be read or believed; the text says which.

    """
    found = Models()
    if settings.metadata is not None:
        if settings.metadata_root is None:
            message = "passkeys.metadata needs passkeys.metadata_root, the pinned root of its signer"
            raise Misconfigured(message)
        roots = _roots(settings.metadata_root)
        found = read_metadata(_octets(settings.metadata), roots, now)
        if found.renewed_by is not None and now.date() > found.renewed_by:
            log.event("passkey:metadata-old", renewed_by=found.renewed_by.isoformat())
    return found.beside(_laid_ready(settings.roots)) if settings.roots else found


def _laid_ready(folder: Path) -> dict[str, tuple[bytes, ...]]:
    """Read the roots of each model from the file with its AAGUID as name."""
    found: dict[str, tuple[bytes, ...]] = {}
    if not folder.is_dir():
        message = f"passkeys.roots: {folder} is no folder"
        raise Misconfigured(message)
    for path in sorted(folder.glob("*.pem")):
        try:
            found[str(UUID(path.stem))] = _roots(path)
        except ValueError:
            message = f"passkeys.roots: {path.name} is not named after an AAGUID"
            raise Misconfigured(message) from None
    return found


def _roots(path: Path) -> tuple[bytes, ...]:
    try:
        return read_roots(_octets(path))
    except Malformed as error:
        message = f"{path}: {error.detail}"
        raise Misconfigured(message) from error


def _octets(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        message = f"cannot read {path}: {error.strerror}"
        raise Misconfigured(message) from error

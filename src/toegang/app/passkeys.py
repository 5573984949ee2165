"""Passkeys, wired: who we are to browsers, what is kept, and which models the operator's files vouch for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit
from uuid import UUID

from toegang import log
from toegang.errors import Malformed, Misconfigured
from toegang.keys.chains import read_roots
from toegang.keys.revocation import RevocationLists
from toegang.means.passkey.ceremonies import Site
from toegang.means.passkey.desk import Asked, PasskeyDesk, PasskeyMemory, Registration
from toegang.means.passkey.known_models import KnownModels
from toegang.means.passkey.metadata import Pinned, read_metadata
from toegang.means.passkey.passkeys import Passkeys
from toegang.means.passkey.policy import PasskeyPolicy
from toegang.storage import ExpiringStore
from toegang.storage.known_models import KnownModelTable
from toegang.storage.passkeys import PasskeyTable

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from toegang.app.ground import Ground
    from toegang.app.parts import Shared
    from toegang.catalogue.watch import Catalogue
    from toegang.config import Passkeys as Settings
    from toegang.means.citizen.accounts import Accounts
    from toegang.means.passkey.known_models import Roots
    from toegang.means.passkey.metadata import Metadata


def passkeys(ground: Ground, catalogue: Catalogue, accounts: Accounts, stores: Shared) -> Passkeys:
    """Open the passkeys of citizen accounts."""
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
            models=stores.models,
            policy=PasskeyPolicy(),
        )
    )


async def known_models(ground: Ground) -> KnownModels:
    """Open the models of authenticators, with what the operator laid ready.

    Raises:
        Misconfigured: a file cannot be read or believed, and nothing was believed before.
        Unavailable: the database does not answer.

    """
    found = KnownModels(
        files=FilesOfModels(settings=ground.settings.passkeys),
        store=KnownModelTable(ground.database),
        units=ground.units,
        trail=ground.trail,
    )
    await found.look(ground.clock.now())
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class FilesOfModels:
    """means.passkey.known_models.ModelFiles: what the settings point at."""

    settings: Settings

    @property
    def pinned(self) -> tuple[bytes, ...]:
        """The roots that the metadata must lead to; none where there is no metadata."""
        if self.settings.metadata is None:
            return ()
        if self.settings.metadata_root is None:
            message = "passkeys.metadata needs passkeys.metadata_root, the pinned root of its signer"
            raise Misconfigured(message)
        return _roots(self.settings.metadata_root)

    def stamp(self) -> tuple[tuple[str, int, int], ...]:
        """Return the moment and size of every file."""
        known = self.settings
        files = [each for each in (known.metadata, known.metadata_root) if each is not None]
        for folder in (known.roots, known.metadata_lists):
            files += _files(folder) if folder is not None and folder.is_dir() else []
        return tuple(_seen(each) for each in files)

    def roots(self) -> Roots:
        """Read the roots of each model from the file with its AAGUID as name."""
        found: Roots = {}
        for path in self._root_files():
            try:
                found[str(UUID(path.stem))] = _roots(path)
            except ValueError:
                message = f"passkeys.roots: {path.name} is not named after an AAGUID"
                raise Misconfigured(message) from None
        return found

    def _root_files(self) -> list[Path]:
        folder = self.settings.roots
        return [each for each in _files(folder) if each.suffix == ".pem"] if folder is not None else []

    def metadata(self, now: datetime) -> Metadata:
        """Read the metadata."""
        if self.settings.metadata is None:
            message = "passkeys.metadata is not set"
            raise Misconfigured(message)
        pinned = Pinned(roots=self.pinned, lists=self._lists(now))
        return read_metadata(_octets(self.settings.metadata), pinned, now)

    def _lists(self, now: datetime) -> RevocationLists | None:
        folder = self.settings.metadata_lists
        if folder is None:
            return None
        try:
            found = RevocationLists.read([_octets(each) for each in _files(folder)])
        except Malformed as error:
            message = f"{folder}: {error.detail}"
            raise Misconfigured(message) from error
        if now >= found.due:
            log.warning("passkey:metadata-lists-old", due=found.due.isoformat())
        return found


def _files(folder: Path) -> list[Path]:
    if not folder.is_dir():
        message = f"{folder} is no folder"
        raise Misconfigured(message)
    return sorted(each for each in folder.iterdir() if each.is_file())


def _seen(path: Path) -> tuple[str, int, int]:
    try:
        stat = path.stat()
    except OSError:
        return (str(path), 0, 0)
    return (str(path), stat.st_mtime_ns, stat.st_size)


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

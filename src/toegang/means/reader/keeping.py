"""What was said in a session, sealed: whoever reads the database learns nothing of a person or a chip."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec

from toegang.errors import OneTimeGone, ProofInvalid
from toegang.means.reader.conversation import Talk

if TYPE_CHECKING:
    from datetime import datetime

    from toegang.keys.secret import SealingKey
    from toegang.units import Expiring, Unit


@dataclass(frozen=True, slots=True, kw_only=True)
class Talks:
    """Keeps them, by the id of their session."""

    kept: Expiring[bytes]
    sealing: SealingKey

    async def keep(self, unit: Unit, id_: str, talk: Talk, until: datetime) -> None:
        """Keep what was said so far, in the place of what stood there."""
        sealed = self.sealing.seal(msgspec.msgpack.encode(talk), b"reader talk " + id_.encode())
        await self.kept.keep(unit, id_, sealed, until)

    async def find(self, id_: str, now: datetime) -> Talk:
        """Return what was said so far.

        Raises:
            OneTimeGone: there is nothing any more.

        """
        sealed = await self.kept.find(id_, now)
        if sealed is None:
            raise OneTimeGone
        try:
            opened = self.sealing.open(sealed, b"reader talk " + id_.encode())
            return msgspec.msgpack.decode(opened, type=Talk)
        except (ProofInvalid, msgspec.ValidationError):
            # Sealed by another key or written by another version: gone, which costs a person one retry.
            raise OneTimeGone from None

    async def drop(self, unit: Unit, id_: str) -> None:
        """Forget it: what a chip said is needed no longer than until it was judged."""
        await self.kept.drop(unit, id_)

    def seal_result(self, id_: str, result: bytes) -> bytes:
        """Seal what the page will take; nothing stays nothing."""
        return self.sealing.seal(result, b"reader result " + id_.encode()) if result else b""

    def open_result(self, id_: str, sealed: bytes) -> bytes:
        """Open it."""
        return self.sealing.open(sealed, b"reader result " + id_.encode()) if sealed else b""

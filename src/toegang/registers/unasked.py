"""A register that this hub does not ask: as silent as one that is down, so that nothing rests on it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NoReturn

from toegang.errors import Unavailable

if TYPE_CHECKING:
    from toegang.identity.numbers import Bsn, KvkNumber
    from toegang.registers.spoken import Holder


@dataclass(frozen=True, slots=True)
class Unasked:
    """Stands where a register would; `setting` names the setting that would make it one."""

    setting: str

    async def find(self, asked: Bsn | KvkNumber | frozenset[Bsn]) -> NoReturn:  # noqa: ARG002 the register's form
        """Tell nothing.

        Raises:
            Unavailable: always.

        """
        self._silent()

    async def held_by(self, holder: Holder, after: str, most: int) -> NoReturn:  # noqa: ARG002
        """Tell nothing.

        Raises:
            Unavailable: always.

        """
        self._silent()

    def _silent(self) -> NoReturn:
        message = f"no register: {self.setting} is not set"
        raise Unavailable(message)

"""Password hashing: Argon2id over a keyed hash, in a small pool of threads with a short queue.

A stored hash is `<pepper version>$argon2id$...`. The pepper (an HMAC key outside the database) makes a
stolen table useless without it; versions let it be replaced while people log in.
"""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError

from toegang.errors import Misconfigured, Unavailable
from toegang.means.citizen.passwords import check_password, normal

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from toegang.keys.secret import FindingKey

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """NIST-SP800-63B-3.1.1.2: what one hash costs, in KiB of memory and passes over it; one lane each.

    Accounts keep the cost they were hashed at until they next log in, while nobody's name costs what is
    set here. So raising it lets time tell, until then, who has not logged in since (security line L03).
    """

    memory: int = 19 * 1024
    passes: int = 2


class Hasher:
    """Hashes and verifies passwords; at most `queue` wait for one of `threads`.

    `done` counts the hashes computed, `waiting` those asked for and not finished; both for the metrics.
    """

    def __init__(
        self,
        peppers: Mapping[int, FindingKey],
        *,
        cost: Cost | None = None,
        threads: int = 2,
        queue: int = 64,
    ) -> None:
        """Begin with the peppers by version; the highest one is used for new hashes.

        Raises:
            Misconfigured: no pepper.

        """
        if not peppers:
            message = "password hashing needs at least one pepper"
            raise Misconfigured(message)
        cost = cost or Cost()
        self.done = 0
        self.waiting = 0
        self._peppers = dict(peppers)
        self._newest = max(peppers)
        self._argon2 = PasswordHasher(time_cost=cost.passes, memory_cost=cost.memory, parallelism=1)
        self._most = threads + queue
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="password")
        # zxcvbn keeps the words of the caller in a table of its module: one at a time.
        self._judge = ThreadPoolExecutor(1, thread_name_prefix="password-strength")
        # Verified against when nobody has the name; nothing fits it, for it was made of another input.
        self._nobody = f"{self._newest}{self._argon2.hash(b'nobody')}"

    async def judge(self, typed: str, context: tuple[str, ...]) -> str:
        """Return a new password in its normal form.

        Raises:
            PasswordTooWeak: with reasons as message keys.
            Unavailable: too many people wait already.

        """
        return await self._in(self._judge, lambda: check_password(typed, context))

    async def hash(self, password: str) -> str:
        """Hash a password for storing.

        Raises:
            Unavailable: too many people wait already.

        """
        peppered = self._pepper(password, self._newest)
        hashed = await self._in(self._threads, lambda: self._argon2.hash(peppered))
        self.done += 1
        return f"{self._newest}{hashed}"

    async def verify(self, stored: str | None, password: str) -> bool:
        """Tell whether the whole password fits; None (nobody has the name) costs the same and never fits.

        Raises:
            Unavailable: too many people wait already.

        """
        version, argon2 = self._parts(stored or self._nobody)
        peppered = self._pepper(password, version)
        fits = await self._in(self._threads, lambda: self._fits(argon2, peppered))
        self.done += 1
        return fits and stored is not None

    def is_outdated(self, stored: str) -> bool:
        """Tell whether the password should be hashed again, for a newer pepper or a higher cost."""
        version, argon2 = self._parts(stored)
        return version != self._newest or self._argon2.check_needs_rehash(argon2)

    def close(self) -> None:
        """Let the threads go once they are done."""
        self._threads.shutdown()
        self._judge.shutdown()

    def _pepper(self, password: str, version: int) -> bytes:
        pepper = self._peppers.get(version)
        if pepper is None:
            message = f"pepper {version} is still in use and not here"
            raise Misconfigured(message)
        return pepper.find(normal(password).encode("utf-8", "surrogatepass"))

    def _parts(self, stored: str) -> tuple[int, str]:
        version, _, argon2 = stored.partition("$")
        return int(version), f"${argon2}"

    def _fits(self, argon2: str, peppered: bytes) -> bool:
        try:
            return self._argon2.verify(argon2, peppered)
        except (Argon2Error, InvalidHashError):
            return False

    async def _in(self, pool: ThreadPoolExecutor, work: Callable[[], T]) -> T:
        if self.waiting >= self._most:
            message = "the queue for password hashing is full"
            raise Unavailable(message, retry_after=2)
        self.waiting += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(pool, work)
        finally:
            self.waiting -= 1

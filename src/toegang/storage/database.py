"""One database, whichever engine: what a store class may ask of it.

    database.one / database.all         a read outside any unit: sees what is committed
    inside(unit).one / .all / .execute  within a unit: sees what the unit wrote
    .both                               two questions at once, in either
    inside(unit).put                    a write whose count nobody needs; travels with what comes next
    inside(unit).put_one                the same of exactly one row, or the unit fails
    inside(unit).along                  a question whose answer comes with that of the next one

Every store class is written once against these. Where SQL differs, the database gives the word:
`for_update`, `for_share`, `skip_locked`, and in the last resort `dialect`.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, Protocol, TypeVar

from toegang.storage.statements import NOTHING
from toegang.units import AlreadyKept, TakenBefore, Unit

if TYPE_CHECKING:
    from contextlib import AbstractAsyncContextManager

    from toegang.storage.statements import Params, Question, Row
    from toegang.units import Units


class Dialect(enum.StrEnum):
    """Which engine's SQL is spoken."""

    SQLITE = "sqlite"
    POSTGRES = "postgresql"


@dataclass(frozen=True, slots=True, kw_only=True)
class PoolUse:
    """How busy this process's connections are: at most `size`, of which `made` exist and `lent` work.

    `waiting` counts the units and reads that wait for one; above zero for long, the pool is too small.
    """

    size: int
    made: int
    lent: int
    waiting: int


class StatementFailed(Exception):
    """The engine refused a statement: a constraint did not hold, or the SQL is wrong.

    Never an answer to a person: stores write ON CONFLICT instead of catching this. The text names the
    engine's code and the constraint, no values.
    """


class KeyTaken(StatementFailed, AlreadyKept):
    """A row with this key is there already."""


class NothingChanged(StatementFailed, TakenBefore):
    """A statement that was to change one row changed none."""


class Along:
    """A question that was put to travel along; `rows` are there once the one after it was answered."""

    __slots__ = ("rows",)

    def __init__(self) -> None:
        """Have no answer yet."""
        self.rows: list[Row] = []


class Connection(Protocol):
    """An open transaction on one connection."""

    async def execute(self, sql: str, params: Params = NOTHING) -> int:
        """Run a statement and return how many rows it changed."""
        ...

    async def one(self, sql: str, params: Params = NOTHING) -> Row | None:
        """Run a statement and return its first row, None when there is none."""
        ...

    async def all(self, sql: str, params: Params = NOTHING) -> list[Row]:
        """Run a statement and return its rows."""
        ...

    async def both(self, first: Question, second: Question) -> tuple[list[Row], list[Row]]:
        """Run two statements, one after the other, for the price of one; return the rows of each."""
        ...

    async def put(self, sql: str, params: Params = NOTHING) -> None:
        """Run a statement whose result nobody needs.

        It may travel together with the next statement or the commit, and fails there at the latest.
        """
        ...

    async def put_one(self, sql: str, params: Params = NOTHING) -> None:
        """Run a statement that changes one row, as `put` does; where it changes none, NothingChanged.

        It stands for a question and its answer: of many units that would change the row, one succeeds.
        """
        ...

    async def along(self, sql: str, params: Params = NOTHING) -> Along:
        """Ask something whose answer is needed after that of the next question only, for its price."""
        ...


class StoreUnit(Unit):
    """The unit of work with its connection inside; closed when the transaction has ended."""

    __slots__ = ("connection",)

    def __init__(self, connection: Connection) -> None:
        """Carry an open transaction."""
        super().__init__()
        self.connection: Connection | None = connection


class Database(Protocol):
    """One database of either engine, open in this process."""

    @property
    def dialect(self) -> Dialect:
        """The engine."""
        ...

    @property
    def url(self) -> str:
        """The address with which `open_database` opens it again; may hold a password."""
        ...

    @property
    def for_update(self) -> str:
        """The words that hold the rows read until the unit ends; empty where every unit is alone."""
        ...

    @property
    def for_share(self) -> str:
        """The words that keep the rows read as they are until the unit ends, for many at once."""
        ...

    @property
    def skip_locked(self) -> str:
        """The words that hold the rows read and leave out those that others hold."""
        ...

    async def open(self) -> None:
        """Connect.

        Raises:
            Unavailable: the database does not answer.

        """
        ...

    async def close(self) -> None:
        """Let go of every connection."""
        ...

    def use(self) -> PoolUse:
        """Tell how busy the connections are."""
        ...

    def begin(self) -> AbstractAsyncContextManager[Unit]:
        """Begin a unit of work (units.Units)."""
        ...

    def units(self) -> Units:
        """Return what the rooms get: something that begins units, and nothing else."""
        ...

    async def one(self, sql: str, params: Params = NOTHING) -> Row | None:
        """Read the first row of what is committed."""
        ...

    async def all(self, sql: str, params: Params = NOTHING) -> list[Row]:
        """Read the rows of what is committed."""
        ...

    async def both(self, first: Question, second: Question) -> tuple[list[Row], list[Row]]:
        """Read the rows of two statements that do not wait for each other, for the price of one."""
        ...


class Session(Connection, Protocol):
    """A connection that an engine lends for one unit."""

    async def commit(self) -> None:
        """Make it last; Unavailable when that is not certain."""
        ...

    async def rollback(self) -> None:
        """Undo everything; never raises."""
        ...


S = TypeVar("S", bound=Session)


class Lender(Protocol[S]):
    """An engine: lends a session for each unit."""

    async def lend(self) -> S:
        """Lend a session whose transaction begins now, or with its first statement."""
        ...

    def give_back(self, session: S) -> None:
        """Take a session back whose transaction has ended, one way or the other."""
        ...


class UnitOnLoan(Generic[S]):
    """One unit, from begin to end. A class and not a generator: it runs several times in every login."""

    __slots__ = ("_lender", "_session", "_unit")

    def __init__(self, lender: Lender[S]) -> None:
        """Lend from `lender`, when entered."""
        self._lender = lender

    async def __aenter__(self) -> Unit:
        """Begin."""
        self._session = await self._lender.lend()
        self._unit = StoreUnit(self._session)
        return self._unit

    async def __aexit__(self, kind: object, error: BaseException | None, _: object) -> None:
        """Commit, or roll back when an exception leaves or the commit fails."""
        try:
            if error is None:
                await self._session.commit()
            else:
                await self._session.rollback()
        except BaseException:
            await self._session.rollback()
            raise
        finally:
            self._unit.connection = None
            self._lender.give_back(self._session)
        if error is None:
            self._unit.committed()


def inside(unit: Unit) -> Connection:
    """Return the connection inside a unit that is still open.

    Raises:
        TypeError: not a unit of this room, or one that has ended; a defect of ours.

    """
    if not isinstance(unit, StoreUnit) or unit.connection is None:
        msg = "this unit of work has ended, or was not begun by storage"
        raise TypeError(msg)
    return unit.connection

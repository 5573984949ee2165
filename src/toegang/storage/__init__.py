"""Storage: the only SQL. One class per room's Store protocol, written once for SQLite and PostgreSQL.

Start in database.py (what a store class may ask), then expiring.py (a store to copy from). sqlite.py,
postgres.py and wire.py are the two engines; migrations/ makes the tables.
Never here: what the rows mean (the room whose Protocol a store fills), which store is used (app).

To add a store method:
1. Say its promise in the room's Protocol, then write the SQL once, with `:name` parameters.
   Times go through `micros` and `moment`, UUIDs through `.bytes`, booleans as 0 and 1.
2. A change is one statement: UPDATE ... WHERE, INSERT ... ON CONFLICT, DELETE ... RETURNING. Where it
   must read first, read with `database.for_update` in the unit. Never get-then-delete.
3. `put` what nobody waits for (an event, an insert with a fresh id): it costs no round trip.
4. Cast what PostgreSQL cannot infer or returns as numeric: CAST(SUM(x) AS BIGINT).
5. A new column or table: its room's file in migrations/versions and in migrations/tables, both.
6. Test it in tests/storage/test_<store>.py on the fixture `database`, which is both engines.
"""

from toegang.storage.database import Connection, Database, Dialect, StatementFailed, inside
from toegang.storage.expiring import Expired, ExpiringStore
from toegang.storage.leases import Leases
from toegang.storage.opening import database_at, migrate
from toegang.storage.people import PeopleStore
from toegang.storage.postgres import PostgresDatabase
from toegang.storage.sqlite import SqliteDatabase
from toegang.storage.statements import Params, Row, Value, micros, moment

__all__ = [
    "Connection",
    "Database",
    "Dialect",
    "Expired",
    "ExpiringStore",
    "Leases",
    "Params",
    "PeopleStore",
    "PostgresDatabase",
    "Row",
    "SqliteDatabase",
    "StatementFailed",
    "Value",
    "database_at",
    "inside",
    "micros",
    "migrate",
    "moment",
]

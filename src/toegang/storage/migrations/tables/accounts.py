"""Tables of citizen accounts: the accounts, and the devices that they were used on."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Integer, LargeBinary, Table, Text, UniqueConstraint, text

from toegang.storage.migrations.tables.base import metadata

# A person has at most one account that was activated; applications may lie beside it.
_ACTIVATED = text("status IN ('active', 'suspended', 'locked', 'blocked')")
_WAITING = text("status = 'requested'")

accounts = Table(
    "accounts",
    metadata,
    Column("id", LargeBinary, primary_key=True),  # 16 bytes, UUIDv7
    Column("person", LargeBinary, index=True),
    Column("status", Text, nullable=False),
    Column("name", LargeBinary),  # keyed hash of the canonical user name
    Column("password", Text),  # version of the pepper, then Argon2id
    Column("language", Text, nullable=False),
    Column("since", BigInteger, nullable=False),  # microseconds, UTC
    Column("until", BigInteger),
    Column("number", LargeBinary),  # sealed
    Column("number_since", BigInteger),
    Column("failures", Integer, nullable=False),
    Column("activated_at", BigInteger),
    Column("last_used_at", BigInteger),
    Column("proofs_from", BigInteger),
    Column("checked_at", BigInteger),
    Column("ended_at", BigInteger),
    Column("held_from", Text),  # the status that an account that is held will have again
    Column("notices", Text, nullable=False, server_default="text"),  # how its person wants to be told
    Column("large_print", Integer, nullable=False, server_default="0"),  # 1: letters in large print
    Column("mail", LargeBinary),  # sealed
    UniqueConstraint("name"),
)
Index(
    "uq_accounts_activated",
    accounts.c.person,
    unique=True,
    sqlite_where=_ACTIVATED,
    postgresql_where=_ACTIVATED,
)
Index("ix_accounts_waiting", accounts.c.until, sqlite_where=_WAITING, postgresql_where=_WAITING)

account_devices = Table(
    "account_devices",
    metadata,
    Column("account", LargeBinary, primary_key=True),
    Column("token", LargeBinary, primary_key=True),  # SHA-256 of the device's cookie
    Column("since", BigInteger, nullable=False),
    Column("last_used_at", BigInteger, nullable=False),
    Column("failures", Integer, nullable=False),
)

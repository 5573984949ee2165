"""The tables of apps: those that belong to accounts, and what changed lately for pages that wait."""

from sqlalchemy import BigInteger, Column, Index, Integer, LargeBinary, Table, Text

from toegang.storage.migrations.tables.base import metadata

apps = Table(
    "apps",
    metadata,
    Column("id", LargeBinary, primary_key=True),  # 16 bytes, UUIDv7
    Column("account", LargeBinary, nullable=False),
    Column("means", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("name", Text, nullable=False),  # what its person calls the device
    Column("level", Integer, nullable=False),
    Column("device_key", LargeBinary, nullable=False),  # public
    Column("pin_key", LargeBinary, nullable=False),  # public, sealed
    Column("turn", LargeBinary, nullable=False),  # hash
    Column("turn_before", LargeBinary, nullable=True),
    Column("failures", Integer, nullable=False),
    Column("since", BigInteger, nullable=False),  # microseconds, UTC
    Column("activated_at", BigInteger, nullable=True),
    Column("last_used_at", BigInteger, nullable=True),
    Column("ended_at", BigInteger, nullable=True),
    Column("ended_by", Text, nullable=False),
    Column("push", LargeBinary, nullable=True),  # sealed
    Column("checked_at", BigInteger, nullable=True),  # when an identity document made it substantial
    Column("level_before", Integer, nullable=True),  # what it was worth before that
    Index("ix_apps_account", "account"),
)

app_changes = Table(
    "app_changes",
    metadata,
    Column("id", LargeBinary, primary_key=True),  # hash of a pairing's id
    Column("at", BigInteger, nullable=False),
    Index("ix_app_changes_at", "at"),
)

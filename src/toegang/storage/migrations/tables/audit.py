"""Tables of the audit trail (events, tree, checkpoints), and of the figures counted from it."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Integer, LargeBinary, Table, Text, UniqueConstraint, text

from toegang.storage.migrations.tables.base import metadata

_REFERENCED = text("reference IS NOT NULL")
_UNSENT = text("sent = 0")

trail_waiting = Table(
    "trail_waiting",
    metadata,
    Column("id", LargeBinary, primary_key=True),  # 16 bytes, UUIDv7
    Column("at", BigInteger, nullable=False),  # microseconds, UTC
    Column("name", Text, nullable=False),
    Column("reference", Text),
    Column("body", LargeBinary, nullable=False),  # the leaf (audit.encoding)
    postgresql_with={"autovacuum_vacuum_scale_factor": "0", "autovacuum_vacuum_threshold": "5000"},
)

trail = Table(
    "trail",
    metadata,
    Column("idx", BigInteger, primary_key=True, autoincrement=False),
    Column("id", LargeBinary, nullable=False),
    Column("at", BigInteger, nullable=False, index=True),
    Column("name", Text, nullable=False),
    Column("reference", Text),
    Column("hash", LargeBinary, nullable=False),  # RFC9162-2.1.1, of the leaf
    Column("body", LargeBinary, nullable=False),
    UniqueConstraint("id"),
)
Index("ix_trail_reference", trail.c.reference, postgresql_where=_REFERENCED, sqlite_where=_REFERENCED)

trail_personal = Table(
    "trail_personal",
    metadata,
    Column("event", LargeBinary, primary_key=True),
    Column("name", Text, primary_key=True),
    Column("salt", Text, nullable=False),
    Column("value", Text, nullable=False),
    Index("ix_trail_personal_value_event", "value", "event"),
)

trail_node = Table(
    "trail_node",
    metadata,
    Column("level", Integer, primary_key=True, autoincrement=False),
    Column("idx", BigInteger, primary_key=True, autoincrement=False),
    Column("ends_at", BigInteger, nullable=False, index=True),  # the index after its last leaf
    Column("hash", LargeBinary, nullable=False),
)

trail_tree = Table(
    "trail_tree",
    metadata,
    Column("one", Integer, primary_key=True, autoincrement=False),
    Column("size", BigInteger, nullable=False),
    Column("peaks", LargeBinary, nullable=False),  # 32 bytes each, largest subtree first
)

trail_checkpoint = Table(
    "trail_checkpoint",
    metadata,
    Column("size", BigInteger, primary_key=True, autoincrement=False),
    Column("note", Text, nullable=False),
    Column("sent", Integer, nullable=False),
)
Index("ix_trail_checkpoint_unsent", trail_checkpoint.c.size, postgresql_where=_UNSENT, sqlite_where=_UNSENT)

figure_fact = Table(
    "figure_fact",
    metadata,
    Column("day", Text, primary_key=True),  # ISO 8601, in Europe/Amsterdam
    Column("subject", Text, primary_key=True),
    Column("organisation", Text, primary_key=True),
    Column("sector", Text, primary_key=True),
    Column("service", Text, primary_key=True),
    Column("means", Text, primary_key=True),
    Column("level", Integer, primary_key=True, autoincrement=False),
    Column("two_factor", Integer, primary_key=True, autoincrement=False),
    Column("detail", Text, primary_key=True),
    Column("count", BigInteger, nullable=False),
)

figure_cursor = Table(
    "figure_cursor",
    metadata,
    Column("one", Integer, primary_key=True, autoincrement=False),
    Column("next_index", BigInteger, nullable=False),
)

"""Tables of the post: the outbox, and how many text messages went where."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Integer, LargeBinary, Table, Text, text

from toegang.storage.migrations.tables.base import metadata

outbox = Table(
    "outbox",
    metadata,
    Column("id", LargeBinary, primary_key=True),  # 16 bytes, UUIDv7
    Column("kind", Text, nullable=False),
    Column("to_party", Text, nullable=False),
    Column("purpose", Text, nullable=False),
    Column("sealed", LargeBinary),  # NULL from the moment that the message is settled
    Column("until", BigInteger, nullable=False),  # microseconds, UTC
    Column("not_before", BigInteger, nullable=False),
    Column("put_at", BigInteger, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("claim", Text, nullable=False),
    Column("fate", Text, nullable=False, server_default=""),
    Column("settled_at", BigInteger, index=True),
    # Only what waits is in this index, so that it stays as small as the backlog.
    Index(
        "ix_outbox_due",
        "kind",
        "not_before",
        sqlite_where=text("fate = ''"),
        postgresql_where=text("fate = ''"),
    ),
)

sms_counts = Table(
    "sms_counts",
    metadata,
    Column("hour", BigInteger, primary_key=True),
    Column("prefix", Text, primary_key=True),
    Column("shard", Integer, primary_key=True),
    Column("sent", BigInteger, nullable=False),
    Column("used", BigInteger, nullable=False),
)

"""Tables of the catalogue: records as they are, changes as they came, and the head that writers hold."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Table, Text

from toegang.storage.migrations.tables.base import metadata

catalogue_record = Table(
    "catalogue_record",
    metadata,
    Column("kind", Text, primary_key=True),
    Column("key", Text, primary_key=True),
    Column("body", Text, nullable=False),  # JSON
    sqlite_with_rowid=False,
)

catalogue_change = Table(
    "catalogue_change",
    metadata,
    Column("number", BigInteger, primary_key=True, autoincrement=False),  # from 1, without gaps
    Column("kind", Text, nullable=False),
    Column("key", Text, nullable=False),
    Column("body", Text, nullable=True),  # JSON; NULL when the record was removed
    sqlite_with_rowid=False,
)

catalogue_head = Table(
    "catalogue_head",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False),  # 1, the only row
    Column("version", BigInteger, nullable=False),  # the number of the last change
)

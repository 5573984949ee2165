"""Tables of storage itself and of identity: what expires, persons, leases."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, LargeBinary, Table, Text, UniqueConstraint

from toegang.storage.migrations.tables.base import metadata

expiring = Table(
    "expiring",
    metadata,
    Column("id", LargeBinary, primary_key=True),  # SHA-256 of kind and id
    Column("kind", Text, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("until", BigInteger, nullable=False, index=True),  # microseconds, UTC
    sqlite_with_rowid=False,
    # Room on each page, so that a changed body needs no new index entries.
    postgresql_with={"fillfactor": "70"},
)

people = Table(
    "people",
    metadata,
    Column("id", LargeBinary, primary_key=True),  # 16 bytes, UUIDv7
    Column("sealed_bsn", LargeBinary, nullable=False),
    Column("found_by", LargeBinary, nullable=False),  # keyed hash of the BSN
    Column("since", BigInteger, nullable=False),
    UniqueConstraint("found_by"),
)

leases = Table(
    "leases",
    metadata,
    Column("name", Text, primary_key=True),
    Column("holder", Text, nullable=False),
    Column("until", BigInteger, nullable=False),
)

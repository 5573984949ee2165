"""The table of the lowest levels that people set for themselves."""

from sqlalchemy import BigInteger, Column, Integer, LargeBinary, Table

from toegang.storage.migrations.tables.base import metadata

floors = Table(
    "floors",
    metadata,
    Column("person", LargeBinary, primary_key=True),  # 16 bytes, UUIDv7
    Column("level", Integer, nullable=False),
    Column("since", BigInteger, nullable=False),  # microseconds, UTC
    Column("lowered", Integer, nullable=True),
    Column("lowers_at", BigInteger, nullable=True),
)

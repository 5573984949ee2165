"""The tables of the ladder: at which step accounts stand, and what people answered to invitations."""

from sqlalchemy import BigInteger, Column, Index, Integer, LargeBinary, Table, Text, text

from toegang.storage.migrations.tables.base import metadata

standings = Table(
    "standings",
    metadata,
    Column("person", LargeBinary, primary_key=True),  # 16 bytes
    Column("step", Text, nullable=True),  # that was told last
    Column("level", Integer, nullable=True),
    Column("untold", BigInteger, nullable=False),  # 1: there before the ladder was followed
    Column("body", Text, nullable=False),  # what it can be used with
    Index(
        "ix_standings_untold",
        "untold",
        sqlite_where=text("untold = 1"),
        postgresql_where=text("untold = 1"),
    ),
)

invitations = Table(
    "invitations",
    metadata,
    Column("person", LargeBinary, primary_key=True),  # keyed hash
    Column("body", LargeBinary, nullable=False),  # sealed
)

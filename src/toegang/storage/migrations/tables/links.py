"""The table of links: accounts at other parties that are, or were, a means of a person."""

from sqlalchemy import BigInteger, Column, Index, Integer, LargeBinary, Table, Text

from toegang.storage.migrations.tables.base import metadata

links = Table(
    "links",
    metadata,
    Column("account", LargeBinary, primary_key=True),  # keyed hash of issuer and identifier
    Column("id", LargeBinary, nullable=False),  # 16 bytes, UUIDv7
    Column("issuer", Text, nullable=False),
    Column("means", Text, nullable=False),
    Column("person", LargeBinary, nullable=False),
    Column("level", Integer, nullable=False),
    Column("made_at", BigInteger, nullable=False),  # microseconds, UTC
    Column("last_used_at", BigInteger, nullable=False),
    Column("proofs_from", BigInteger, nullable=True),
    Column("ended_at", BigInteger, nullable=True),
    Index("ix_links_person", "person"),
)

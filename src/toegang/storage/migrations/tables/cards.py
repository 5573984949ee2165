"""The table of cards that were used or stopped here."""

from sqlalchemy import BigInteger, Column, Index, LargeBinary, Table, Text

from toegang.storage.migrations.tables.base import metadata

cards = Table(
    "cards",
    metadata,
    Column("chip", LargeBinary, primary_key=True),  # SHA-256 of its key
    Column("means", Text, nullable=False),
    Column("person", LargeBinary, nullable=False),
    Column("kind", Text, nullable=False),
    Column("since", BigInteger, nullable=False),  # microseconds, UTC
    Column("used_at", BigInteger, nullable=True),
    Column("stopped_at", BigInteger, nullable=True),
    Column("proofs_from", BigInteger, nullable=True),
    Index("ix_cards_person", "person"),
)

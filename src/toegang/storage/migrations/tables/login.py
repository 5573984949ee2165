"""The table of login: decision records."""

from sqlalchemy import BigInteger, Column, Index, LargeBinary, Table, Text

from toegang.storage.migrations.tables.base import metadata

decisions = Table(
    "decisions",
    metadata,
    Column("reference", Text, primary_key=True),
    Column("login", LargeBinary, nullable=False),
    Column("person", LargeBinary, nullable=True),
    Column("organisation", Text, nullable=True),  # null in records of before it was kept
    Column("ended_at", BigInteger, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Index("ix_decisions_login", "login"),
    Index("ix_decisions_person_ended_at", "person", "ended_at"),
    Index("ix_decisions_person_organisation_ended_at", "person", "organisation", "ended_at"),
)

"""The table of the OpenID provider: grants."""

from sqlalchemy import BigInteger, Column, Index, LargeBinary, Table, Text, UniqueConstraint

from toegang.storage.migrations.tables.base import metadata

grants = Table(
    "grants",
    metadata,
    Column("id", Text, primary_key=True),
    Column("code", LargeBinary, nullable=False),
    Column("code_until", BigInteger, nullable=False),
    Column("session", Text, nullable=False),
    Column("person", LargeBinary, nullable=True),
    Column("until", BigInteger, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("bound_key", Text, nullable=False),
    Column("refresh_number", BigInteger, nullable=False),
    Column("redeemed_at", BigInteger, nullable=True),
    Column("refreshed_at", BigInteger, nullable=True),
    Column("ended_at", BigInteger, nullable=True),
    UniqueConstraint("code", name="uq_grants_code"),
    Index("ix_grants_session", "session"),
    Index("ix_grants_person", "person"),
    Index("ix_grants_until", "until"),
)

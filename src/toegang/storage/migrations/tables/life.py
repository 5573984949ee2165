"""The tables of life events: holds, how far the register's events were followed, what was set aside."""

from sqlalchemy import BigInteger, Column, Index, Integer, LargeBinary, Table, Text

from toegang.storage.migrations.tables.base import metadata

holds = Table(
    "holds",
    metadata,
    Column("person", LargeBinary, primary_key=True),
    Column("reason", Text, primary_key=True),
    Column("since", BigInteger, nullable=False),  # microseconds, UTC
    Column("until", BigInteger, nullable=True),
    Column("words", Text, nullable=False),
    Column("other", LargeBinary, nullable=True),
    Index("ix_holds_until", "until"),
)

feeds = Table(
    "feeds",
    metadata,
    Column("name", Text, primary_key=True),
    Column("cursor", Text, nullable=False),
    Column("heard_at", BigInteger, nullable=False),
    Column("told_at", BigInteger, nullable=True),
)

life_marks = Table(
    "life_marks",
    metadata,
    Column("subject", LargeBinary, primary_key=True),  # keyed hash of whom or what it is about
    Column("number", BigInteger, nullable=False),
)

numbers_before = Table(
    "numbers_before",
    metadata,
    Column("found_by", LargeBinary, primary_key=True),  # keyed hash of a BSN that was corrected
    Column("person", LargeBinary, nullable=False),
    Column("number", BigInteger, nullable=False),  # of the event that corrected it
)

life_aside = Table(
    "life_aside",
    metadata,
    Column("id", LargeBinary, primary_key=True),  # SHA-256 of the event as it came
    Column("kind", Text, nullable=False),
    Column("code", Text, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    Column("at", BigInteger, nullable=False),
)

documents_reported = Table(
    "documents_reported",
    metadata,
    Column("document", LargeBinary, primary_key=True),  # keyed hash of type and number
    Column("person", LargeBinary, nullable=False),
    Column("type", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("since", BigInteger, nullable=False),
    Index("ix_documents_reported_person", "person"),
)

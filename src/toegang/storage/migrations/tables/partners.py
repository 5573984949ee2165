"""The tables about partners in SAML: keys seen in use, sources of metadata, warnings given."""

from sqlalchemy import BigInteger, Column, Integer, Table, Text

from toegang.storage.migrations.tables.base import metadata

partner_key = Table(
    "partner_key",
    metadata,
    Column("entity_id", Text, primary_key=True),
    Column("fingerprint", Text, primary_key=True),  # SHA-256 of the certificate, hexadecimal
    Column("first_at", BigInteger, nullable=False),  # microseconds, UTC
    Column("last_at", BigInteger, nullable=False),
)
partner_source = Table(
    "partner_source",
    metadata,
    Column("source", Text, primary_key=True),
    Column("tried_at", BigInteger, nullable=False),
    Column("checked_at", BigInteger, nullable=True),
    Column("sha256", Text, nullable=False),
    Column("failing_since", BigInteger, nullable=True),
    Column("failure", Text, nullable=False),
)
partner_warning = Table(
    "partner_warning",
    metadata,
    Column("owner", Text, primary_key=True),
    Column("fingerprint", Text, primary_key=True),
    Column("days", Integer, primary_key=True),
    Column("told_at", BigInteger, nullable=False),
)

"""The tables of passkeys that belong to accounts, and of what is known of their models."""

from sqlalchemy import BigInteger, Column, Index, Integer, LargeBinary, Table, Text

from toegang.storage.migrations.tables.base import metadata

passkeys = Table(
    "passkeys",
    metadata,
    Column("id", LargeBinary, primary_key=True),  # 16 bytes, UUIDv7
    Column("account", LargeBinary, nullable=False),
    Column("means", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("name", Text, nullable=False),  # what its person calls it
    Column("level", Integer, nullable=False),  # of the login that it was registered with
    Column("credential", LargeBinary, nullable=False),  # the id that the device gave it
    Column("public_key", LargeBinary, nullable=False),  # COSE
    Column("handle", LargeBinary, nullable=False),  # by which devices know the account
    Column("count", BigInteger, nullable=False),
    Column("eligible", Integer, nullable=False),  # 1: it may leave its device
    Column("backed_up", Integer, nullable=False),  # 1: it did
    Column("model", Text, nullable=False),  # AAGUID
    Column("attested", Integer, nullable=False),  # 1: a certificate of that model vouched for it
    Column("told", Integer, nullable=True),  # level that the trail last said
    Column("transports", Text, nullable=False),
    Column("since", BigInteger, nullable=False),  # microseconds, UTC
    Column("last_used_at", BigInteger, nullable=True),
    Column("ended_at", BigInteger, nullable=True),
    Column("ended_by", Text, nullable=False),
    Index("ix_passkeys_account", "account"),
    Index("ux_passkeys_credential", "credential", unique=True),
)

passkey_metadata = Table(
    "passkey_metadata",
    metadata,
    Column("pinned", Text, primary_key=True),  # SHA-256 of the roots that it leads to
    Column("number", BigInteger, nullable=False),  # its serial number, which only rises
    Column("body", LargeBinary, nullable=False),  # what counts of it
    Column("taken_at", BigInteger, nullable=False),
)

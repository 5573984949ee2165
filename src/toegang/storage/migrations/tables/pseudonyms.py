"""The table of pseudonyms that services were told."""

from sqlalchemy import Column, LargeBinary, Table

from toegang.storage.migrations.tables.base import metadata

told_names = Table(
    "told_names",
    metadata,
    Column("found_by", LargeBinary, primary_key=True),  # keyed hash of the pseudonym and its sector
    Column("person", LargeBinary, nullable=False),  # 16 bytes, the id in `people`
)

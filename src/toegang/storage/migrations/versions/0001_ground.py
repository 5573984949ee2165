"""Make the tables for what expires, for persons and for leases."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision: str | None = None


def upgrade() -> None:
    """Make the three tables."""
    op.create_table(
        "expiring",
        sa.Column("id", sa.LargeBinary, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
        sa.Column("until", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_expiring"),
        sqlite_with_rowid=False,
        postgresql_with={"fillfactor": "70"},
    )
    op.create_index("ix_expiring_until", "expiring", ["until"])
    op.create_table(
        "people",
        sa.Column("id", sa.LargeBinary, nullable=False),
        sa.Column("sealed_bsn", sa.LargeBinary, nullable=False),
        sa.Column("found_by", sa.LargeBinary, nullable=False),
        sa.Column("since", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_people"),
        sa.UniqueConstraint("found_by", name="uq_people_found_by"),
    )
    op.create_table(
        "leases",
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("holder", sa.Text, nullable=False),
        sa.Column("until", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_leases"),
    )


def downgrade() -> None:
    """Drop them, with everything in them."""
    op.drop_table("leases")
    op.drop_table("people")
    op.drop_index("ix_expiring_until", "expiring")
    op.drop_table("expiring")

"""Make the tables of the catalogue."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision: str | None = "0002"


def upgrade() -> None:
    """Make the records, the numbered changes and the one head row that writers hold."""
    op.create_table(
        "catalogue_record",
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("kind", "key", name="pk_catalogue_record"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "catalogue_change",
        sa.Column("number", sa.BigInteger, nullable=False, autoincrement=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("body", sa.Text, nullable=True),
        sa.PrimaryKeyConstraint("number", name="pk_catalogue_change"),
        sqlite_with_rowid=False,
    )
    head = op.create_table(
        "catalogue_head",
        sa.Column("id", sa.BigInteger, nullable=False, autoincrement=False),
        sa.Column("version", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_catalogue_head"),
    )
    op.bulk_insert(head, [{"id": 1, "version": 0}])


def downgrade() -> None:
    """Drop them, with everything in them."""
    op.drop_table("catalogue_head")
    op.drop_table("catalogue_change")
    op.drop_table("catalogue_record")

"""Make the lists of mandates that people read, and when they are reminded of an end."""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision: str | None = "0027"


def upgrade() -> None:
    """Make them, empty: no house kept mandates before it had these."""
    op.create_table(
        "mandate_sides",
        sa.Column("party", sa.LargeBinary, nullable=False),
        sa.Column("edge", sa.LargeBinary, nullable=False),
        sa.Column("list", sa.SmallInteger, nullable=False),
        sa.Column("ends", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("party", "edge", name="pk_mandate_sides"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_mandate_sides_list", "mandate_sides", ["party", "list", "ends", "edge"])
    op.create_table(
        "mandate_reminders",
        sa.Column("edge", sa.LargeBinary, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("edge", name="pk_mandate_reminders"),
    )
    op.create_index("ix_mandate_reminders_at", "mandate_reminders", ["at", "edge"])


def downgrade() -> None:
    """Drop them."""
    op.drop_index("ix_mandate_reminders_at", "mandate_reminders")
    op.drop_table("mandate_reminders")
    op.drop_index("ix_mandate_sides_list", "mandate_sides")
    op.drop_table("mandate_sides")

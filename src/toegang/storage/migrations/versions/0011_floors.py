"""Make the table of the lowest levels that people set for themselves."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision: str | None = "0010"


def upgrade() -> None:
    """Make it."""
    op.create_table(
        "floors",
        sa.Column("person", sa.LargeBinary, nullable=False),
        sa.Column("level", sa.Integer, nullable=False),
        sa.Column("since", sa.BigInteger, nullable=False),
        sa.Column("lowered", sa.Integer, nullable=True),
        sa.Column("lowers_at", sa.BigInteger, nullable=True),
        sa.PrimaryKeyConstraint("person", name="pk_floors"),
    )


def downgrade() -> None:
    """Drop it, with everything in it."""
    op.drop_table("floors")

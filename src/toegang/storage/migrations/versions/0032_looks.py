"""Keep when statements that were handed over are looked at again, and what was found."""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision: str | None = "0031"


def upgrade() -> None:
    """Make the table, empty."""
    op.create_table(
        "authority_looks",
        sa.Column("statement", sa.LargeBinary, nullable=False),
        sa.Column("over_at", sa.BigInteger, nullable=False),
        sa.Column("look_at", sa.BigInteger, nullable=False),
        sa.Column("shaken", sa.Integer, nullable=False),
        sa.Column("good_until", sa.BigInteger, nullable=False),
        sa.Column("good_ends", sa.BigInteger, nullable=True),
        sa.Column("good_by", sa.LargeBinary, nullable=True),
        sa.PrimaryKeyConstraint("statement", name="pk_authority_looks"),
    )
    op.create_index("ix_authority_looks_over", "authority_looks", ["over_at", "statement"])
    op.create_index("ix_authority_looks_look", "authority_looks", ["look_at", "statement"])


def downgrade() -> None:
    """Drop it, with everything in it."""
    op.drop_index("ix_authority_looks_look", "authority_looks")
    op.drop_index("ix_authority_looks_over", "authority_looks")
    op.drop_table("authority_looks")

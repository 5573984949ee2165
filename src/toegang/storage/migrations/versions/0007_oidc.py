"""Make the table of grants."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision: str | None = "0006"


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "grants",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("code", sa.LargeBinary, nullable=False),
        sa.Column("code_until", sa.BigInteger, nullable=False),
        sa.Column("session", sa.Text, nullable=False),
        sa.Column("person", sa.LargeBinary, nullable=True),
        sa.Column("until", sa.BigInteger, nullable=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
        sa.Column("bound_key", sa.Text, nullable=False),
        sa.Column("refresh_number", sa.BigInteger, nullable=False),
        sa.Column("redeemed_at", sa.BigInteger, nullable=True),
        sa.Column("refreshed_at", sa.BigInteger, nullable=True),
        sa.Column("ended_at", sa.BigInteger, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_grants"),
        sa.UniqueConstraint("code", name="uq_grants_code"),
    )
    op.create_index("ix_grants_session", "grants", ["session"])
    op.create_index("ix_grants_person", "grants", ["person"])
    op.create_index("ix_grants_until", "grants", ["until"])


def downgrade() -> None:
    """Drop it, with everything in it."""
    op.drop_index("ix_grants_until", "grants")
    op.drop_index("ix_grants_person", "grants")
    op.drop_index("ix_grants_session", "grants")
    op.drop_table("grants")

"""Make the table of cards."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision: str | None = "0017"


def upgrade() -> None:
    """Make it."""
    op.create_table(
        "cards",
        sa.Column("chip", sa.LargeBinary, nullable=False),
        sa.Column("means", sa.Text, nullable=False),
        sa.Column("person", sa.LargeBinary, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("since", sa.BigInteger, nullable=False),
        sa.Column("used_at", sa.BigInteger, nullable=True),
        sa.Column("stopped_at", sa.BigInteger, nullable=True),
        sa.Column("proofs_from", sa.BigInteger, nullable=True),
        sa.PrimaryKeyConstraint("chip", name="pk_cards"),
    )
    op.create_index("ix_cards_person", "cards", ["person"])


def downgrade() -> None:
    """Drop it, with everything in it."""
    op.drop_index("ix_cards_person", "cards")
    op.drop_table("cards")

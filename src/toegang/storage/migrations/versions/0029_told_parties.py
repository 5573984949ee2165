"""Keep when registers told of parties, what was known before, whom statements met, who asked how often."""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision: str | None = "0028"


def upgrade() -> None:
    """Make the tables, empty, and the column."""
    op.add_column("parties", sa.Column("told_at", sa.BigInteger, nullable=True))
    op.create_table(
        "party_facts",
        sa.Column("party", sa.LargeBinary, nullable=False),
        sa.Column("recorded_at", sa.BigInteger, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("standing", sa.Text, nullable=False),
        sa.Column("since", sa.BigInteger, nullable=True),
        sa.Column("born", sa.Text, nullable=True),
        sa.Column("told_at", sa.BigInteger, nullable=True),
        sa.PrimaryKeyConstraint("party", "recorded_at", name="pk_party_facts"),
    )
    op.create_table(
        "authority_statement_parties",
        sa.Column("party", sa.LargeBinary, nullable=False),
        sa.Column("issued_at", sa.BigInteger, nullable=False),
        sa.Column("statement", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("party", "issued_at", "statement", name="pk_authority_statement_parties"),
    )
    op.create_table(
        "mandate_requests",
        sa.Column("principal", sa.LargeBinary, nullable=False),
        sa.Column("agent", sa.LargeBinary, nullable=False),
        sa.Column("began", sa.BigInteger, nullable=False),
        sa.Column("times", sa.Integer, nullable=False),
        sa.Column("quiet_until", sa.BigInteger, nullable=False),
        sa.Column("forgotten", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("principal", "agent", name="pk_mandate_requests"),
    )
    op.create_index("ix_mandate_requests_forgotten", "mandate_requests", ["forgotten"])


def downgrade() -> None:
    """Drop them, with everything in them."""
    op.drop_index("ix_mandate_requests_forgotten", "mandate_requests")
    op.drop_table("mandate_requests")
    op.drop_table("authority_statement_parties")
    op.drop_table("party_facts")
    op.drop_column("parties", "told_at")

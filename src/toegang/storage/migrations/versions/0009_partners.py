"""Make the tables about partners in SAML."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision: str | None = "0008"


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "partner_key",
        sa.Column("entity_id", sa.Text, nullable=False),
        sa.Column("fingerprint", sa.Text, nullable=False),
        sa.Column("first_at", sa.BigInteger, nullable=False),
        sa.Column("last_at", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("entity_id", "fingerprint", name="pk_partner_key"),
    )
    op.create_table(
        "partner_source",
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("tried_at", sa.BigInteger, nullable=False),
        sa.Column("checked_at", sa.BigInteger, nullable=True),
        sa.Column("sha256", sa.Text, nullable=False),
        sa.Column("failing_since", sa.BigInteger, nullable=True),
        sa.Column("failure", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("source", name="pk_partner_source"),
    )
    op.create_table(
        "partner_warning",
        sa.Column("owner", sa.Text, nullable=False),
        sa.Column("fingerprint", sa.Text, nullable=False),
        sa.Column("days", sa.Integer, nullable=False),
        sa.Column("told_at", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("owner", "fingerprint", "days", name="pk_partner_warning"),
    )


def downgrade() -> None:
    """Drop them, with everything in them."""
    op.drop_table("partner_warning")
    op.drop_table("partner_source")
    op.drop_table("partner_key")

"""Keep the newest metadata of models of authenticators that was believed."""

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision: str | None = "0035"


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "passkey_metadata",
        sa.Column("pinned", sa.Text, primary_key=True),
        sa.Column("number", sa.BigInteger, nullable=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
        sa.Column("taken_at", sa.BigInteger, nullable=False),
    )


def downgrade() -> None:
    """Drop it."""
    op.drop_table("passkey_metadata")

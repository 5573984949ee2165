"""Keep the address that people are told things at by mail."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision: str | None = "0022"


def upgrade() -> None:
    """Add it; nobody has one until they confirm it."""
    op.add_column("accounts", sa.Column("mail", sa.LargeBinary, nullable=True))


def downgrade() -> None:
    """Take it away."""
    op.drop_column("accounts", "mail")

"""Keep who wants letters in large print."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision: str | None = "0019"


def upgrade() -> None:
    """Add it; nobody has them until they choose."""
    op.add_column("accounts", sa.Column("large_print", sa.Integer, nullable=False, server_default="0"))


def downgrade() -> None:
    """Take it away."""
    op.drop_column("accounts", "large_print")

"""Keep how people want to be told of a login in a new browser."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision: str | None = "0018"


def upgrade() -> None:
    """Add it; everybody is told by text message until they choose."""
    op.add_column("accounts", sa.Column("notices", sa.Text, nullable=False, server_default="text"))


def downgrade() -> None:
    """Take it away."""
    op.drop_column("accounts", "notices")

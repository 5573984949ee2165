"""Keep what an app was worth before a document was checked with it."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision: str | None = "0020"


def upgrade() -> None:
    """Add it; of apps that were checked before, nobody knows it, and they were low."""
    op.add_column("apps", sa.Column("level_before", sa.Integer, nullable=True))


def downgrade() -> None:
    """Take it away."""
    op.drop_column("apps", "level_before")

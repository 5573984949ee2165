"""Remember when an identity document was checked with an app."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision: str | None = "0014"


def upgrade() -> None:
    """Add the moment; nothing was checked before."""
    op.add_column("apps", sa.Column("checked_at", sa.BigInteger, nullable=True))


def downgrade() -> None:
    """Drop it; an app that was raised keeps its level."""
    op.drop_column("apps", "checked_at")

"""Let an app have a subscription by which it is told that a login waits."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision: str | None = "0012"


def upgrade() -> None:
    """Add the column; apps have none yet."""
    op.add_column("apps", sa.Column("push", sa.LargeBinary, nullable=True))


def downgrade() -> None:
    """Drop it; who had a subscription is not told any more."""
    op.drop_column("apps", "push")

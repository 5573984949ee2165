"""Keep teams of organisations."""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision: str | None = "0030"


def upgrade() -> None:
    """Make the table, empty."""
    op.create_table(
        "teams",
        sa.Column("id", sa.LargeBinary, nullable=False),
        sa.Column("organisation", sa.LargeBinary, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_teams"),
    )
    op.create_index("ix_teams_organisation", "teams", ["organisation", "id"])


def downgrade() -> None:
    """Drop it, with everything in it."""
    op.drop_index("ix_teams_organisation", "teams")
    op.drop_table("teams")

"""Keep the numbers of organisations, sealed."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision: str | None = "0024"


def upgrade() -> None:
    """Make the table, empty."""
    op.create_table(
        "organisation_numbers",
        sa.Column("found_by", sa.LargeBinary, nullable=False),
        sa.Column("party", sa.LargeBinary, nullable=False),
        sa.Column("sort", sa.Text, nullable=False),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("found_by", name="pk_organisation_numbers"),
    )
    op.create_index("ix_organisation_numbers_party", "organisation_numbers", ["party"])


def downgrade() -> None:
    """Drop it, with everything in it."""
    op.drop_index("ix_organisation_numbers_party", "organisation_numbers")
    op.drop_table("organisation_numbers")

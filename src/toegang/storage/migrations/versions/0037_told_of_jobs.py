"""Keep who was told of work on many mandates that waits for the other side."""

import sqlalchemy as sa
from alembic import op

revision = "0037"
down_revision: str | None = "0036"


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "mandate_job_told",
        sa.Column("person", sa.LargeBinary, nullable=False),
        sa.Column("job", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("person", "job", name="pk_mandate_job_told"),
    )
    op.create_index("ix_mandate_job_told_job", "mandate_job_told", ["job"])


def downgrade() -> None:
    """Drop it."""
    op.drop_table("mandate_job_told")

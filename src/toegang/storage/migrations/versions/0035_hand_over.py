"""Find work on many mandates by whose it is, and what was proposed by to whom."""

from alembic import op

revision = "0035"
down_revision: str | None = "0034"


def upgrade() -> None:
    """Make the indexes."""
    op.create_index("ix_mandate_jobs_first", "mandate_jobs", ["first", "kind"])
    op.create_index("ix_mandate_jobs_second", "mandate_jobs", ["second", "state"])


def downgrade() -> None:
    """Drop them."""
    op.drop_index("ix_mandate_jobs_second", "mandate_jobs")
    op.drop_index("ix_mandate_jobs_first", "mandate_jobs")

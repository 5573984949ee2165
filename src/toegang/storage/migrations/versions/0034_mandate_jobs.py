"""Keep work on many mandates: how far it is, and which of them it did not move."""

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision: str | None = "0033"


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "mandate_jobs",
        sa.Column("id", sa.LargeBinary, primary_key=True),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("first", sa.LargeBinary, nullable=False),
        sa.Column("second", sa.LargeBinary, nullable=False),
        sa.Column("ordered_by", sa.Text, nullable=False),
        sa.Column("ground", sa.Text, nullable=False),
        sa.Column("level", sa.SmallInteger, nullable=False),
        sa.Column("over", sa.Text, nullable=True),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("cursor", sa.LargeBinary, nullable=False),
        sa.Column("total", sa.Integer, nullable=False),
        sa.Column("done", sa.Integer, nullable=False),
        sa.Column("refused", sa.Integer, nullable=False),
        sa.Column("created", sa.BigInteger, nullable=False),
        sa.Column("ended", sa.BigInteger, nullable=True),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("running", sa.LargeBinary, nullable=True),
    )
    op.create_index("ux_mandate_jobs_running", "mandate_jobs", ["running"], unique=True)
    op.create_table(
        "mandate_job_refusals",
        sa.Column("job", sa.LargeBinary, nullable=False),
        sa.Column("edge", sa.LargeBinary, nullable=False),
        sa.Column("why", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("job", "edge", name="pk_mandate_job_refusals"),
    )


def downgrade() -> None:
    """Drop them."""
    op.drop_table("mandate_job_refusals")
    op.drop_table("mandate_jobs")

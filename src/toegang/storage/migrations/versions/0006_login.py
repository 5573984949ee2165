"""Make the table of decision records."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision: str | None = "0005"


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "decisions",
        sa.Column("reference", sa.Text, nullable=False),
        sa.Column("login", sa.LargeBinary, nullable=False),
        sa.Column("person", sa.LargeBinary, nullable=True),
        sa.Column("ended_at", sa.BigInteger, nullable=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("reference", name="pk_decisions"),
    )
    op.create_index("ix_decisions_login", "decisions", ["login"])
    op.create_index("ix_decisions_person_ended_at", "decisions", ["person", "ended_at"])


def downgrade() -> None:
    """Drop it, with everything in it."""
    op.drop_index("ix_decisions_person_ended_at", "decisions")
    op.drop_index("ix_decisions_login", "decisions")
    op.drop_table("decisions")

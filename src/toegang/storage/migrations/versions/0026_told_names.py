"""Make the table of pseudonyms that services were told."""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision: str | None = "0025"


def upgrade() -> None:
    """Make it, empty: it fills as people log in."""
    op.create_table(
        "told_names",
        sa.Column("found_by", sa.LargeBinary, nullable=False),
        sa.Column("person", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("found_by", name="pk_told_names"),
    )


def downgrade() -> None:
    """Drop it: nobody can be asked about by a pseudonym that they were told before."""
    op.drop_table("told_names")

"""Keep which clients of firms act for others themselves, so that lists go on through these only."""

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision: str | None = "0032"

BETWEEN_FIRMS = 2


def upgrade() -> None:
    """Make the table, with what the index has of them."""
    op.create_table(
        "authority_onward",
        sa.Column("agent", sa.LargeBinary, nullable=False),
        sa.Column("principal", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("agent", "principal", name="pk_authority_onward"),
        sqlite_with_rowid=False,
    )
    op.get_bind().execute(
        sa.text(
            "INSERT INTO authority_onward (agent, principal) SELECT DISTINCT a.agent, a.principal"
            " FROM authority_index a WHERE a.role = :role"
            " AND EXISTS (SELECT 1 FROM authority_index b WHERE b.agent = a.principal)"
        ),
        {"role": BETWEEN_FIRMS},
    )


def downgrade() -> None:
    """Drop it."""
    op.drop_table("authority_onward")

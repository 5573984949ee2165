"""Find who may act for somebody in order, by what they are to them and for what."""

from alembic import op

revision = "0027"
down_revision: str | None = "0026"

INDEX, TABLE = "ix_authority_index_principal", "authority_index"


def upgrade() -> None:
    """Make the index over more columns."""
    op.drop_index(INDEX, TABLE)
    op.create_index(INDEX, TABLE, ["principal", "role", "scope", "agent"])


def downgrade() -> None:
    """Make it as it was."""
    op.drop_index(INDEX, TABLE)
    op.create_index(INDEX, TABLE, ["principal", "agent"])

"""Find the clients of organisations by name."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import TEXT

revision = "0030"
down_revision: str | None = "0029"


def upgrade() -> None:
    """Make the table, empty: a name is kept when somebody becomes a client."""
    op.create_table(
        "client_names",
        sa.Column("agent", sa.LargeBinary, nullable=False),
        sa.Column("name", sa.Text().with_variant(TEXT(collation="C"), "postgresql"), nullable=False),
        sa.Column("client", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("agent", "name", "client", name="pk_client_names"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_client_names_client", "client_names", ["client", "agent"])


def downgrade() -> None:
    """Drop it, with everything in it."""
    op.drop_index("ix_client_names_client", "client_names")
    op.drop_table("client_names")

"""Make the tables of mandates narrow enough for tens of millions of them."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision: str | None = "0023"


def upgrade() -> None:
    """Make the index anew, and index of what is pending only that."""
    _nothing_is_kept()
    _remake_index(sa.LargeBinary, sa.SmallInteger)
    op.drop_index("ux_mandate_edges_pending", "mandate_edges")
    pending = sa.text("pending IS NOT NULL")
    op.create_index(
        "ux_mandate_edges_pending",
        "mandate_edges",
        ["pending"],
        unique=True,
        sqlite_where=pending,
        postgresql_where=pending,
    )


def downgrade() -> None:
    """Make it as it was."""
    _nothing_is_kept()
    op.drop_index("ux_mandate_edges_pending", "mandate_edges")
    op.create_index("ux_mandate_edges_pending", "mandate_edges", ["pending"], unique=True)
    _remake_index(sa.Text, sa.Integer)


def _nothing_is_kept() -> None:
    """Refuse to run over mandates, whose bodies are written otherwise from here on.

    No release let anybody give one before this.
    """
    if op.get_bind().execute(sa.text("SELECT 1 FROM mandate_edges LIMIT 1")).first() is not None:
        msg = "this database has mandates, which no release before this one could make"
        raise RuntimeError(msg)


def _remake_index(scope: type[sa.LargeBinary | sa.Text], number: type[sa.Integer]) -> None:
    op.drop_index("ix_authority_index_principal", "authority_index")
    op.drop_table("authority_index")
    op.create_table(
        "authority_index",
        sa.Column("agent", sa.LargeBinary, nullable=False),
        sa.Column("scope", scope, nullable=False),
        sa.Column("principal", sa.LargeBinary, nullable=False),
        sa.Column("edge", sa.LargeBinary, nullable=False),
        sa.Column("role", number, nullable=False),
        sa.Column("level", number, nullable=False),
        sa.Column("valid_from", sa.BigInteger, nullable=False),
        sa.Column("valid_until", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("agent", "scope", "principal", "edge", name="pk_authority_index"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_authority_index_principal", "authority_index", ["principal", "agent"])

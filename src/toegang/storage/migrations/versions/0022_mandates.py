"""Make the tables of mandates."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision: str | None = "0021"


def upgrade() -> None:
    """Make them, empty."""
    _edges()
    _index()
    op.create_table(
        "parties",
        sa.Column("id", sa.LargeBinary, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("standing", sa.Text, nullable=False),
        sa.Column("since", sa.BigInteger, nullable=True),
        sa.Column("born", sa.Text, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_parties"),
    )
    _statements()


def downgrade() -> None:
    """Drop them, with everything in them."""
    op.drop_table("authority_statement_edges")
    op.drop_index("ux_authority_statements_txn", "authority_statements")
    op.drop_table("authority_statements")
    op.drop_table("parties")
    op.drop_index("ix_authority_index_principal", "authority_index")
    op.drop_table("authority_index")
    op.drop_index("ux_mandate_edges_pending", "mandate_edges")
    op.drop_index("ix_mandate_edges_ends", "mandate_edges")
    op.drop_table("mandate_edges")


def _edges() -> None:
    op.create_table(
        "mandate_edges",
        sa.Column("id", sa.LargeBinary, nullable=False),
        sa.Column("principal", sa.LargeBinary, nullable=False),
        sa.Column("agent", sa.LargeBinary, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("since", sa.BigInteger, nullable=False),
        sa.Column("pending", sa.LargeBinary, nullable=True),
        sa.Column("pending_until", sa.BigInteger, nullable=True),
        sa.Column("body", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_mandate_edges"),
    )
    op.create_index("ix_mandate_edges_ends", "mandate_edges", ["principal", "agent"])
    op.create_index("ux_mandate_edges_pending", "mandate_edges", ["pending"], unique=True)


def _index() -> None:
    op.create_table(
        "authority_index",
        sa.Column("agent", sa.LargeBinary, nullable=False),
        sa.Column("scope", sa.Text, nullable=False),
        sa.Column("principal", sa.LargeBinary, nullable=False),
        sa.Column("edge", sa.LargeBinary, nullable=False),
        sa.Column("role", sa.Integer, nullable=False),
        sa.Column("level", sa.Integer, nullable=False),
        sa.Column("valid_from", sa.BigInteger, nullable=False),
        sa.Column("valid_until", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("agent", "scope", "principal", "edge", name="pk_authority_index"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_authority_index_principal", "authority_index", ["principal", "agent"])


def _statements() -> None:
    op.create_table(
        "authority_statements",
        sa.Column("id", sa.LargeBinary, nullable=False),
        sa.Column("txn", sa.LargeBinary, nullable=False),
        sa.Column("bound", sa.LargeBinary, nullable=False),
        sa.Column("until", sa.BigInteger, nullable=False),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("redeemed_at", sa.BigInteger, nullable=True),
        sa.Column("body", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_authority_statements"),
    )
    op.create_index("ux_authority_statements_txn", "authority_statements", ["txn"], unique=True)
    op.create_table(
        "authority_statement_edges",
        sa.Column("edge", sa.LargeBinary, nullable=False),
        sa.Column("statement", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("edge", "statement", name="pk_authority_statement_edges"),
    )

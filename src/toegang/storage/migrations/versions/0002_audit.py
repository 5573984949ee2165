"""Make the tables of the audit trail, and of the figures counted from it."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision: str | None = "0001"

_REFERENCED = sa.text("reference IS NOT NULL")
_UNSENT = sa.text("sent = 0")


def upgrade() -> None:
    """Make the tables, with the empty tree and nothing counted."""
    _make_events()
    _make_tree()
    _make_figures()


def _make_events() -> None:
    op.create_table(
        "trail_waiting",
        sa.Column("id", sa.LargeBinary, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("reference", sa.Text, nullable=True),
        sa.Column("body", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_trail_waiting"),
        # Rows come and go all day; the dead ones are to be cleared before they pile up.
        postgresql_with={"autovacuum_vacuum_scale_factor": "0", "autovacuum_vacuum_threshold": "5000"},
    )
    op.create_table(
        "trail",
        sa.Column("idx", sa.BigInteger, nullable=False, autoincrement=False),
        sa.Column("id", sa.LargeBinary, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("reference", sa.Text, nullable=True),
        sa.Column("hash", sa.LargeBinary, nullable=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("idx", name="pk_trail"),
        sa.UniqueConstraint("id", name="uq_trail_id"),
    )
    op.create_index("ix_trail_at", "trail", ["at"])
    op.create_index(
        "ix_trail_reference", "trail", ["reference"], postgresql_where=_REFERENCED, sqlite_where=_REFERENCED
    )
    op.create_table(
        "trail_personal",
        sa.Column("event", sa.LargeBinary, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("salt", sa.Text, nullable=False),
        sa.Column("value", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("event", "name", name="pk_trail_personal"),
    )
    op.create_index("ix_trail_personal_value", "trail_personal", ["value"])


def _make_tree() -> None:
    op.create_table(
        "trail_node",
        sa.Column("level", sa.Integer, nullable=False),
        sa.Column("idx", sa.BigInteger, nullable=False),
        sa.Column("ends_at", sa.BigInteger, nullable=False),
        sa.Column("hash", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("level", "idx", name="pk_trail_node"),
    )
    op.create_index("ix_trail_node_ends_at", "trail_node", ["ends_at"])
    tree = op.create_table(
        "trail_tree",
        sa.Column("one", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("size", sa.BigInteger, nullable=False),
        sa.Column("peaks", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("one", name="pk_trail_tree"),
    )
    op.bulk_insert(tree, [{"one": 1, "size": 0, "peaks": b""}])
    op.create_table(
        "trail_checkpoint",
        sa.Column("size", sa.BigInteger, nullable=False, autoincrement=False),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("sent", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("size", name="pk_trail_checkpoint"),
    )
    op.create_index(
        "ix_trail_checkpoint_unsent",
        "trail_checkpoint",
        ["size"],
        postgresql_where=_UNSENT,
        sqlite_where=_UNSENT,
    )


def _make_figures() -> None:
    op.create_table(
        "figure_fact",
        sa.Column("day", sa.Text, nullable=False),
        sa.Column("subject", sa.Text, nullable=False),
        sa.Column("organisation", sa.Text, nullable=False),
        sa.Column("sector", sa.Text, nullable=False),
        sa.Column("service", sa.Text, nullable=False),
        sa.Column("means", sa.Text, nullable=False),
        sa.Column("level", sa.Integer, nullable=False),
        sa.Column("two_factor", sa.Integer, nullable=False),
        sa.Column("detail", sa.Text, nullable=False),
        sa.Column("count", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint(
            "day",
            "subject",
            "organisation",
            "sector",
            "service",
            "means",
            "level",
            "two_factor",
            "detail",
            name="pk_figure_fact",
        ),
    )
    op.create_table(
        "figure_cursor",
        sa.Column("one", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("next_index", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("one", name="pk_figure_cursor"),
    )
    op.execute(sa.text("INSERT INTO figure_cursor (one, next_index) VALUES (1, 0)"))


def downgrade() -> None:
    """Drop them, with everything in them."""
    op.drop_table("figure_cursor")
    op.drop_table("figure_fact")
    op.drop_index("ix_trail_checkpoint_unsent", "trail_checkpoint")
    op.drop_table("trail_checkpoint")
    op.drop_table("trail_tree")
    op.drop_index("ix_trail_node_ends_at", "trail_node")
    op.drop_table("trail_node")
    op.drop_index("ix_trail_personal_value", "trail_personal")
    op.drop_table("trail_personal")
    op.drop_index("ix_trail_reference", "trail")
    op.drop_index("ix_trail_at", "trail")
    op.drop_table("trail")
    op.drop_table("trail_waiting")

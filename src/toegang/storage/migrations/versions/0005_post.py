"""Make the tables of the post."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision: str | None = "0004"


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "outbox",
        sa.Column("id", sa.LargeBinary, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("to_party", sa.Text, nullable=False),
        sa.Column("purpose", sa.Text, nullable=False),
        sa.Column("sealed", sa.LargeBinary, nullable=True),
        sa.Column("until", sa.BigInteger, nullable=False),
        sa.Column("not_before", sa.BigInteger, nullable=False),
        sa.Column("put_at", sa.BigInteger, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("claim", sa.Text, nullable=False),
        sa.Column("fate", sa.Text, nullable=False, server_default=""),
        sa.Column("settled_at", sa.BigInteger, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_outbox"),
    )
    op.create_index(
        "ix_outbox_due",
        "outbox",
        ["kind", "not_before"],
        sqlite_where=sa.text("fate = ''"),
        postgresql_where=sa.text("fate = ''"),
    )
    op.create_index("ix_outbox_settled_at", "outbox", ["settled_at"])
    op.create_table(
        "sms_counts",
        sa.Column("hour", sa.BigInteger, nullable=False),
        sa.Column("prefix", sa.Text, nullable=False),
        sa.Column("shard", sa.Integer, nullable=False),
        sa.Column("sent", sa.BigInteger, nullable=False),
        sa.Column("used", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("hour", "prefix", "shard", name="pk_sms_counts"),
    )


def downgrade() -> None:
    """Drop them, with everything in them."""
    op.drop_table("sms_counts")
    op.drop_index("ix_outbox_settled_at", "outbox")
    op.drop_index("ix_outbox_due", "outbox")
    op.drop_table("outbox")

"""Make the tables of apps."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision: str | None = "0009"


def upgrade() -> None:
    """Make the apps, and the notes of what changed for pages that wait."""
    op.create_table(
        "apps",
        sa.Column("id", sa.LargeBinary, nullable=False),
        sa.Column("account", sa.LargeBinary, nullable=False),
        sa.Column("means", sa.Text, nullable=False),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("level", sa.Integer, nullable=False),
        sa.Column("device_key", sa.LargeBinary, nullable=False),
        sa.Column("pin_key", sa.LargeBinary, nullable=False),
        sa.Column("turn", sa.LargeBinary, nullable=False),
        sa.Column("turn_before", sa.LargeBinary, nullable=True),
        sa.Column("failures", sa.Integer, nullable=False),
        sa.Column("since", sa.BigInteger, nullable=False),
        sa.Column("activated_at", sa.BigInteger, nullable=True),
        sa.Column("last_used_at", sa.BigInteger, nullable=True),
        sa.Column("ended_at", sa.BigInteger, nullable=True),
        sa.Column("ended_by", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_apps"),
    )
    op.create_index("ix_apps_account", "apps", ["account"])
    op.create_table(
        "app_changes",
        sa.Column("id", sa.LargeBinary, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_app_changes"),
    )
    op.create_index("ix_app_changes_at", "app_changes", ["at"])


def downgrade() -> None:
    """Drop them, with everything in them."""
    op.drop_index("ix_app_changes_at", "app_changes")
    op.drop_table("app_changes")
    op.drop_index("ix_apps_account", "apps")
    op.drop_table("apps")

"""Make the tables of citizen accounts."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision: str | None = "0003"

_ACTIVATED = sa.text("status IN ('active', 'suspended', 'locked', 'blocked')")
_WAITING = sa.text("status = 'requested'")


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "accounts",
        sa.Column("id", sa.LargeBinary, nullable=False),
        sa.Column("person", sa.LargeBinary, nullable=True),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("name", sa.LargeBinary, nullable=True),
        sa.Column("password", sa.Text, nullable=True),
        sa.Column("language", sa.Text, nullable=False),
        sa.Column("since", sa.BigInteger, nullable=False),
        sa.Column("until", sa.BigInteger, nullable=True),
        sa.Column("number", sa.LargeBinary, nullable=True),
        sa.Column("number_since", sa.BigInteger, nullable=True),
        sa.Column("failures", sa.Integer, nullable=False),
        sa.Column("activated_at", sa.BigInteger, nullable=True),
        sa.Column("last_used_at", sa.BigInteger, nullable=True),
        sa.Column("proofs_from", sa.BigInteger, nullable=True),
        sa.Column("checked_at", sa.BigInteger, nullable=True),
        sa.Column("ended_at", sa.BigInteger, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_accounts"),
        sa.UniqueConstraint("name", name="uq_accounts_name"),
    )
    op.create_index("ix_accounts_person", "accounts", ["person"])
    op.create_index(
        "uq_accounts_activated",
        "accounts",
        ["person"],
        unique=True,
        sqlite_where=_ACTIVATED,
        postgresql_where=_ACTIVATED,
    )
    op.create_index(
        "ix_accounts_waiting", "accounts", ["until"], sqlite_where=_WAITING, postgresql_where=_WAITING
    )
    op.create_table(
        "account_devices",
        sa.Column("account", sa.LargeBinary, nullable=False),
        sa.Column("token", sa.LargeBinary, nullable=False),
        sa.Column("since", sa.BigInteger, nullable=False),
        sa.Column("last_used_at", sa.BigInteger, nullable=False),
        sa.Column("failures", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("account", "token", name="pk_account_devices"),
    )


def downgrade() -> None:
    """Drop them, with everything in them."""
    op.drop_table("account_devices")
    op.drop_index("ix_accounts_waiting", "accounts")
    op.drop_index("uq_accounts_activated", "accounts")
    op.drop_index("ix_accounts_person", "accounts")
    op.drop_table("accounts")

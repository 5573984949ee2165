"""Make the table of passkeys."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision: str | None = "0016"


def upgrade() -> None:
    """Make it, with one row for each credential there ever was."""
    op.create_table(
        "passkeys",
        sa.Column("id", sa.LargeBinary, nullable=False),
        sa.Column("account", sa.LargeBinary, nullable=False),
        sa.Column("means", sa.Text, nullable=False),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("level", sa.Integer, nullable=False),
        sa.Column("credential", sa.LargeBinary, nullable=False),
        sa.Column("public_key", sa.LargeBinary, nullable=False),
        sa.Column("handle", sa.LargeBinary, nullable=False),
        sa.Column("count", sa.BigInteger, nullable=False),
        sa.Column("eligible", sa.Integer, nullable=False),
        sa.Column("backed_up", sa.Integer, nullable=False),
        sa.Column("model", sa.Text, nullable=False),
        sa.Column("attested", sa.Integer, nullable=False),
        sa.Column("told", sa.Integer, nullable=True),
        sa.Column("transports", sa.Text, nullable=False),
        sa.Column("since", sa.BigInteger, nullable=False),
        sa.Column("last_used_at", sa.BigInteger, nullable=True),
        sa.Column("ended_at", sa.BigInteger, nullable=True),
        sa.Column("ended_by", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_passkeys"),
    )
    op.create_index("ix_passkeys_account", "passkeys", ["account"])
    op.create_index("ux_passkeys_credential", "passkeys", ["credential"], unique=True)


def downgrade() -> None:
    """Drop it, with everything in it."""
    op.drop_index("ux_passkeys_credential", "passkeys")
    op.drop_index("ix_passkeys_account", "passkeys")
    op.drop_table("passkeys")

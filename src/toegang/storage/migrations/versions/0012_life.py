"""Make the tables of life events, and let an account remember what it was before it was held."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision: str | None = "0011"


def upgrade() -> None:
    """Make them."""
    op.add_column("accounts", sa.Column("held_from", sa.Text, nullable=True))
    op.create_table(
        "holds",
        sa.Column("person", sa.LargeBinary, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("since", sa.BigInteger, nullable=False),
        sa.Column("until", sa.BigInteger, nullable=True),
        sa.Column("words", sa.Text, nullable=False),
        sa.Column("other", sa.LargeBinary, nullable=True),
        sa.PrimaryKeyConstraint("person", "reason", name="pk_holds"),
    )
    op.create_index("ix_holds_until", "holds", ["until"])
    op.create_table(
        "feeds",
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("cursor", sa.Text, nullable=False),
        sa.Column("heard_at", sa.BigInteger, nullable=False),
        sa.Column("told_at", sa.BigInteger, nullable=True),
        sa.PrimaryKeyConstraint("name", name="pk_feeds"),
    )
    op.create_table(
        "life_marks",
        sa.Column("subject", sa.LargeBinary, nullable=False),
        sa.Column("number", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("subject", name="pk_life_marks"),
    )
    op.create_table(
        "numbers_before",
        sa.Column("found_by", sa.LargeBinary, nullable=False),
        sa.Column("person", sa.LargeBinary, nullable=False),
        sa.Column("number", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("found_by", name="pk_numbers_before"),
    )
    op.create_table(
        "life_aside",
        sa.Column("id", sa.LargeBinary, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("code", sa.Text, nullable=False),
        sa.Column("tries", sa.Integer, nullable=False),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_life_aside"),
    )
    op.create_table(
        "documents_reported",
        sa.Column("document", sa.LargeBinary, nullable=False),
        sa.Column("person", sa.LargeBinary, nullable=False),
        sa.Column("type", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("since", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("document", name="pk_documents_reported"),
    )
    op.create_index("ix_documents_reported_person", "documents_reported", ["person"])


def downgrade() -> None:
    """Drop them, with everything in them; who is held stays shut, in a word that was there before."""
    op.drop_index("ix_documents_reported_person", "documents_reported")
    op.drop_table("documents_reported")
    op.drop_table("life_aside")
    op.drop_table("numbers_before")
    op.drop_table("life_marks")
    op.drop_table("feeds")
    op.drop_index("ix_holds_until", "holds")
    op.drop_table("holds")
    op.execute(
        sa.text(
            "UPDATE accounts SET status = CASE held_from WHEN 'requested' THEN 'requested' ELSE 'blocked' END"
            " WHERE status = 'held'"
        )
    )
    op.drop_column("accounts", "held_from")

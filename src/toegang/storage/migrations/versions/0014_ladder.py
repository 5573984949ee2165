"""Make the tables of the ladder, and let figures be counted again: accounts are counted by their steps."""

import json

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision: str | None = "0013"

_UNTOLD = sa.text("untold = 1")
_BASIC, _LOW = 10, 20  # the levels of a password, and of one with a number

_ACCOUNTS = sa.text(
    "SELECT id, person, status, CASE WHEN number IS NULL THEN 0 ELSE 1 END FROM accounts"
    " WHERE status NOT IN ('ended', 'requested') AND person IS NOT NULL"
)
_APPS = sa.text("SELECT account, means, level FROM apps WHERE status = 'active'")
_STANDINGS = sa.table(
    "standings",
    sa.column("person", sa.LargeBinary),
    sa.column("untold", sa.BigInteger),
    sa.column("body", sa.Text),
)


def upgrade() -> None:
    """Make them, with the accounts that are there: what is told of them is recorded by the hub itself."""
    op.create_table(
        "standings",
        sa.Column("person", sa.LargeBinary, nullable=False),
        sa.Column("step", sa.Text, nullable=True),
        sa.Column("level", sa.Integer, nullable=True),
        sa.Column("untold", sa.BigInteger, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("person", name="pk_standings"),
    )
    op.create_index(
        "ix_standings_untold", "standings", ["untold"], sqlite_where=_UNTOLD, postgresql_where=_UNTOLD
    )
    op.create_table(
        "invitations",
        sa.Column("person", sa.LargeBinary, nullable=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("person", name="pk_invitations"),
    )
    _fill()
    _count_again()


def downgrade() -> None:
    """Drop them, with everything in them."""
    op.drop_table("invitations")
    op.drop_index("ix_standings_untold", "standings")
    op.drop_table("standings")
    _count_again()


def _fill() -> None:
    connection = op.get_bind()
    apps: dict[bytes, dict[tuple[str, int], int]] = {}
    for account, means, level in connection.execute(_APPS):
        counts = apps.setdefault(bytes(account), {})
        counts[means, level] = counts.get((means, level), 0) + 1
    rows = []
    for account, person, status, number in connection.execute(_ACCOUNTS):
        usable: list[list[object]] = []
        if status == "active":
            usable.append(["account", "", _LOW if number else _BASIC, 1])
        found = sorted(apps.get(bytes(account), {}).items())
        usable += [["app", means, level, count] for (means, level), count in found]
        if usable:
            rows.append({"person": bytes(person), "untold": 1, "body": json.dumps(usable)})
    if rows:
        op.bulk_insert(_STANDINGS, rows)


def _count_again() -> None:
    op.execute(sa.text("DELETE FROM figure_fact"))
    op.execute(sa.text("UPDATE figure_cursor SET next_index = 0 WHERE one = 1"))

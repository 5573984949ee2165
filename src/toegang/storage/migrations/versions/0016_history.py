"""Let people go through their history: by organisation, and through the trail, page by page."""

from typing import Any

import msgspec
import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision: str | None = "0015"

BATCH = 500


def upgrade() -> None:
    """Keep whose service a decision was about, and find events of a person in their order."""
    op.add_column("decisions", sa.Column("organisation", sa.Text, nullable=True))
    _fill()
    op.create_index(
        "ix_decisions_person_organisation_ended_at", "decisions", ["person", "organisation", "ended_at"]
    )
    op.create_index("ix_trail_personal_value_event", "trail_personal", ["value", "event"])
    op.drop_index("ix_trail_personal_value", "trail_personal")


def downgrade() -> None:
    """Forget that again; the records have it still."""
    op.create_index("ix_trail_personal_value", "trail_personal", ["value"])
    op.drop_index("ix_trail_personal_value_event", "trail_personal")
    op.drop_index("ix_decisions_person_organisation_ended_at", "decisions")
    op.drop_column("decisions", "organisation")


def _fill() -> None:
    """Read it from the records that are there, a batch at a time."""
    bind, last = op.get_bind(), ""
    batch = sa.text(
        "SELECT reference, body FROM decisions WHERE reference > :last AND person IS NOT NULL "
        "ORDER BY reference LIMIT :most"
    )
    write = sa.text("UPDATE decisions SET organisation = :organisation WHERE reference = :reference")
    while rows := bind.execute(batch, {"last": last, "most": BATCH}).all():
        for reference, body in rows:
            kept: dict[str, Any] = msgspec.msgpack.decode(bytes(body))
            bind.execute(write, {"organisation": kept["organisation"], "reference": reference})
        last = rows[-1][0]

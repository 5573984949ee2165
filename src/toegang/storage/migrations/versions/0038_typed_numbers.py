"""Keep of a mandate that waits, and was begun by typing a number, who stands for the other side (L03).

What was typed is equal to what was typed, and to nothing that was begun by a code. Requests are counted
anew: until now those by number and those by code were one count. Who declined stays quiet for as long.
"""

from collections.abc import Iterator
from hashlib import sha256
from typing import Any
from uuid import UUID

import msgspec
import sqlalchemy as sa
from alembic import op

revision = "0038"
down_revision: str | None = "0037"

BATCH = 500
PRINCIPAL, AGENT, KIND, INITIATOR, TERMS, NOBODY = 1, 2, 3, 5, 7, 21
USUAL: list[Any] = [1, "self", b"", None, None, [], [], None, None, None, 0, None, None]
"""What stands in the places 8 to 20 where nothing does."""

_WRITE = sa.text("UPDATE mandate_edges SET pending = :pending, body = :body WHERE id = :id")
_EQUAL = sa.text("SELECT 1 FROM mandate_edges WHERE pending = :pending AND id <> :id")
_HINT = sa.text("SELECT body FROM expiring WHERE id = :id")


def upgrade() -> None:
    """Look up by what was typed what waits."""
    for id_, body in _waiting():
        nobody = body[NOBODY] if len(body) > NOBODY else _typed(id_)
        if nobody is not None:
            body[len(body) :] = USUAL[len(body) - TERMS - 1 :]
            _write(id_, [*body[:NOBODY], nobody], nobody)
    op.execute(sa.text("UPDATE mandate_requests SET times = 0"))


def downgrade() -> None:
    """Look up by both sides what waits; what stands after the last place is not read by what was before."""
    for id_, body in _waiting():
        if len(body) > NOBODY:
            _write(id_, body, None)


def _waiting() -> Iterator[tuple[bytes, list[Any]]]:
    bind, last = op.get_bind(), b""
    batch = sa.text(
        "SELECT id, body FROM mandate_edges WHERE id > :last AND pending IS NOT NULL ORDER BY id LIMIT :most"
    )
    while rows := bind.execute(batch, {"last": last, "most": BATCH}).all():
        for id_, body in rows:
            yield bytes(id_), msgspec.msgpack.decode(bytes(body))
        last = bytes(rows[-1][0])


def _typed(id_: bytes) -> bytes | None:
    """Return who was drawn to stand for what was typed; nothing was where a firm hands its clients over."""
    key = sha256(b"mandate-hint\0" + str(UUID(bytes=id_)).encode()).digest()
    found = op.get_bind().execute(_HINT, {"id": key}).first()
    hint: dict[str, Any] = {} if found is None else msgspec.msgpack.decode(bytes(found[0]))
    return hint.get("nobody") if hint.get("ending") else None


def _write(id_: bytes, body: list[Any], nobody: bytes | None) -> None:
    """Let it wait by its sides as they are addressed; of two equal ones, one stands in the way of others."""
    sides = [body[PRINCIPAL], body[AGENT]]
    if nobody is not None:
        sides[0 if body[INITIATOR] == body[AGENT] else 1] = nobody
    scopes = sorted({f"{scope[0]}:{scope[1] if len(scope) > 1 else ''}" for scope in body[TERMS][0]})
    told = [*(str(UUID(bytes=bytes(each))) for each in sides), body[KIND], *scopes]
    pending: bytes | None = sha256("\n".join(told).encode()).digest()
    bind = op.get_bind()
    if bind.execute(_EQUAL, {"pending": pending, "id": id_}).first() is not None:
        pending = None
    bind.execute(_WRITE, {"pending": pending, "body": msgspec.msgpack.encode(body), "id": id_})

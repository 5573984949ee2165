"""Handing a message to a gateway or a letter house: one PUT under the message's own id.

PUT may be repeated (RFC9110-9.2.2): the party that has the id answers as if it were new, so sending twice
is harmless.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Final

from toegang.errors import Malformed, Unavailable

if TYPE_CHECKING:
    from toegang.outbound.client import Outbound

ANSWER_BYTES: Final = 16_384
_TAKEN: Final = frozenset({HTTPStatus.OK, HTTPStatus.CREATED, HTTPStatus.ACCEPTED, HTTPStatus.NO_CONTENT})
# What no later attempt can mend; all else (a wrong secret, a full queue) can be, by them or by us.
_NEVER: Final = frozenset(
    {
        HTTPStatus.BAD_REQUEST,
        HTTPStatus.GONE,
        HTTPStatus.CONFLICT,
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
        HTTPStatus.UNPROCESSABLE_ENTITY,
    }
)


async def hand_over(outbound: Outbound, party: str, url: str, secret: str, content: bytes) -> None:
    """PUT a JSON document to the party; `secret` is empty where the connection itself proves us.

    Raises:
        Unavailable: the party is away or did not take it; it may be tried again.
        Malformed: the party will never take this one.

    """
    headers = {"Content-Type": "application/json"} | bearer(secret)
    response = await outbound.request(party, "PUT", url, headers=headers, content=content, limit=ANSWER_BYTES)
    if response.status in _TAKEN:
        return
    # The answer's body may repeat the number or the address, so the status alone is told.
    detail = f"{party} answered {response.status}"
    if response.status in _NEVER:
        raise Malformed(detail)
    raise Unavailable(detail, retry_after=seconds_asked(response.headers.get("retry-after", "")))


def bearer(secret: str) -> dict[str, str]:
    """RFC6750-2.1: the header that shows a bearer secret; none for an empty one."""
    return {"Authorization": f"Bearer {secret}"} if secret else {}


def seconds_asked(text: str) -> int:
    """RFC9110-10.2.3: the seconds that a party asks us to wait, at most an hour; a few if it does not say."""
    return min(int(text), 3600) if text.isascii() and text.isdigit() and len(text) < 6 else 5  # noqa: PLR2004

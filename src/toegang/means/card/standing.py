"""The standing of what a card proved: the one question that is asked each time before it counts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from toegang.errors import AccountClosed

if TYPE_CHECKING:
    from toegang.means.base import Authentication
    from toegang.means.card.values import CardStore


async def check_proof(cards: CardStore, proven: Authentication) -> None:
    """eIDAS-2015/1502-2.3.1: refuse what a card proved that was stopped since.

    Raises:
        AccountClosed: it may no longer be used.

    """
    kept = await cards.find(_chip(proven.authenticator))
    withdrawn = kept is not None and kept.proofs_from is not None and proven.at < kept.proofs_from
    if kept is None or kept.stopped_at is not None or withdrawn or kept.person != proven.subject.person:
        message = "the card was stopped"
        raise AccountClosed(message)


def _chip(authenticator: str) -> bytes:
    try:
        return bytes.fromhex(authenticator)
    except ValueError:
        return b""

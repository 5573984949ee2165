"""Showing documents at the one door, bent in one place."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from demo.documents.signing import Manner, security_object
from demo.documents.states import Held, Wish
from tests.emrtd.sample import (
    NOW,
    POLICY,
    session,
    shown_passport,
    state,
    trust,
)
from toegang.emrtd.document import UnverifiedDocument, VerifiedDocument
from toegang.emrtd.policy import Policy
from toegang.emrtd.sessions import Session
from toegang.emrtd.trust import Trust
from toegang.emrtd.verify import verify


def shown(
    document: UnverifiedDocument,
    *,
    among: Trust | None = None,
    asked: Session | None = None,
    policy: Policy = POLICY,
) -> VerifiedDocument:
    return verify(document, among or trust(), policy, asked or session(), NOW)


def without(document: UnverifiedDocument, *numbers: int) -> UnverifiedDocument:
    groups = {number: file for number, file in document.groups.items() if number not in numbers}
    return replace(document, groups=groups)


def with_group(document: UnverifiedDocument, number: int, file: bytes) -> UnverifiedDocument:
    return replace(document, groups={**document.groups, number: file})


def signed_by(held: Held, manner: Manner | None = None) -> UnverifiedDocument:
    """Show the passport with an EF.SOD by another signer, or in another manner; its chip proves itself."""
    document = shown_passport()
    return replace(document, security_object=security_object(document.groups, held, manner))


def bent_signer(change: Callable[[Wish], Wish]) -> UnverifiedDocument:
    return signed_by(state().signer(change=change))

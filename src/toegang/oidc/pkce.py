"""Proof Key for Code Exchange: only who began a login can fetch its tokens."""

from __future__ import annotations

import hashlib
import hmac
import re

from toegang.errors import ProtocolRefusal
from toegang.jose.segments import encode
from toegang.oidc.errors import INVALID_GRANT, INVALID_REQUEST

METHOD = "S256"
_CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}")
_VERIFIER = re.compile(r"[A-Za-z0-9._~-]{43,128}")


def check_challenge(challenge: str | None, method: str | None, *, required: bool) -> None:
    """RFC7636-4.3: a challenge is the SHA-256 of a verifier; `plain`, also by omission, is refused.

    Raises:
        ProtocolRefusal: absent though required, another method, or no SHA-256 (invalid_request).

    """
    if challenge is None and method is None:
        if required:
            raise ProtocolRefusal(INVALID_REQUEST, "code_challenge is required")
        return
    if challenge is None or method != METHOD:
        raise ProtocolRefusal(INVALID_REQUEST, "code_challenge_method must be S256")
    if not _CHALLENGE.fullmatch(challenge):
        raise ProtocolRefusal(INVALID_REQUEST, "code_challenge is not a base64url SHA-256")


def check_verifier(verifier: str | None, challenge: str | None) -> None:
    """RFC7636-4.6: the verifier hashes to the challenge; without a challenge there is no verifier.

    A verifier without a challenge is refused (RFC9700-2.1.1): someone removed the challenge.

    Raises:
        ProtocolRefusal: it does not (invalid_grant).

    """
    if challenge is None and verifier is None:
        return
    if challenge is None or verifier is None or not _VERIFIER.fullmatch(verifier):
        raise ProtocolRefusal(INVALID_GRANT, "code_verifier does not fit the authorization request")
    made = encode(hashlib.sha256(verifier.encode()).digest())
    if not hmac.compare_digest(made, challenge):
        raise ProtocolRefusal(INVALID_GRANT, "code_verifier does not fit the authorization request")

"""How a refusal is called in SAML, and when which (STSAML-4.4, SAMLCore-3.2.2.2).

A service always gets an answer. Only a request whose sender or return address cannot be trusted gets a
page instead, in admit.py; an artifact that leads to nothing gets an empty answer, in resolve.py.
"""

from __future__ import annotations

from typing import Final

from toegang import errors
from toegang.errors import ProtocolRefusal, Refusal, ToegangError
from toegang.saml import names
from toegang.saml.messages import Status

CANCELLED: Final = "Authentication cancelled"
"""STSAML-4.4: exactly these words."""

SUCCESS: Final = Status(code=names.SUCCESS)
PARTIAL: Final = Status(code=names.SUCCESS, second=names.PARTIAL_LOGOUT)
UNKNOWN_PRINCIPAL: Final = Status(code=names.REQUESTER, second=names.UNKNOWN_PRINCIPAL)

# The words that a rule refuses with: whose fault it is, and what.
REQUEST_UNSUPPORTED: Final = f"{names.REQUESTER} {names.REQUEST_UNSUPPORTED}"
NOT_OFFERED: Final = f"{names.RESPONDER} {names.REQUEST_UNSUPPORTED}"
NO_SUPPORTED_IDP: Final = f"{names.REQUESTER} {names.NO_SUPPORTED_IDP}"
PROXY_COUNT_EXCEEDED: Final = f"{names.RESPONDER} {names.PROXY_COUNT_EXCEEDED}"
NO_AUTHN_CONTEXT: Final = f"{names.RESPONDER} {names.NO_AUTHN_CONTEXT}"
INVALID_NAME_ID_POLICY: Final = f"{names.REQUESTER} {names.INVALID_NAME_ID_POLICY}"
REQUEST_DENIED: Final = f"{names.REQUESTER} {names.REQUEST_DENIED}"


def _responder(second: str, message: str = "") -> Status:
    return Status(code=names.RESPONDER, second=second, message=message)


def _requester(second: str) -> Status:
    return Status(code=names.REQUESTER, second=second)


_FAILED: Final = _responder(names.AUTHN_FAILED)
_DENIED: Final = _responder(names.REQUEST_DENIED)
_NO_CONTEXT: Final = _responder(names.NO_AUTHN_CONTEXT)

# The first that fits counts.
_STATUS: Final[tuple[tuple[type[ToegangError], Status], ...]] = (
    (errors.Cancelled, _responder(names.AUTHN_FAILED, CANCELLED)),
    (errors.LevelUnreachable, _NO_CONTEXT),
    (errors.LevelNotProven, _NO_CONTEXT),
    (errors.UserInteractionNeeded, _responder(names.NO_PASSIVE)),
    (errors.NotEntitled, _DENIED),
    (errors.PartyClosed, _DENIED),
    (errors.UnknownParty, _DENIED),
    (errors.Unavailable, _DENIED),
    (errors.Malformed, _requester(names.REQUEST_UNSUPPORTED)),
    (errors.TooLarge, _requester(names.REQUEST_UNSUPPORTED)),
    (errors.Replayed, _requester(names.REQUEST_DENIED)),
    (errors.OneTimeGone, _requester(names.REQUEST_DENIED)),
    (errors.ProofInvalid, _requester(names.REQUEST_DENIED)),
)

# Everything by which a login can end, by its code (errors).
_BY_CODE: Final[dict[str, type[ToegangError]]] = {
    kind.code: kind
    for kind in vars(errors).values()
    if isinstance(kind, type) and issubclass(kind, ToegangError)
}


def status_of(refusal: ToegangError) -> Status:
    """STSAML-4.4: call a refusal by the codes that a service understands."""
    if isinstance(refusal, ProtocolRefusal):
        code, _, second = refusal.error.partition(" ")
        return Status(code=code, second=second, message=refusal.description)
    return _of(type(refusal))


def status_of_code(code: str) -> Status:
    """STSAML-4.4: call a login that ended with the refusal of this code; what is not foreseen has failed."""
    return _of(_BY_CODE.get(code, Refusal))


def _of(kind: type[ToegangError]) -> Status:
    return next((status for each, status in _STATUS if issubclass(kind, each)), _FAILED)

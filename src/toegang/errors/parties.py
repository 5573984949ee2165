"""Refusals of what a party sends or shows: its message, its proof, its place in the catalogue."""

from __future__ import annotations

from toegang.errors.root import Refusal, ToegangError

Fields = tuple[tuple[str, str], ...] | None


class Malformed(Refusal):
    """The message cannot be read as what it claims to be."""

    code = "malformed"


class TooLarge(Refusal):
    """The message is larger than anything honest."""

    code = "too-large"


class ProtocolRefusal(Refusal):
    """A protocol's rule is broken, and the protocol has its own word for that."""

    code = "protocol-refusal"

    def __init__(self, error: str, description: str, detail: str = "") -> None:
        """Carry the protocol's word and a sentence of ours (ASCII) that repeats nothing of what came in."""
        super().__init__(detail or f"{error}: {description}")
        self.error, self.description = error, description


class RefusedAtParty(Refusal):
    """A request was refused, and its sender is told by way of the browser."""

    code = "refused-at-party"

    def __init__(self, refusal: ToegangError, location: str, fields: Fields) -> None:
        """Carry what was refused and where the browser takes the answer (with form fields, or without)."""
        super().__init__(f"{refusal.code}: {refusal.detail}")
        self.refusal, self.location, self.fields = refusal, location, fields


class UnknownParty(Refusal):
    """Nobody is registered under this name."""

    code = "unknown-party"


class RegisterWithoutKey(UnknownParty):
    """Our own register of mandates has no key yet: the hub declares in its place, and it has no metadata."""

    code = "register-without-key"


class PartyClosed(Refusal):
    """Registered, but disabled, blocked, not yet or no longer admitted."""

    code = "party-closed"


class NotEntitled(Refusal):
    """The party may not have what it asks."""

    code = "not-entitled"


class RedirectNotRegistered(Refusal):
    """The return address is not one that the party registered."""

    code = "redirect-not-registered"


class ClientNotProven(Refusal):
    """The client did not prove who it is."""

    code = "client-not-proven"


class ProofInvalid(Refusal):
    """A signature, proof of possession or verifier does not hold."""

    code = "proof-invalid"


class NonceRequired(ProofInvalid):
    """The proof must carry the nonce that this refusal brings (RFC9449-8)."""

    code = "nonce-required"

    def __init__(self, nonce: str, detail: str = "") -> None:
        """Carry the nonce to use next time."""
        super().__init__(detail)
        self.nonce = nonce


class DocumentRefused(Refusal):
    """An identity document, or the chip in it, is not believed."""

    code = "document-refused"

    def __init__(self, reason: str, detail: str = "") -> None:
        """Carry the reason, one of the closed list in emrtd/faults.py; it is stable, as `code` is."""
        super().__init__(f"{reason}: {detail}")
        self.reason = reason


class OneTimeGone(Refusal):
    """A one-time thing is unknown, used or expired; which of these is not told."""

    code = "one-time-gone"


class Replayed(Refusal):
    """The exact message was seen before."""

    code = "replayed"

"""What others see in a trail: `python checkers.py < claims.json`, in the environment `trail-checkers`.

`sigstore` (the client of another transparency log) checks each checkpoint's signature and each event's path
to its root. `pymerkle` builds the whole tree by itself, compares it with each checkpoint, and proves that
each grew out of the one before. Nothing here is written after our own code; what is refused is printed.

    [{"verifier": "name+id+key", "leaves": ["..."], "checkpoints": ["..."],
     "proofs": [{"index": 0, "leaf": "...", "path": ["..."], "checkpoint": "..."}]}]
"""

from __future__ import annotations

import base64
import json
import sys
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from pymerkle import InmemoryTree, InvalidProof, verify_consistency
from sigstore._internal.merkle import verify_merkle_inclusion
from sigstore._internal.rekor.checkpoint import SignedCheckpoint, verify_checkpoint
from sigstore._internal.trust import Keyring
from sigstore.errors import VerificationError
from sigstore.models import TransparencyLogEntry
from sigstore_models.common import v1 as common
from sigstore_models.rekor import v1 as rekor


def main() -> None:
    """Read the claims about each trail, and print what each program refuses of it."""
    json.dump([judged(claims) for claims in json.load(sys.stdin)], sys.stdout)


def judged(claims: dict[str, Any]) -> dict[str, list[int]]:
    """Return the events that sigstore refuses, and the sizes of the checkpoints that pymerkle refuses."""
    return {
        "sigstore": [proof["index"] for proof in claims["proofs"] if not believes(claims["verifier"], proof)],
        "pymerkle": contradicted(claims["leaves"], claims["checkpoints"]),
    }


def believes(verifier: str, proof: dict[str, Any]) -> bool:
    """Ask sigstore whether a signed checkpoint holds this event."""
    entry = TransparencyLogEntry(entry_of(verifier, proof))
    try:
        verify_checkpoint(keyring(verifier), entry)
        verify_merkle_inclusion(entry)
    except VerificationError:
        return False
    return True


def entry_of(verifier: str, proof: dict[str, Any]) -> rekor.TransparencyLogEntry:
    """Say it in sigstore's words: what its protocol calls the log's id is the hint before a signature."""
    told = SignedCheckpoint.from_text(proof["checkpoint"]).checkpoint
    inclusion = rekor.InclusionProof(
        log_index=str(proof["index"]),
        tree_size=str(told.log_size),
        root_hash=base64.b64encode(bytes.fromhex(told.log_hash)),
        hashes=[each.encode() for each in proof["path"]],
        checkpoint=rekor.Checkpoint(envelope=proof["checkpoint"]),
    )
    hint = bytes.fromhex(verifier.split("+", 2)[1])
    return rekor.TransparencyLogEntry(
        log_index=str(proof["index"]),
        log_id=common.LogId(key_id=base64.b64encode(hint)),
        kind_version=rekor.KindVersion(kind="event", version="1"),
        inclusion_proof=inclusion,
        canonicalized_body=proof["leaf"].encode(),
    )


def keyring(verifier: str) -> Keyring:
    """Give sigstore the public key of the verifier key."""
    raw = base64.b64decode(verifier.split("+", 2)[2])[1:]
    key = Ed25519PublicKey.from_public_bytes(raw)
    der = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    details = common.PublicKeyDetails.PKIX_ED25519
    return Keyring([common.PublicKey(raw_bytes=base64.b64encode(der), key_details=details)])


def contradicted(leaves: list[str], checkpoints: list[str]) -> list[int]:
    """Ask pymerkle which checkpoints are not about these events, or do not follow from the one before."""
    tree = InmemoryTree(algorithm="sha256")
    tree.append_entries([base64.b64decode(leaf) for leaf in leaves])
    found, before = [], None
    for note in checkpoints:
        told = SignedCheckpoint.from_text(note).checkpoint
        now = (told.log_size, bytes.fromhex(told.log_hash))
        if tree.get_state(now[0]) != now[1] or not (before is None or follows(tree, before, now)):
            found.append(now[0])
        before = now
    return found


def follows(tree: InmemoryTree, before: tuple[int, bytes], now: tuple[int, bytes]) -> bool:
    """Ask pymerkle whether the later state holds all that the earlier one held."""
    proof = tree.prove_consistency(before[0], now[0])
    try:
        verify_consistency(before[1], now[1], proof, before[0], now[0], algorithm="sha256")
    except InvalidProof:
        return False
    return True


if __name__ == "__main__":
    main()

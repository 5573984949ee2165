"""Proofs in a file: what holds is believed, and nothing else is."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import msgspec
import pytest
from typer.testing import CliRunner

from tests.audit.builders import Room, completed, signer
from toegang.audit.encoding import Kept
from toegang.audit.proofs import OpenProof, check_open_proof, read_proofs, write_proofs
from toegang.cli.main import app
from toegang.errors import Malformed, ProofInvalid
from toegang.storage import Database


async def proofs_of(database: Database, folder: Path, number: int = 7) -> tuple[OpenProof, ...]:
    """Record some events, and prove one of them with the person that it names."""
    room = Room(database, folder / "checkpoints", signer())
    await room.record(*map(completed, range(20)))
    await room.sequence()
    [recorded] = await room.trail.by_reference(f"REF-{number}")
    proof = await room.tree.prove(recorded.id)
    assert proof is not None
    return (OpenProof(proof=proof, opened=tuple(await room.trail.opened(recorded.id))),)


async def test_a_proof_is_written_read_back_and_holds(database: Database, tmp_path: Path) -> None:
    proofs = await proofs_of(database, tmp_path)
    assert read_proofs(write_proofs(proofs)) == proofs
    assert check_open_proof(proofs[0], signer().verifier()) == completed(7)


async def test_whatever_is_bent_does_not_hold(database: Database, tmp_path: Path) -> None:
    [one] = await proofs_of(database, tmp_path)
    proof, verifier = one.proof, signer().verifier()
    kept = one.opened[0]
    bent = (
        replace(one, proof=replace(proof, leaf=proof.leaf.replace(b"REF-7", b"REF-8"))),
        replace(one, proof=replace(proof, index=proof.index + 1)),
        replace(one, proof=replace(proof, path=proof.path[:-1])),
        replace(one, proof=replace(proof, path=(proof.path[0][::-1], *proof.path[1:]))),
        replace(one, proof=replace(proof, checkpoint=proof.checkpoint.replace("20", "21", 1))),
        replace(one, opened=(Kept(kept.name, kept.salt, "somebody else"),)),
        replace(one, opened=(Kept("service", kept.salt, kept.value),)),
    )
    for each in bent:
        with pytest.raises((ProofInvalid, Malformed)):
            check_open_proof(each, verifier)
    with pytest.raises(ProofInvalid):
        check_open_proof(one, signer(2).verifier())


@pytest.mark.parametrize(
    "content",
    [b"", b"{}", b"[]", b"\xff", b'{"format":"toegang-proofs-2","events":[]}', b"x" * 4_000_001],
)
def test_what_is_no_file_of_proofs_is_refused(content: bytes) -> None:
    with pytest.raises(Malformed):
        read_proofs(content)


async def test_the_command_checks_a_file_with_nothing_but_the_published_key(
    database: Database, tmp_path: Path
) -> None:
    file = tmp_path / "proof.json"
    file.write_bytes(write_proofs(await proofs_of(database, tmp_path)))
    held = CliRunner().invoke(app, ["audit", "proof", str(file), "--key", str(signer().verifier())])
    assert held.exit_code == 0, held.output
    assert "1 events stand in the trail" in held.output
    found = msgspec.json.decode(file.read_bytes())
    found["events"][0]["index"] += 1
    file.write_bytes(msgspec.json.encode(found))
    bent = CliRunner().invoke(app, ["audit", "proof", str(file), "--key", str(signer().verifier())])
    assert bent.exit_code == 1

"""Checkpoints: only what the key signed is believed, and others can check it too."""

from __future__ import annotations

import asyncio
import string
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.audit.builders import NAME, signer
from tests.outbound.servers import answer, outbound, party
from toegang.audit.checkpoint import Signer, Verifier, read_checkpoint
from toegang.audit.merkle import TreeHead
from toegang.audit.sinks import FileSink, HttpSink, read_checkpoints
from toegang.errors import Malformed, Misconfigured, ProofInvalid, Refusal, Unavailable
from toegang.keys.ed25519 import Ed25519Key

ALPHABET = string.ascii_uppercase + string.ascii_lowercase + string.digits + "+/"  # RFC4648-4
HEAD = TreeHead(1234, bytes(range(32)))
# The example key in the documentation of Go's signed notes: somebody else's reading of the format.
FOREIGN = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"


@pytest.mark.requires("C2SP-tlog-checkpoint")
@given(st.data())
def test_a_checkpoint_with_any_character_changed_is_refused(data: st.DataObject) -> None:
    note = signer().sign(HEAD)
    at = data.draw(st.integers(0, len(note) - 1))
    other = data.draw(st.characters(codec="utf-8").filter(lambda letter: letter != note[at]))
    with pytest.raises(Refusal):
        read_checkpoint(note[:at] + other + note[at + 1 :], signer().verifier())


@pytest.mark.requires("C2SP-tlog-checkpoint")
def test_bits_that_are_left_over_are_not_to_be_written() -> None:
    note = signer().sign(HEAD)
    last = note.rstrip().removesuffix("=")[-1]
    bent = ALPHABET[ALPHABET.index(last) + 1]
    with pytest.raises(Malformed):
        read_checkpoint(note.rstrip().removesuffix(f"{last}=") + f"{bent}=\n", signer().verifier())


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n\n",
        f"{NAME}\n12\n\n",
        f"{NAME}\n12\nAAAA\n",
        "x" * 5000,
    ],
)
def test_what_is_no_checkpoint_is_refused(text: str) -> None:
    with pytest.raises(Malformed):
        read_checkpoint(text, signer().verifier())


@pytest.mark.parametrize("size", ["007", "-1", "+1", "1e3", "x", "\u0661"])
def test_a_size_is_written_in_one_way_only(size: str) -> None:
    class Odd(int):
        def __str__(self) -> str:
            return size

        def __format__(self, _: str) -> str:
            return size

    with pytest.raises(Malformed):
        read_checkpoint(signer().sign(TreeHead(Odd(1), bytes(32))), signer().verifier())


def test_a_checkpoint_of_another_key_or_trail_is_refused() -> None:
    with pytest.raises(ProofInvalid):
        read_checkpoint(signer(2).sign(HEAD), signer().verifier())
    elsewhere = Signer("other.example/trail", signer().key)
    with pytest.raises(ProofInvalid):
        read_checkpoint(elsewhere.sign(HEAD), signer().verifier())


@pytest.mark.requires("C2SP-signed-note")
def test_a_checkpoint_is_read_back_with_signatures_of_others_passed_over() -> None:
    note = signer().sign(HEAD)
    assert read_checkpoint(note, signer().verifier()) == HEAD
    text, ours = note.split("\n\n")
    theirs = signer(2).sign(HEAD).split("\n\n")[1].replace(NAME, "witness.example/one")
    assert read_checkpoint(f"{text}\n\n{theirs}{ours}", signer().verifier()) == HEAD


@pytest.mark.requires("C2SP-signed-note")
def test_a_verifier_key_that_others_made_is_read() -> None:
    verifier = Verifier.parse(FOREIGN)
    assert verifier.name == "PeterNeumann"
    assert str(verifier) == FOREIGN
    assert Verifier.parse(str(signer().verifier())) == signer().verifier()


@pytest.mark.parametrize("text", ["", "a+b", FOREIGN.replace("c74f20a3", "c74f20a4"), FOREIGN[:-8], "a+00+!"])
def test_a_verifier_key_with_contradicting_parts_is_refused(text: str) -> None:
    with pytest.raises(Malformed):
        Verifier.parse(text)


def test_a_key_is_never_overwritten_or_read_from_a_public_file(tmp_path: Path) -> None:
    path = tmp_path / "trail.pem"
    key = Ed25519Key.generate(path)
    assert Ed25519Key.load(path).public == key.public
    with pytest.raises(Misconfigured):
        Ed25519Key.generate(path)
    path.chmod(0o644)
    with pytest.raises(Misconfigured):
        Ed25519Key.load(path)


async def test_a_file_keeps_checkpoints_in_order_and_a_torn_end_is_passed_over(tmp_path: Path) -> None:
    sink = FileSink(tmp_path / "checkpoints")
    notes = [signer().sign(TreeHead(size, bytes(32))) for size in (1, 2, 3)]
    for note in notes:
        await sink.keep(note)
    with sink.path.open("ab") as file:
        file.write(b'{"checkpoint":"torn')
    assert list(read_checkpoints(sink.path)) == notes


async def test_a_place_that_cannot_keep_says_so(tmp_path: Path) -> None:
    with pytest.raises(Unavailable):
        await FileSink(tmp_path / "nowhere" / "checkpoints").keep("note")
    with pytest.raises(Misconfigured):
        list(read_checkpoints(tmp_path / "nowhere"))
    (tmp_path / "rubbish").write_text("rubbish\n")
    with pytest.raises(Malformed):
        list(read_checkpoints(tmp_path / "rubbish"))


async def test_another_host_gets_the_checkpoint() -> None:
    note = signer().sign(HEAD)
    got: list[bytes] = []

    async def keep(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        got.append(await reader.readuntil(b"\r\n\r\n"))
        got.append(await reader.readexactly(len(note.encode())))
        writer.write(answer(b"", status="201 Created"))
        await writer.drain()

    async with party(keep) as seen, outbound() as calls:
        await HttpSink(outbound=calls, url=seen.url, token="obviously-fake").keep(note)
    assert b"authorization: Bearer obviously-fake" in got[0]
    assert got[1] == note.encode()


async def test_another_host_that_does_not_say_that_it_kept_the_checkpoint_did_not() -> None:
    async with party(answer(b"", status="403 Forbidden")) as seen, outbound() as calls:
        sink = HttpSink(outbound=calls, url=seen.url)
        with pytest.raises(Unavailable):
            await sink.keep("note")

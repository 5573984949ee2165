"""A second opinion: what the made-up states sign, OpenSSL believes too, and what was bent it refuses too."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from demo.documents.encoding import content
from demo.documents.signing import Manner, security_object
from demo.documents.states import Held, State, elliptic, rivest
from tests.emrtd.refused import refused
from tests.emrtd.sample import NOW, POLICY
from tests.parts import program
from toegang.emrtd.faults import Fault
from toegang.emrtd.sod import open_security_object, read_hashes
from toegang.emrtd.trust import Trust

GROUPS = {1: b"one", 14: b"fourteen"}


def verified(folder: Path, signed: bytes, state: State) -> bytes | None:
    """Return what OpenSSL says was signed, None when it refuses."""
    (folder / "signed").write_bytes(signed)
    (folder / "authority").write_bytes(state.authority.certificate)
    command = [program("openssl"), "cms", "-verify", "-inform", "DER", "-in", str(folder / "signed")]
    trust = ["-CAfile", str(folder / "authority"), "-purpose", "any", "-attime", str(int(NOW.timestamp()))]
    pem = subprocess.run(
        [program("openssl"), "x509", "-inform", "DER", "-in", str(folder / "authority")],
        capture_output=True,
        check=True,
    )
    (folder / "authority").write_bytes(pem.stdout)
    done = subprocess.run([*command, *trust, "-binary"], capture_output=True, check=False)
    return done.stdout if done.returncode == 0 else None


def signers() -> list[tuple[State, Held, Manner]]:
    on_curves, by_rsa = State.founded(NOW), State.founded(NOW, key=rivest())
    return [
        (on_curves, on_curves.signer(), Manner()),
        (on_curves, on_curves.signer(rivest()), Manner(pss=True)),
        (on_curves, on_curves.signer(), Manner(hash="sha512", by_key=True)),
        (by_rsa, by_rsa.signer(), Manner(version=1, signed_at=NOW)),
        (by_rsa, by_rsa.signer(rivest()), Manner(hash="sha384")),
    ]


@pytest.mark.requires("RFC5652-5.4")
def test_openssl_believes_what_is_believed_here(tmp_path: Path) -> None:
    for state, held, manner in signers():
        file = security_object(GROUPS, held, manner)
        among = Trust.of([state.authority.certificate], lists=[state.revoked()])
        found = open_security_object(file, among, POLICY, NOW)
        said = verified(tmp_path, content(file), state)
        assert said is not None
        assert read_hashes(said, old=False) == (found.function, found.hashes)


def test_openssl_refuses_what_is_refused_here(tmp_path: Path) -> None:
    state = State.founded(NOW)
    held, other = state.signer(), State.founded(NOW)
    forged = Held(key=elliptic(), certificate=held.certificate)
    for signing, manner in (
        (forged, Manner()),
        (held, Manner(wrong_digest=True)),
        (other.signer(), Manner()),
    ):
        file = security_object(GROUPS, signing, manner)
        assert verified(tmp_path, content(file), state) is None
        with refused(Fault.NOT_SIGNED, Fault.SIGNER_UNKNOWN):
            open_security_object(
                file, Trust.of([state.authority.certificate], lists=[state.revoked()]), POLICY, NOW
            )

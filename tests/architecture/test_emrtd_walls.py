"""A document is believed by one door: the walls around the room emrtd that no linter of imports knows."""

from __future__ import annotations

import ast

from tests.architecture.source import package

# Who may make what was proven.
MAY_PROVE = {
    "VerifiedDocument": "src/toegang/emrtd/verify.py",
    "SignedHashes": "src/toegang/emrtd/sod.py",
    "SignedCard": "src/toegang/emrtd/card_security.py",
    "VerifiedCard": "src/toegang/emrtd/card_login.py",
    "Signed": "src/toegang/emrtd/cms.py",
    "MasterList": "src/toegang/emrtd/master_list.py",
}
# What other rooms need of this one; the rest is behind the door.
DOORS = {
    "access",
    "apdu",
    "card_login",
    "certificates",
    "data_groups",
    "dates",
    "document",
    "faults",
    "licence",
    "master_list",
    "mrz",
    "names",
    "policy",
    "reading",
    "rounds",
    "sessions",
    "terminals",
    "trust",
    "verify",
}


def test_only_a_verification_makes_a_proof() -> None:
    found = [
        module.at(node)
        for module in package()
        if module.room == "emrtd"
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Call)
        if MAY_PROVE.get(ast.unparse(node.func), module.name) != module.name
    ]
    assert found == []


def test_no_other_room_makes_a_document_that_is_believed() -> None:
    found = [
        module.at(node)
        for module in package()
        if module.room != "emrtd"
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2] == "VerifiedDocument"
    ]
    assert found == []


def test_no_other_room_sees_more_of_the_room_than_its_doors() -> None:
    found = [
        f"{module.at(node)} {node.module}"
        for module in package()
        if module.room != "emrtd"
        for node in ast.walk(module.tree)
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("toegang.emrtd.")
        if (node.module or "").removeprefix("toegang.emrtd.") not in DOORS
    ]
    assert found == []


def test_what_has_no_types_stays_behind_one_gate() -> None:
    """Only these files touch asn1crypto, and each refuses what it misreads."""
    found = {
        module.path.name
        for module in package()
        for node in ast.walk(module.tree)
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("asn1crypto")
    }
    assert found <= {"asn1.py", "algorithms.py", "certificates.py", "revocation.py", "security_infos.py"}

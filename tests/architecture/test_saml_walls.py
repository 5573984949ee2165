"""What was not verified cannot be read: the walls around the room saml that no linter of imports knows."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tests.architecture.source import Module, package

# Who may look at a tree that nobody verified, and why.
MAY_SEE_RAW = {
    "src/toegang/saml/document.py": "makes it",
    "src/toegang/saml/signature.py": "verifies it",
    "src/toegang/saml/encryption.py": "opens what stands in it",
    "src/toegang/saml/held.py": "cuts out of it what is handed on and not read",
    "src/toegang/saml/reading.py": "reads a name that was decrypted",
    "src/toegang/saml/signing.py": "signs what the house wrote around what others did",
    "src/toegang/saml/service_catalogue.py": "signs what the house wrote itself",
    "src/toegang/saml/bindings/redirect.py": "verified the address that carried it",
    "src/toegang/saml/bindings/soap.py": "takes the envelope off",
    "src/toegang/saml/metadata/read.py": "knows the whole document by its hash",
    "src/toegang/saml/metadata/claimed.py": "shows an operator which certificate to look up",
    "src/toegang/saml/metadata/write.py": "signs what the house wrote itself",
}
# Who may make the proof.
MAY_PROVE = {
    "src/toegang/saml/signature.py": "verified a signature",
    "src/toegang/saml/encryption.py": "opened what stands in something verified",
    "src/toegang/saml/held.py": "takes a part of something verified",
}
# Who may say that octets are in canonical form, and so are hashed as they are.
MAY_WRITE_CANONICAL = {
    "src/toegang/saml/markup.py": "writes elements so",
    "src/toegang/saml/signing.py": "writes what is signed",
    "src/toegang/saml/encryption.py": "writes what it encrypted",
}


def taken(module: Module, origin: str) -> Iterator[str]:
    """Return the names that a file imports from a module of the house."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.ImportFrom) and node.module == origin:
            yield from (alias.name for alias in node.names)


def test_only_files_with_a_reason_look_at_a_tree_that_nobody_verified() -> None:
    found = [
        module.name
        for module in package()
        if {"raw", "reparse"} & set(taken(module, "toegang.saml.document"))
        if module.name not in MAY_SEE_RAW or module.room != "saml"
    ]
    assert found == []


def test_only_a_verification_makes_a_proof() -> None:
    found = [
        module.at(node)
        for module in package()
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Call)
        and ast.unparse(node.func).rpartition(".")[2] in {"Verified", "AssertionOnly"}
        if module.name not in MAY_PROVE
    ]
    assert found == []


def test_only_what_is_written_here_counts_as_canonical() -> None:
    found = [
        module.at(node)
        for module in package()
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2] == "Canonical"
        if module.name not in MAY_WRITE_CANONICAL
    ]
    assert found == []


def test_no_other_room_touches_an_element() -> None:
    """The import contracts keep lxml in its room; this keeps its objects there too."""
    found = [
        module.at(node)
        for module in package()
        if module.room != "saml" and any(True for _ in saml_imports(module))
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Attribute) and node.attr in {"element", "_element"}
    ]
    assert found == []


def saml_imports(module: Module) -> Iterator[ast.ImportFrom]:
    """Return the imports from the room saml."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("toegang.saml"):
            yield node


def test_no_other_room_sees_more_of_the_room_than_its_doors() -> None:
    inner = {"toegang.saml.placement", "toegang.saml.signed_info", "toegang.saml.elements"}
    found = [
        f"{module.at(node)} {node.module}"
        for module in package()
        if module.room != "saml"
        for node in saml_imports(module)
        if node.module in inner
    ]
    assert found == []

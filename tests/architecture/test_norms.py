"""Every norm that is cited has its title in docs/norms.md, so that a reader can find it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from tests.architecture.source import ROOT, Module, modules, package

LISTED = re.compile(r"^\| `([^`]+)` \|", re.MULTILINE)
# What is surely a citation in running text; other schemes are seen where a test carries their id.
CITED = re.compile(r"\b(RFC\d{4}|OIDC[A-Z]{1,4}|NIST-SP800-\w+|eIDAS-\d{4}/\d+|STSAML|ETD|FAPI2)-[\w.]+")


def norms() -> set[str]:
    """Return the short names in docs/norms.md."""
    return set(LISTED.findall((ROOT / "docs" / "norms.md").read_text("utf-8")))


def named(citation: str, known: set[str]) -> bool:
    """Say whether a citation begins with the short name of a known norm."""
    return any(citation == norm or citation.startswith(norm + "-") for norm in known)


def required(module: Module) -> Iterator[tuple[str, str]]:
    """Return (place, id) of every `requires` mark in a file."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "pytest.mark.requires":
            for argument in node.args:
                if isinstance(argument, ast.Constant):
                    yield module.at(node), str(argument.value)


def test_every_norm_that_a_test_shows_is_listed() -> None:
    known = norms()
    found = [
        f"{place} {cited}"
        for module in modules("tests")
        for place, cited in required(module)
        if not named(cited, known)
    ]
    assert found == []


def test_every_norm_that_the_code_cites_is_listed() -> None:
    known = norms()
    found = {match.group() for module in package() for match in CITED.finditer(module.text)}
    assert sorted(cited for cited in found if not named(cited, known)) == []


def test_no_norm_is_listed_twice() -> None:
    listed = LISTED.findall((ROOT / "docs" / "norms.md").read_text("utf-8"))
    assert len(listed) == len(set(listed))

"""Each property of mandates (P1 to P30) has a test that draws its worlds, and docs/mandates.md says where."""

from __future__ import annotations

import ast
import re

import pytest

from tests.architecture.source import ROOT, Function, Module, modules

ROW = re.compile(r"^\| P(\d+) \| [^|]+ \| ([^|]+) \|$", re.MULTILINE)
NUMBERS = range(1, 31)
DRAWS = {"given", "run_state_machine_as_test"}
"""What a test calls that draws: a property, or a machine that goes through states."""


def table() -> dict[int, list[str]]:
    """Return for each property the files that the page names."""
    page = (ROOT / "docs" / "mandates.md").read_text("utf-8")
    return {int(number): re.findall(r"`([^`]+)`", where) for number, where in ROW.findall(page)}


def marks(function: Function) -> set[str]:
    """Return the ids in the `requires` marks of a test."""
    return {
        str(argument.value)
        for decorator in function.decorator_list
        if isinstance(decorator, ast.Call) and ast.unparse(decorator.func) == "pytest.mark.requires"
        for argument in decorator.args
        if isinstance(argument, ast.Constant)
    }


def draws(function: Function) -> bool:
    """Tell whether a test draws what it is about, itself or in a function inside it."""
    return any(
        isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in DRAWS
        for node in ast.walk(function)
    )


def holding(module: Module, property_: str) -> list[Function]:
    return [node for node in module.tree.body if isinstance(node, Function) and property_ in marks(node)]


def test_the_page_has_every_property() -> None:
    assert sorted(table()) == list(NUMBERS)


@pytest.mark.parametrize("number", NUMBERS)
def test_each_file_that_is_named_holds_the_property_and_one_of_them_draws(number: int) -> None:
    named = {f"tests/{name}" for name in table()[number]}
    files = {module.name: module for module in modules("tests") if module.name in named}
    assert files.keys() == named
    held = {name: holding(module, f"MANDATES-P{number}") for name, module in files.items()}
    assert [name for name, found in held.items() if not found] == []
    assert any(draws(function) for found in held.values() for function in found)

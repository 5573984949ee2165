"""Sizes, signs and names: a file reads like a newspaper, a room says what it is."""

from __future__ import annotations

import ast
import re

from tests.architecture.source import PACKAGE, Function, everything, functions, package

LONGEST_FILE = 400  # lines
LONGEST_FUNCTION = 60  # lines
EMPTY_CLASS = re.compile(r"(Services?|Managers?|Helpers?|Processors?|Impl|Dto|DTO|Utils?|Base|Abstract\w*)$")
EMPTY_MODULE = re.compile(
    r"^(utils?|helpers?|common|core|services|models|managers?|misc|shared|base_.*|.*_(utils?|helpers?))$"
)
# What is a service of a service provider may be called so; nothing else may.
THE_SERVICE = {"Service", "AskedService"}


def test_every_file_says_in_its_docstring_what_it_is() -> None:
    assert [module.name for module in everything() if not ast.get_docstring(module.tree)] == []


def test_every_room_has_a_door_sign_that_says_where_to_start_and_what_is_never_here() -> None:
    signs = {
        module.name: ast.get_docstring(module.tree) or ""
        for module in package()
        if module.path.name == "__init__.py" and module.path.parent.parent == PACKAGE
    }
    assert [name for name, sign in signs.items() if "Start in" not in sign or "Never" not in sign] == []


def test_no_file_is_longer_than_four_hundred_lines() -> None:
    lengths = {module.name: len(module.text.splitlines()) for module in everything()}
    assert {name: lines for name, lines in lengths.items() if lines > LONGEST_FILE} == {}


def test_no_function_is_longer_than_sixty_lines() -> None:
    lengths = {
        f"{module.at(function)} {function.name}": length(function)
        for module in everything()
        for function in functions(module)
    }
    assert {name: lines for name, lines in lengths.items() if lines > LONGEST_FUNCTION} == {}


def length(function: Function) -> int:
    """Count the lines of a function, its docstring too."""
    return (function.end_lineno or function.lineno) - function.lineno + 1


def test_no_class_has_a_name_that_says_nothing() -> None:
    found = [
        f"{module.at(node)} {node.name}"
        for module in package()
        for node in ast.walk(module.tree)
        if isinstance(node, ast.ClassDef) and EMPTY_CLASS.search(node.name)
        if node.name not in THE_SERVICE
    ]
    assert found == []


def test_no_file_or_folder_has_a_name_that_says_nothing() -> None:
    found = [
        module.name
        for module in everything()
        if any(EMPTY_MODULE.match(part.removesuffix(".py")) for part in module.name.split("/"))
    ]
    assert found == []


def test_every_dataclass_has_slots_and_is_frozen_unless_it_keeps_private_state() -> None:
    found = [
        f"{module.at(node)} {node.name}"
        for module in package()
        for node in ast.walk(module.tree)
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_")
        for decorator in node.decorator_list
        if re.fullmatch(r"(dataclasses\.)?(dataclass|hot)(\(.*\))?", text := ast.unparse(decorator))
        if "slots=True" not in text or not ("frozen=True" in text or keeps_state(node))
    ]
    assert found == []


def keeps_state(node: ast.ClassDef) -> bool:
    """Say whether a dataclass has a private field: then it is a thing, not a value."""
    return any(
        isinstance(field, ast.AnnAssign) and ast.unparse(field.target).startswith("_") for field in node.body
    )

"""Who may do what: SQL, time, randomness, printing and catching everything each have one place."""

from __future__ import annotations

import ast
import re

from tests.architecture.source import called, everything, package, strings

STATEMENT = re.compile(
    r"\b(SELECT\s[\s\S]+\sFROM|INSERT\s+(OR\s+\w+\s+)?INTO|DELETE\s+FROM|UPDATE\s+\w+\s+SET"
    r"|(CREATE|ALTER|DROP)\s+(TABLE|INDEX)|BEGIN\s+IMMEDIATE|PRAGMA\s+\w+)\b"
    r"|^\s*(select\s[\s\S]+\sfrom|insert\s+into|delete\s+from|update\s+\w+\s+set|pragma\s+\w+)\b"
)
FROM_THE_AIR = re.compile(
    r"^(datetime(\.datetime)?\.(now|utcnow|today)|date\.today|time\.(time|time_ns|monotonic|perf_counter)(_ns)?"
    r"|random\.\w+|secrets\.\w+|os\.urandom|(uuid|uuid_utils)(\.compat)?\.uuid\d|uuid\d)$"
)
OUTERMOST = {"app", "mandates", "means", "post", "web"}
MAY_DRAW = {"clock", "ids", "keys"}  # keys makes keys


def test_statements_of_the_database_stand_in_storage_only() -> None:
    found = [
        module.at(text)
        for module in package()
        if module.room != "storage"
        for text in strings(module)
        if STATEMENT.search(str(text.value))
    ]
    assert found == []


def test_time_and_randomness_come_from_clock_and_ids_only() -> None:
    found = [
        f"{module.at(node)} {called(node)}"
        for module in package()
        if module.room not in MAY_DRAW
        for node in ast.walk(module.tree)
        if FROM_THE_AIR.match(called(node))
    ]
    assert found == []


def test_everything_is_caught_at_the_outermost_edges_only() -> None:
    """Once around a request, a message, event or job that is carried, a loop: there a trace would end."""
    found = [
        module.room
        for module in package()
        for node in ast.walk(module.tree)
        if isinstance(node, ast.ExceptHandler) and catches_everything(node)
    ]
    assert sorted(found) == sorted(set(found) & OUTERMOST)


def catches_everything(handler: ast.ExceptHandler) -> bool:
    """Say whether a handler ends any error; one that raises it again only cleans up."""
    caught = "Exception" if handler.type is None else ast.unparse(handler.type)
    last = handler.body[-1]
    raises_again = isinstance(last, ast.Raise) and last.exc is None
    return bool(re.search(r"\b(Base)?Exception\b", caught)) and not raises_again


def test_nothing_is_checked_with_assert() -> None:
    found = [
        module.at(node)
        for module in package()
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Assert)
    ]
    assert found == []


def test_only_the_command_line_prints() -> None:
    found = [
        module.at(node)
        for module in package()
        if module.room != "cli"
        for node in ast.walk(module.tree)
        if called(node) == "print"
    ]
    assert found == []


def test_the_package_never_imports_the_parties_beside_it() -> None:
    found = [
        module.at(node)
        for module in package()
        for node in ast.walk(module.tree)
        if re.match(r"(from|import) (demo|bench|tests)\b", imported(node))
    ]
    assert found == []


def imported(node: ast.AST) -> str:
    """Return an import as it is written, '' for anything else."""
    return ast.unparse(node) if isinstance(node, (ast.Import, ast.ImportFrom)) else ""


def test_no_test_sleeps() -> None:
    found = [
        module.at(node)
        for module in everything()
        if module.path.name.startswith("test_")
        for node in ast.walk(module.tree)
        if called(node) in {"time.sleep", "asyncio.sleep"}
        if not (isinstance(node, ast.Call) and node.args and ast.unparse(node.args[0]) == "0")
    ]
    assert found == []


def test_secrets_are_compared_in_constant_time() -> None:
    """A name that holds a secret next to `==` is a side channel, whatever the comparison is for."""
    secret = re.compile(r"\b(\w*_)?(secret|password|token|signature|mac|code_verifier|csrf)$")
    found = [
        module.at(node)
        for module in package()
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Compare) and any(isinstance(op, (ast.Eq, ast.NotEq)) for op in node.ops)
        if all(not isinstance(part, ast.Constant) for part in (node.left, *node.comparators))
        if any(secret.search(ast.unparse(part)) for part in (node.left, *node.comparators))
    ]
    assert found == []

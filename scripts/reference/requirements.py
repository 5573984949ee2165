"""The page of requirements: each section of a norm, and the tests that show it."""

import ast
import re
from collections import defaultdict
from collections.abc import Iterator

from scripts.reference.page import ROOT, head, table

LISTED = re.compile(r"^\| `([^`]+)` \| (.+) \|$", re.MULTILINE)


def page() -> str:
    """Return docs/reference/requirements.md."""
    explained = (
        "Which test shows which requirement. A requirement without a line here is shown by nobody. "
        "`./toegang test -k NAME` runs a test by its name."
    )
    titles = dict(LISTED.findall((ROOT / "docs" / "norms.md").read_text("utf-8")))
    parts = [head("Requirements", explained, "tests/")]
    for norm, shown in by_norm(titles).items():
        rows = [
            (f"`{cited}`", "<br>".join(sorted(tests))) for cited, tests in sorted(shown.items(), key=numbered)
        ]
        parts.append(f"## {norm}: {titles[norm]}\n\n{table(('requirement', 'shown by'), rows)}")
    return "\n".join(parts)


def by_norm(titles: dict[str, str]) -> dict[str, dict[str, set[str]]]:
    """Return norm -> requirement -> tests, for what any test shows, norms in alphabetical order."""
    found: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for cited, test in marks():
        norms = [norm for norm in titles if cited == norm or cited.startswith(norm + "-")]
        if norms:
            found[max(norms, key=len)][cited].add(test)
    return dict(sorted(found.items()))


def marks() -> Iterator[tuple[str, str]]:
    """Return (requirement, test) for every `requires` mark, on a test, a class or a whole file."""
    for path in sorted((ROOT / "tests").rglob("test_*.py")):
        place = path.relative_to(ROOT / "tests").as_posix().removesuffix(".py")
        tree = ast.parse(path.read_text("utf-8"))
        for node in ast.walk(tree):
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
                test = f"{place}: {node.name.removeprefix('test_').replace('_', ' ')}"
                for decorator in node.decorator_list:
                    yield from ((cited, test) for cited in cited_in(decorator))
            elif isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "pytestmark":
                yield from ((cited, f"{place}: every test") for cited in cited_in(node.value))


def cited_in(node: ast.AST) -> Iterator[str]:
    """Return the ids in the `requires` marks at or below a node."""
    for call in ast.walk(node):
        if isinstance(call, ast.Call) and ast.unparse(call.func) == "pytest.mark.requires":
            for argument in call.args:
                if isinstance(argument, ast.Constant):
                    yield str(argument.value)


def numbered(item: tuple[str, object]) -> list[tuple[int, str]]:
    """Order sections as a reader counts: 3.9 before 3.10."""
    return [(int(part), "") if part.isdigit() else (0, part) for part in re.split(r"(\d+)", item[0])]

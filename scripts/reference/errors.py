"""The page of errors: every way in which Toegang says no, with its stable code."""

from collections.abc import Iterator

from scripts.reference.page import first_line, head, table
from toegang.errors import ToegangError


def page() -> str:
    """Return docs/reference/errors.md."""
    explained = (
        "Codes are stable: they stand on error pages and in the log, and support may ask for them. What each "
        "of them becomes for a person or a service is decided in one place, `web/answers.py`."
    )
    rows = [(f"`{kind.code}`", kind.__name__, first_line(kind.__doc__)) for kind in kinds(ToegangError)]
    return f"{head('Errors', explained, 'src/toegang/errors.py')}\n{table(('code', 'name', 'means'), rows)}"


def kinds(root: type[ToegangError]) -> Iterator[type[ToegangError]]:
    """Return every kind of error below `root`, in the order of the tree."""
    for kind in root.__subclasses__():
        if kind.__module__ == "toegang.errors":
            yield kind
            yield from kinds(kind)

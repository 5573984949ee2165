"""The page of routes: every address of the hub, and what it is for."""

import importlib
import inspect
import re
from collections.abc import Callable, Iterable
from itertools import groupby

from scripts.reference.page import first_line, head, table
from toegang.web.routes import ROUTES

Handler = Callable[..., object]
Route = tuple[str, str, Handler]
# The norms at the head of a docstring: `OIDCC-5.3, RFC7662-2: ...`.
CITED = re.compile(r"^((?:(?:RFC\d+|[A-Z]\w*-[\w./-]+)(?:, )?)+): ")


def page() -> str:
    """Return docs/reference/routes.md."""
    explained = (
        "Every address that the hub answers at, below its own (`hub.issuer`). Whatever else is asked gets a "
        "404. What a service provider sends and gets is on the page [OpenID Connect](../protocols/oidc.md)."
    )
    parts = [head("Routes", explained, "src/toegang/web/routes.py")]
    for module, routes in by_module(ROUTES):
        source = f"Handlers: `{module.replace('.', '/')}.py`."
        parts.append(f"## {title(module)}\n\n{source}\n\n{section(routes)}")
    return "\n".join(parts)


def by_module(routes: Iterable[Route]) -> list[tuple[str, list[Route]]]:
    """Return the routes under the file of their handlers, files in the order of the list."""
    listed = list(routes)
    files = list(dict.fromkeys(handler(route).__module__ for route in listed))
    ordered = sorted(listed, key=lambda route: files.index(handler(route).__module__))
    return [(name, list(found)) for name, found in groupby(ordered, lambda route: handler(route).__module__)]


def handler(route: Route) -> Handler:
    """Return the function that answers, without what stands around it."""
    answers: Handler = inspect.unwrap(route[2])
    return answers


def title(module: str) -> str:
    """Return what a file says that it is, up to its first colon or full stop."""
    said = first_line(inspect.getdoc(importlib.import_module(module)))
    return re.split(r"[:;.]", said, maxsplit=1)[0]


def section(routes: Iterable[Route]) -> str:
    """Return a table of addresses; methods that one handler answers stand in one row."""
    rows: dict[tuple[str, Handler], list[str]] = {}
    for route in routes:
        rows.setdefault((route[1], handler(route)), []).append(route[0])
    return table(
        ("address", "method", "for", "norm"),
        ((f"`{path}`", ", ".join(methods), *purpose(found)) for (path, found), methods in rows.items()),
    )


def purpose(found: Handler) -> tuple[str, str]:
    """Return what a handler says that it does, and the norm that it cites."""
    said = first_line(found.__doc__)
    cited = CITED.match(said)
    if cited is None:
        return said, ""
    rest = said[cited.end() :]
    return rest[:1].upper() + rest[1:], f"`{cited.group(1)}`"

"""The page of settings: every name, its default, and what it is for."""

import dataclasses
import typing
from collections.abc import Iterator
from typing import Any

from scripts.reference.page import first_line, head, table
from toegang.config import ENVIRONMENT_PREFIX, Settings


def page() -> str:
    """Return docs/reference/settings.md."""
    explained = (
        "A value comes from the environment, else from the settings file (TOML), else from its default. "
        f"`[listen] port` in the file is `{ENVIRONMENT_PREFIX}LISTEN__PORT` in the environment. "
        "Secrets are never values: a setting names the file that holds one. "
        "`./toegang config check` refuses unknown names."
    )
    return "\n".join([head("Settings", explained, "src/toegang/config/__init__.py"), *sections(Settings, "")])


def sections(kind: type[Any], at: str) -> Iterator[str]:
    """Return a section of the file with its settings, and the sections inside it."""
    hints = typing.get_type_hints(kind)
    fields = dataclasses.fields(kind)
    plain = [field for field in fields if not dataclasses.is_dataclass(hints[field.name])]
    if plain:
        rows = [
            (f"`{field.name}`", default(field), str(field.metadata.get("explained", ""))) for field in plain
        ]
        yield f"## [{at}]\n\n{first_line(kind.__doc__)}\n\n{table(('name', 'default', 'for'), rows)}"
    for field in fields:
        if field not in plain:
            yield from sections(hints[field.name], f"{at}.{field.name}".lstrip("."))


def default(field: dataclasses.Field[Any]) -> str:
    """Return a default as it would be written in the file."""
    if field.default is dataclasses.MISSING:
        return "*needed*"
    value = field.default
    if isinstance(value, bool):
        return f"`{str(value).lower()}`"
    if isinstance(value, tuple):
        return f"`[{', '.join(quoted(part) for part in value)}]`"
    return "*none*" if value is None else f"`{quoted(value)}`"


def quoted(value: object) -> str:
    """Return a value in TOML."""
    return f'"{value}"' if isinstance(value, str) else str(value)

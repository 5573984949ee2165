"""The page of commands: the tree of `toegang`, with every argument and option."""

from collections.abc import Iterator
from typing import Any

import typer.main
from typer.core import TyperArgument, TyperGroup, TyperOption

from scripts.reference.page import first_line, head, table
from toegang.cli.main import app


def page() -> str:
    """Return docs/reference/commands.md."""
    explained = (
        "What the hub's own commands do. In a checkout they are given as `./toegang COMMAND`, where `demo`, "
        "`test` and `bench` stand beside them (`./toegang --help`). Every command also has `--help`. It ends "
        "with 0 when it did what was asked, with 1 when it could not (and says why), with 2 when it was "
        "written wrongly."
    )
    root = typer.main.get_command(app)
    return "\n".join([head("Commands", explained, "src/toegang/cli/"), *sections(root, ())])


def sections(command: Any, path: tuple[str, ...]) -> Iterator[str]:  # noqa: ANN401 typer's commands have no public type
    """Return a section per command, in the order of the list; a group has none of its own."""
    if isinstance(command, TyperGroup):
        for name, inner in command.commands.items():
            yield from sections(inner, (*path, name))
        return
    rows = [row(each) for each in command.params if each.name != "help"]
    given = table(("argument or option", "default", "for"), rows) if rows else "There is nothing to add.\n"
    yield f"## toegang {' '.join(path)}\n\n{first_line(command.help)}\n\n{given}"


def row(parameter: TyperArgument | TyperOption) -> tuple[str, str, str]:
    """Return one argument or option: how it is written, its default, what it is for."""
    name = (parameter.name or "").rstrip("_").upper()
    if isinstance(parameter, TyperArgument):
        written = f"{name}..." if parameter.nargs != 1 else name
    else:
        written = ", ".join(parameter.opts) + ("" if parameter.is_flag else f" {name.split('_')[-1]}")
    plain = parameter.default is not None and parameter.default is not False
    default = "*needed*" if parameter.required else f"`{parameter.default}`" if plain else ""
    told = parameter.help or ""
    return f"`{written}`", default, f"{told} Also from `{parameter.envvar}`." if parameter.envvar else told

"""What every command shares: finding the settings, saying what is wrong, running what is async."""

from __future__ import annotations

import asyncio
import os
import pwd
import sys
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn, TypeVar

import typer
from rich.console import Console
from rich.markup import escape

from toegang import config, log
from toegang.app import build_ground
from toegang.errors import ToegangError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Coroutine

    from toegang.app.ground import Ground
    from toegang.config import Settings

T = TypeVar("T")

DEFAULT = Path("toegang.toml")
ConfigFile = Annotated[
    Path,
    typer.Option(
        "--config", "-c", help="The file with settings.", envvar="TOEGANG_CONFIG", show_default=True
    ),
]

# No emoji: `:CD:` in a fingerprint is no picture of a disc.
out = Console(highlight=False, soft_wrap=True, emoji=False)
err = Console(stderr=True, highlight=False, soft_wrap=True, emoji=False)


def shown(text: str) -> str:
    """Make a text of others harmless: no markup, and nothing that a terminal obeys."""
    return escape("".join(sign if sign.isprintable() else "?" for sign in text))


def fail(text: str) -> NoReturn:
    """Say what is wrong and stop with exit code 1."""
    err.print(f"[bold red]Not done:[/] {escape(text)}")
    raise typer.Exit(1)


def by_command() -> str:
    """Return by whose hand a command is done: as the system knows them, whatever the environment says."""
    user = os.getuid()
    try:
        return f"command:{pwd.getpwuid(user).pw_name}"
    except KeyError:  # as in a container, where nobody gave the user a name
        return f"command:user-{user}"


def settings_of(path: Path) -> Settings:
    """Read the settings, or say what is wrong with them."""
    try:
        return config.load(path, os.environ)
    except ToegangError as error:
        fail(error.detail)


def run(work: Coroutine[Any, Any, T]) -> T:
    """Run the async part of a command; trouble is said in one line, without a stack trace."""
    log.configure("warning", sys.stderr)
    try:
        return asyncio.run(work)
    except ToegangError as error:
        fail(error.detail or error.code)


@asynccontextmanager
async def ground(settings: Settings) -> AsyncIterator[Ground]:
    """Open what commands work on, and close it again."""
    opened = build_ground(settings)
    try:
        await opened.database.open()
        yield opened
    finally:
        await opened.outbound.aclose()
        await opened.database.close()

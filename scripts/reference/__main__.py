"""Write docs/reference/*.md from the code, or check that they are what the code says."""

import sys
from collections.abc import Callable
from pathlib import Path

from scripts.reference import commands, errors, events, requirements, routes, settings

FOLDER = Path(__file__).parent.parent.parent / "docs" / "reference"
PAGES: dict[str, Callable[[], str]] = {
    "commands.md": commands.page,
    "routes.md": routes.page,
    "settings.md": settings.page,
    "errors.md": errors.page,
    "events.md": events.page,
    "requirements.md": requirements.page,
}


def outdated() -> list[str]:
    """Return the names of the pages that do not say what the code says."""
    return [name for name, page in PAGES.items() if current(name) != page()]


def current(name: str) -> str:
    """Return a page as it stands, '' when it does not exist."""
    path = FOLDER / name
    return path.read_text("utf-8") if path.exists() else ""


def main() -> int:
    """Write what is outdated; with `--check` only name it."""
    names = outdated()
    if "--check" in sys.argv[1:]:
        for name in names:
            print(f"docs/reference/{name} is not what the code says; run `make reference`")
        return int(bool(names))
    for name in names:
        (FOLDER / name).write_text(PAGES[name](), "utf-8")
        print(f"written: docs/reference/{name}")
    return 0


if __name__ == "__main__":
    sys.exit(main())

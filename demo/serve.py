"""One party as a process: `python -m demo.serve PARTY HOME`."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import uvicorn

from demo.places import Party, Places

if TYPE_CHECKING:
    from starlette.applications import Starlette


def application(party: Party, places: Places) -> Starlette:
    """Make the party's web application; its module has the party's name."""
    module = importlib.import_module(f"demo.{party}")
    made: Starlette = module.build(places)
    return made


def main(party: str, home: str) -> None:
    """Serve until told to stop."""
    places = Places.read(Path(home))
    app = application(Party(party), places)
    uvicorn.run(app, host="127.0.0.1", port=places.port(Party(party)), log_level="info")


if __name__ == "__main__":
    main(*sys.argv[1:])

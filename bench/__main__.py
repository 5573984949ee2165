"""Run a bench by name: `python -m bench login [--quick] [--json]`."""

from __future__ import annotations

import argparse
import asyncio
import importlib
import json
import sys

# Each name is a module of this package; imported only when asked, because of what it needs.
BENCHES = ("login", "takes")


def main() -> int:
    """Run what the command line asks; 1 when a target was not met."""
    parser = argparse.ArgumentParser(prog="bench", description="Measure the hub beside its peers.")
    parser.add_argument("name", choices=BENCHES)
    parser.add_argument("--quick", action="store_true", help="a short run, for trying it out")
    parser.add_argument("--json", action="store_true", help="one JSON object a line")
    asked = parser.parse_args()
    measures = asyncio.run(importlib.import_module(f"bench.{asked.name}").measure(quick=asked.quick))
    for measure in measures:
        print(json.dumps(measure.as_json()) if asked.json else measure.as_line())
    return 0 if all(measure.met for measure in measures) else 1


if __name__ == "__main__":
    sys.exit(main())

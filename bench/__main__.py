"""Run a bench by name: `python -m bench login [--quick] [--json]`; its progress goes to standard error."""

from __future__ import annotations

import argparse
import asyncio
import importlib
import json
import sys
from contextlib import redirect_stdout

# Each name is a module of this package; imported only when asked, because of what it needs.
BENCHES = ("login", "takes", "catalogue", "partners", "saml", "many", "waiting", "app", "mandates")


def main() -> int:
    """Run what the command line asks; 1 when a target was not met."""
    parser = argparse.ArgumentParser(prog="bench", description="Measure the hub beside its peers.")
    parser.add_argument("name", choices=BENCHES)
    parser.add_argument("--quick", action="store_true", help="a short run, for trying it out")
    parser.add_argument(
        "--json", action="store_true", help="one JSON object: the first figure, the others under `also`"
    )
    parser.add_argument("--scale", type=float, help="mandates: the part of a whole country, 1 is 50 million")
    parser.add_argument("--plans", action="store_true", help="mandates: say how PostgreSQL finds the answers")
    asked = parser.parse_args()
    more = {"scale": asked.scale, "show_plans": asked.plans} if asked.name == "mandates" else {}
    if asked.name != "mandates" and (asked.scale is not None or asked.plans):
        parser.error("--scale and --plans are for mandates")
    bench = importlib.import_module(f"bench.{asked.name}")
    # Whatever is said meanwhile, also by what installs a peer, is no part of the answer.
    with redirect_stdout(sys.stderr):
        measures = asyncio.run(bench.measure(quick=asked.quick, **more))
    if asked.json:
        first, *others = [measure.as_json() for measure in measures]
        print(json.dumps(first | {"also": others}))
    else:
        print(*(measure.as_line() for measure in measures), sep="\n")
    return 0 if all(measure.met for measure in measures) else 1


if __name__ == "__main__":
    sys.exit(main())

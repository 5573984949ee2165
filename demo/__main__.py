"""`python -m demo`: starts the demo and stops it again; `--once` proves it and ends."""

from __future__ import annotations

import argparse
import shutil
import sys
from pathlib import Path

from demo.hub import hub_program, prepare_hub
from demo.personas import read_personas
from demo.places import PORT_BASE, Party, Places
from demo.proof import ProofFailed, prove
from demo.supervisor import DemoFailed, Program, Supervisor

HOME = Path(__file__).resolve().parent.parent / ".toegang" / "demo"

TITLES = {
    Party.HUB: "The hub",
    Party.MUNICIPALITY: "Gemeente Zandermeer (level midden)",
    Party.HOSPITAL: "Ziekenhuis De Linde (basis; test results: midden)",
    Party.POPULATION: "Population register, with all personas",
    Party.TELEPHONE: "Telephones: text messages arrive here",
    Party.LETTERBOX: "Letter box: letters arrive here",
}


def main() -> int:
    """Run the demo and return the exit code."""
    options = read_options()
    # A proof begins with people who were not here before, and leaves a demo that runs as it is.
    home = options.home / "once" if options.once else options.home
    if options.once:
        shutil.rmtree(home, ignore_errors=True)
    places = Places(home=home, port_base=options.port_base)
    supervisor = Supervisor()
    supervisor.listen()
    try:
        demonstrate(places, supervisor, options)
    except (DemoFailed, ProofFailed, LookupError) as error:
        print(f"\nThe demo stopped: {error}", file=sys.stderr)
        return 1
    finally:
        supervisor.stop()
    return 0


def demonstrate(places: Places, supervisor: Supervisor, options: argparse.Namespace) -> None:
    """Start everything, and prove it or wait."""
    places.prepare()
    supervisor.start([party_program(places, party) for party in Party if party is not Party.HUB])
    if not options.without_hub:
        prepare_hub(places, say)
        supervisor.start([hub_program(places)])
    if options.once:
        say("")
        prove(places, say)
        say("\nProven: twelve people, two service providers, each at the level that it must ask.")
        return
    show(places)
    supervisor.watch()


def read_options() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        prog="./toegang demo", description="Try Toegang on this machine, with people who do not exist."
    )
    parser.add_argument(
        "--once", action="store_true", help="log in as proof, print each step and end; exit code 0 is proven"
    )
    parser.add_argument(
        "--port-base",
        type=port_base,
        default=PORT_BASE,
        metavar="N",
        help=f"the first of the {len(Party)} ports (default {PORT_BASE})",
    )
    parser.add_argument(
        "--without-hub",
        action="store_true",
        help="only the other parties, to start a hub beside them by hand",
    )
    parser.add_argument(
        "--home", type=lambda text: Path(text).resolve(), default=HOME, help=argparse.SUPPRESS
    )
    options = parser.parse_args()
    if options.once and options.without_hub:
        parser.error("--once needs the hub; leave out --without-hub")
    return options


def port_base(text: str) -> int:
    """Read the first port: an ordinary one, with room for the others after it."""
    found = int(text) if text.isdigit() else 0
    if not 1024 <= found <= 65_535 - len(Party):  # noqa: PLR2004 ports that need no rights
        message = "choose a number from 1024 to 65000"
        raise argparse.ArgumentTypeError(message)
    return found


def party_program(places: Places, party: Party) -> Program:
    """Return a party beside the hub as a process."""
    return Program(
        name=f"the {party}",
        command=(sys.executable, "-m", "demo.serve", party.value, str(places.home)),
        log=places.log(party),
        port=places.port(party),
        ready=f"{places.url(party)}/healthz",
        environment=places.environment(),
    )


def show(places: Places) -> None:
    """Print where to go and as whom."""
    say("\nThe demo is running. Everybody in it is made up.\n")
    for party, title in TITLES.items():
        say(f"  {places.url(party)}   {title}")
    say("\n  user name          password                        who")
    for persona in read_personas():
        if persona.account is not None:
            account = persona.account
            say(f"  {account.user_name:<18} {account.password:<31} {persona.full_name[:40]}: {persona.title}")
    without = [persona.full_name for persona in read_personas() if persona.account is None]
    say(f"  (no account yet)   {'':<31} {', '.join(without)}")
    say(f"\nLogs are in {places.home}. Stop with Ctrl-C.")


def say(line: str) -> None:
    """Print a line at once, also into a pipe."""
    print(line, flush=True)


if __name__ == "__main__":
    raise SystemExit(main())

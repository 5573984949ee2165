"""`python -m demo`: starts the demo and stops it again; `--once` proves it and ends."""

from __future__ import annotations

import argparse
import dataclasses
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from demo import guests
from demo.hub import hub_program, prepare_hub
from demo.personas import read_personas
from demo.places import PORT_BASE, PORTS, Guest, Party, Places
from demo.proof import ProofFailed, prove
from demo.supervisor import DemoFailed, Program, Supervisor

if TYPE_CHECKING:
    from collections.abc import Callable

NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven")
HOME = Path(__file__).resolve().parent.parent / ".toegang" / "demo"

TITLES = {
    Party.HUB: "The hub",
    Party.MUNICIPALITY: "Gemeente Zandermeer (level midden)",
    Party.HOSPITAL: "Ziekenhuis De Linde (basis; test results: midden)",
    Party.POPULATION: "Population register, with all personas",
    Party.TELEPHONE: "Telephones: text messages arrive here",
    Party.LETTERBOX: "Letter box: letters arrive here",
    Party.PUSHSERVICE: "Push service: brings apps what it cannot read",
    Party.PAPERS: "Identity documents, their register, and a reader",
    Party.MAILBOX: "Mail box: mail arrives here",
    Party.CARDS: "Cards with an e-function, and a reader where their PIN is typed",
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
    if not (options.without_hub or options.without_guests):
        places = dataclasses.replace(places, guests=guests.invite(places, say))
    places.prepare()
    supervisor.start([party_program(places, party) for party in Party if party is not Party.HUB])
    if not options.without_hub:
        prepare_hub(places, say, lambda: bring_guests(places, supervisor, say))
        start_hub(places, supervisor, say)
    if options.once:
        say("")
        prove(places, say)
        say(f"\nProven: {told(places)}, each at the level that it must ask.")
        return
    show(places)
    supervisor.watch()


def bring_guests(places: Places, supervisor: Supervisor, say: Callable[[str], None]) -> None:
    """Give the guests what they must know, and have them start while others do."""
    if places.guests:
        say("starting the parties on other software ...")
        guests.furnish(places)
        supervisor.launch(guests.programs(places))


def start_hub(places: Places, supervisor: Supervisor, say: Callable[[str], None]) -> None:
    """Start the hub, and have it know its guests."""
    supervisor.start([hub_program(places), *guests.door(places)])
    if places.guests:
        say("taking over the metadata of partners ...")
        guests.introduce(places)


def told(places: Places) -> str:
    """Say who took part in a proof."""
    providers = 2 + len({Guest.PORTAL, Guest.PRACTICE, Guest.PHARMACY} & set(places.guests))
    means = 4 + len({Guest.BANK, Guest.PASS} & set(places.guests))
    counted = f"{NUMBERS[means]} login means"
    return f"fourteen people, {NUMBERS[providers]} service providers, {counted}"


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
        help=f"the first of the {PORTS} ports (default {PORT_BASE})",
    )
    parser.add_argument(
        "--without-hub",
        action="store_true",
        help="only the other parties, to start a hub beside them by hand",
    )
    parser.add_argument(
        "--without-guests",
        action="store_true",
        help="without the parties on other software, which are installed into environments of their own",
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
    if not 1024 <= found <= 65_535 - PORTS:  # noqa: PLR2004 ports that need no rights
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
    for guest, title in guests.TITLES.items():
        if guest in places.guests:
            say(f"  {places.url(guest)}   {title}")
    say("\n  user name          password                        who")
    for persona in read_personas():
        if persona.account is not None:
            account = persona.account
            say(f"  {account.user_name:<18} {account.password:<31} {persona.full_name[:40]}: {persona.title}")
    without = [persona.full_name for persona in read_personas() if persona.account is None]
    say(f"  (no account yet)   {'':<31} {', '.join(without)}")
    if Guest.BANK in places.guests:
        say(f"\n  Bankmiddel: the first name in small letters, and the password {guests.BANK_PASSWORD!r}")
    show_cockpit(places)
    say(f"\nLogs are in {places.home}. Stop with Ctrl-C.")


def show_cockpit(places: Places) -> None:
    """Print who operates the hub, and where."""
    operators = [one.account.user_name for one in read_personas() if one.account and one.account.operator]
    say(f"\n  {', '.join(operators)} also operates the hub, at {places.url(Party.HUB)}/cockpit/keys")
    clerks = [one.account.user_name for one in read_personas() if one.account and one.account.clerk]
    say(f"  {' and '.join(clerks)} work at the desk, at {places.url(Party.HUB)}/desk")
    if Guest.PRACTICE in places.guests:
        say(f"  metadata to upload there: the file on {places.url(Guest.PRACTICE)}, by its SHA-256")


def say(line: str) -> None:
    """Print a line at once, also into a pipe."""
    print(line, flush=True)


if __name__ == "__main__":
    raise SystemExit(main())

"""The hub in the demo: its settings, its keys, its catalogue and the accounts of the personas.

The hub is started as anybody would start it: `python -m toegang`, with a settings file and nothing else.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from demo import issued_cards, issued_papers
from demo.catalogue import ACCOUNT_SERVICE, CITIZEN_MEANS, write_catalogue
from demo.guests import write_secrets
from demo.places import Guest, Party, secret
from demo.supervisor import Program, run

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from demo.places import Places

SETTINGS = """\
# The hub of the demo. Written by `./toegang demo`; a change here lasts until the next start.
[hub]
issuer = "{issuer}"
name = "Toegang"
demo = true
operator = "Toegang (demo)"
help_telephone = "0800 0000 (demo)"
account_service = "{account_service}"
citizen_means = "{citizen_means}"
{back_channel}
[listen]
{listen}
workers = 1

[storage]
url = "sqlite:///{home}/hub/toegang.db"

[secrets]
seal = "hub/secrets/seal"
find = "hub/secrets/find"
pairwise = "hub/secrets/pairwise"
tokens = "hub/secrets/tokens"
passwords = "hub/secrets/passwords"

[keys]
oidc = "hub/keys/oidc"
trail = "hub/keys/trail.pem"

[population]
url = "{population}"
token_file = "hub/population.token"
events = true

# The registers that tell who acts for whom live with the population register.
[families]
url = "{population}"
token_file = "hub/population.token"

[courts]
url = "{population}/courts"
token_file = "hub/population.token"

[estates]
url = "{population}/estates"
token_file = "hub/population.token"

[organisations]
url = "{population}/trade"
token_file = "hub/population.token"

[sms]
url = "{telephone}"
token_file = "hub/telephone.token"
# In a demo somebody logs in over and over.
per_minute = 6

[letters]
url = "{letterbox}"
token_file = "hub/letterbox.token"

[mail]
host = "localhost"
port = {mail_port}
security = "none"
sender = "niet-antwoorden@toegang.example"
misuse = "misbruik@toegang.example"

[push]
services = ["{pushservice}"]

[documents]
register = "{papers}"
token_file = "hub/papers.token"
travel_trust = "papers/travel/trust"
licence_trust = "papers/licence/trust"
reader = "{papers}"

[cards]
register = "{cards}"
token_file = "hub/cards.token"
trust = "cards/trust"
terminal = "cards/terminal"

[means]
secrets = "hub/means"

[audit]
checkpoints = "hub/checkpoints"

# The other parties of the demo listen on this machine, without TLS.
[outbound]
networks = ["127.0.0.0/8", "::1/128"]
plain_http = ["localhost"]
"""

BEHIND = """\
socket = "{socket}"
client_certificates = true"""
"""How it listens with the door in front, where TLS asks servers of partners for a certificate."""

PARTIES = (Party.POPULATION, Party.TELEPHONE, Party.LETTERBOX, Party.PAPERS, Party.CARDS)


def prepare_hub(
    places: Places, say: Callable[[str], None], when_it_has_keys: Callable[[], None] | None = None
) -> None:
    """Write what the hub needs; what is there already (keys, accounts) stays.

    Others who need the hub's keys begin `when_it_has_keys`, while the rest is written.

    Raises:
        DemoFailed: one of the hub's own commands failed.

    """
    settings = write_settings(places)
    catalogue = write_catalogue(places)
    named = ("--config", str(settings))
    steps = (("making tables", ("toegang", "database", "upgrade", *named)),)
    rest = (
        ("reading the catalogue", ("toegang", "catalogue", "import", *named, "--complete", str(catalogue))),
        ("making the accounts of the personas", ("demo.accounts", str(settings))),
        ("appointing an operator and two clerks", ("demo.operators", str(settings))),
        ("giving mandates of before", ("demo.represented", str(settings))),
        ("making up a year of logins, for the figures", ("demo.past", str(settings))),
    )
    make_keys(places, say, settings)
    _take(places, say, steps)
    if not (places.home / "hub" / "keys" / "mandates" / "ring.toml").exists():
        # A demo of before the register of mandates had a key of its own, which `keys init` leaves as it is.
        register = ("toegang", "keys", "generate", "RS256", "--ring", "mandates", *named)
        _take(places, say, (("making the key of the register of mandates", register),))
    if when_it_has_keys:
        when_it_has_keys()
    _take(places, say, rest)


def make_keys(places: Places, say: Callable[[str], None], settings: Path) -> None:
    """Make the keys that are not there.

    Also that of the register of mandates, in a folder of a version in which the hub signed for it: there
    nobody has to take the new one over first.
    """
    named = ("--config", str(settings))
    _take(places, say, (("making keys", ("toegang", "keys", "init", *named)),))
    if not (places.home / "hub" / "keys" / "mandates").exists():
        late = ("toegang", "keys", "generate", "RS256", "--ring", "mandates", *named)
        _take(places, say, (("making the key of the register of mandates", late),))


def _take(places: Places, say: Callable[[str], None], steps: Sequence[tuple[str, tuple[str, ...]]]) -> None:
    for what, command in steps:
        say(f"{what} ...")
        run(what, (sys.executable, "-m", *command), places.home / "prepare.log", places.environment())


def write_settings(places: Places) -> Path:
    """Write the settings file and the secrets that prove the hub to the parties; return the file."""
    folder = places.home / "hub"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for party in PARTIES:
        file = folder / f"{party}.token"
        file.touch(mode=0o600)
        file.write_text(secret(party))
    urls = {party.value: places.url(party) for party in PARTIES}
    write_secrets(places)
    issued_papers.prepare(places)
    issued_cards.prepare(places)
    path = places.home / "hub.toml"
    behind = Guest.DOOR in places.guests
    path.write_text(
        SETTINGS.format(
            issuer=places.url(Party.HUB),
            back_channel=f'back_channel = "{places.back_channel}"\n' if behind else "",
            listen=BEHIND.format(socket=places.socket) if behind else f"port = {places.port(Party.HUB)}",
            home=places.home,
            account_service=ACCOUNT_SERVICE,
            citizen_means=CITIZEN_MEANS,
            pushservice=places.url(Party.PUSHSERVICE),
            mail_port=places.mail_port,
            **urls,
        ),
        encoding="utf-8",
    )
    return path


def hub_program(places: Places) -> Program:
    """Return the hub as a process."""
    return Program(
        name="the hub",
        command=(sys.executable, "-m", "toegang", "serve", "--config", str(places.home / "hub.toml")),
        log=places.log(Party.HUB),
        port=places.port(Party.HUB),
        ready=f"{places.url(Party.HUB)}/.well-known/openid-configuration",
        environment=places.environment(),
    )

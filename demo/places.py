"""Where everything of a demo is: addresses, files and the made-up secrets between the parties."""

from __future__ import annotations

import enum
import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from joserfc.jwk import RSAKey


class Party(enum.StrEnum):
    """The parties, in the order of their ports."""

    HUB = "hub"
    MUNICIPALITY = "municipality"
    HOSPITAL = "hospital"
    POPULATION = "population"
    TELEPHONE = "telephone"
    LETTERBOX = "letterbox"
    PUSHSERVICE = "pushservice"
    PAPERS = "papers"
    CARDS = "cards"
    MAILBOX = "mailbox"


class Guest(enum.StrEnum):
    """The parties on software that is not ours, in the order of their ports; a demo can do without them.

    Most run in an environment of their own (environments.py). The door is the hub's; the pharmacy is this
    machine's Apache, and the counter is the application behind that.
    """

    DOOR = "door"
    PORTAL = "portal"
    PRACTICE = "practice"
    BANK = "bank"
    PASS = "pass"
    PHARMACY = "pharmacy"
    COUNTER = "counter"


PORT_BASE = 8100
PORTS = len(Party) + len(Guest) + 1
"""One for each, and the last for the mail server, which the mail box runs."""
COMPILED = Path(__file__).resolve().parent.parent / ".toegang" / "compiled"
ALGORITHMS = {"sig": "PS256", "enc": "RSA-OAEP-256"}
"""What the service providers sign with, and have told to them with (profile nlgov)."""

KEY_HOLDERS = (Party.MUNICIPALITY, Party.HOSPITAL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """Everything that the parties of one demo must agree on."""

    home: Path
    port_base: int = PORT_BASE
    guests: tuple[Guest, ...] = ()

    @classmethod
    def read(cls, home: Path) -> Self:
        """Read what `prepare` wrote."""
        found = json.loads((home / "demo.json").read_text())
        guests = tuple(Guest(name) for name in found["guests"])
        return cls(home=home, port_base=found["port_base"], guests=guests)

    def prepare(self) -> None:
        """Make the folders, the keys of the service providers and the note for the processes."""
        self.keys.mkdir(mode=0o700, parents=True, exist_ok=True)
        for party in KEY_HOLDERS:
            path = self.key_file(party)
            if not path.exists():
                path.touch(mode=0o600)
                path.write_text(json.dumps({"keys": [_new_key(use) for use in ("sig", "enc")]}))
        note = {"port_base": self.port_base, "guests": self.guests}
        (self.home / "demo.json").write_text(json.dumps(note))

    def port(self, party: Party | Guest) -> int:
        """Return the party's port on the loopback address."""
        if isinstance(party, Guest):
            return self.port_base + len(Party) + list(Guest).index(party)
        return self.port_base + list(Party).index(party)

    def url(self, party: Party | Guest) -> str:
        """Return the party's address; cookies differ by name, because ports do not keep them apart."""
        return f"http://localhost:{self.port(party)}"

    @property
    def mail_port(self) -> int:
        """The port of the mail server on the loopback address; what comes there is on the mail box's page."""
        return self.port_base + PORTS - 1

    @property
    def back_channel(self) -> str:
        """The address of the hub where TLS asks other servers for their certificate."""
        return f"https://localhost:{self.port(Guest.DOOR)}"

    @property
    def socket(self) -> Path:
        """Where the hub listens when it has a door in front."""
        return self.home / "hub" / "door"

    @property
    def authority(self) -> Path:
        """The certificate of who vouches for the servers of the demo."""
        return self.home / "authority" / "certificate.pem"

    def folder(self, guest: Guest) -> Path:
        """Return where the files of a guest are."""
        return self.home / guest.value

    def log(self, party: Party | Guest) -> Path:
        """Return where the party's output goes."""
        return self.home / f"{party}.log"

    def key_file(self, party: Party) -> Path:
        """Return where the private keys of a service provider are, as a JWK Set."""
        return self.keys / f"{party}.jwks.json"

    def private_key(self, party: Party, use: str) -> RSAKey:
        """Return a service provider's key to sign (`sig`) or to decrypt (`enc`) with."""
        found = json.loads(self.key_file(party).read_text())["keys"]
        return RSAKey.import_key(next(key for key in found if key["use"] == use))

    def public_jwks(self, party: Party) -> dict[str, Any]:
        """Return the public key set of a service provider, as it is registered in the catalogue."""
        keys = (self.private_key(party, use) for use in ("sig", "enc"))
        return {"keys": [key.as_dict(private=False) for key in keys]}

    def environment(self) -> dict[str, str]:
        """Return what a process of the demo gets: ours, and where its compiled code is kept.

        Every process starts twice as fast with it, also where nothing may be written beside the source.
        """
        ours = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
        return {"PYTHONPYCACHEPREFIX": str(COMPILED)} | ours

    @property
    def keys(self) -> Path:
        """Where the keys of the service providers are."""
        return self.home / "keys"


def secret(party: Party | Guest) -> str:
    """Return what proves the hub to a party: obviously not a secret."""
    return f"demo-not-a-secret-{party}"


def _new_key(use: str) -> dict[str, Any]:
    key = RSAKey.generate_key(2048, parameters={"use": use, "alg": ALGORITHMS[use]}, auto_kid=True)
    return dict(key.as_dict(private=True))

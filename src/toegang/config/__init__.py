"""Settings: one frozen tree, read from a TOML file, the environment and secret files.

    [listen]                            TOEGANG_LISTEN__PORT=8443
    port = 8443

A value comes from the environment (`TOEGANG_SECTION__NAME`), else from the file, else from its default.
Secrets are never values: a setting names the file that holds one. An unknown name is refused, with the
nearest known one; every setting has a default or is needed, and is explained here, which is where the
reference page comes from. Only app and cli read settings; other rooms are handed plain values.
Start in this file (`Settings`, the tree), then reading.py (how a file becomes one).
Never here: what a setting does (the room that is handed it).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from toegang.config.reading import ENVIRONMENT_PREFIX, read, setting

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["ENVIRONMENT_PREFIX", "Settings", "load", "setting"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Hub:
    """What the hub is called and where it lives."""

    issuer: str = setting(
        "The hub's address, without a slash at the end; the OpenID issuer. Fixed: no header changes it."
    )
    back_channel: str = setting(
        "Address (https) of the host where TLS asks clients for a certificate, if it is another one.", ""
    )
    name: str = setting("What people see the hub called.", "Toegang")
    demo: bool = setting("Show on every page that this is a demonstration.", default=False)
    theme: Path | None = setting("An extra style sheet, loaded after our own.", None)
    account_service: str = setting("UUID in the catalogue of the hub's own service, My account.")
    account_client: str = setting("Id in the catalogue of the client of My account.", "my-account")
    citizen_means: str = setting("Id in the catalogue of the hub's own citizen account.", "citizen-account")
    operator: str = setting("Who runs the hub, shown on every page.", "")
    help_mail: str = setting("Mail address of the help desk, shown on help pages.", "")
    help_telephone: str = setting("Telephone number of the help desk, shown on help pages.", "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Listen:
    """Where the server listens."""

    host: str = setting("Address to listen on.", "127.0.0.1")
    port: int = setting("Port to listen on.", 8000)
    socket: Path | None = setting("A unix socket behind nginx or haproxy, instead of host and port.", None)
    client_certificates: bool = setting(
        "Believe the proxy on the unix socket which certificate a client presents (mutual TLS).",
        default=False,
    )
    workers: int = setting("Number of worker processes.", 2)
    certificate: Path | None = setting("TLS certificate chain (PEM); without it TLS ends in front.", None)
    private_key: Path | None = setting("TLS private key (PEM, mode 0600).", None)
    connections: int = setting("Connections of a worker at once, besides pages that wait; above: 503.", 2000)
    pages: int = setting("Pages that wait for an app, held by a worker; above: they ask again.", 10_000)
    metrics_port: int = setting("Port of the metrics, on the loopback address only; 0 for none.", 0)
    grace: int = setting("Seconds that a stopping worker gets to finish what it is doing.", 20)
    trusted_proxies: tuple[str, ...] = setting(
        "Networks whose X-Forwarded-For is believed; none by default. Over a unix socket it always is.", ()
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Storage:
    """Where things are kept."""

    url: str = setting(
        "`sqlite:///path` (a single machine) or `postgresql://user@host/name` (a nation).",
        "sqlite:///toegang.db",
    )
    password_file: Path | None = setting("File with the database password.", None)
    pool: int = setting("PostgreSQL connections per worker.", 16)


@dataclass(frozen=True, slots=True, kw_only=True)
class Secrets:
    """Files with secrets of 32 random bytes; `toegang keys init` makes them."""

    seal: Path = setting("Seals identifiers and post. Losing it loses every BSN.")
    find: Path = setting("Finds what is sealed. Losing it loses every account.")
    pairwise: Path = setting("Derives pseudonyms (version 1). Losing it renames everybody at every service.")
    pairwise_next: Path | None = setting("Pseudonyms of version 2, for services that begin with it.", None)
    tokens: Path = setting("Refresh tokens, form tokens and nonces. Losing it ends the sessions.")
    passwords: Path = setting("Mixed into every password before hashing. Losing it loses every password.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Keys:
    """Signing and encryption keys."""

    oidc: Path = setting("Directory of the OpenID provider's keys; `toegang keys` makes and rotates them.")
    trail: Path = setting("Ed25519 key (PEM) that signs the checkpoints of the audit trail.")
    saml: Path | None = setting(
        "Directory of the keys for SAML and their certificates; the folder `saml` beside `oidc` without it.",
        None,
    )
    mandates: Path | None = setting(
        "The same for the register of mandates, which signs who acts for whom; `mandates` beside `oidc`.",
        None,
    )

    @property
    def saml_folder(self) -> Path:
        """Where the keys for SAML are."""
        return self.saml or self.oidc.parent / "saml"

    @property
    def mandates_folder(self) -> Path:
        """Where the keys of the register of mandates are."""
        return self.mandates or self.oidc.parent / "mandates"


@dataclass(frozen=True, slots=True, kw_only=True)
class Saml:
    """How the hub is known to partners who speak SAML."""

    entity_id: str = setting(
        "The hub's name (a URI, at most 1024 characters); `/saml/metadata` at the issuer without it. "
        "Partners register it: once known it stays.",
        "",
    )
    mandates_entity_id: str = setting(
        "The same for its register of mandates, an entity of its own; `/saml/mandates/metadata` without it.",
        "",
    )
    organisation: str = setting("Organisation in the certificates that the hub makes for its keys.", "")
    oin: str = setting("Its OIN (20 digits), as serialNumber in those certificates.", "")
    rsa_bits: int = setting("Bits of new keys: 3072, or 2048 for twice the logins per second.", 3072)


@dataclass(frozen=True, slots=True, kw_only=True)
class Login:
    """How long things of a login last."""

    lifetime: int = setting("Seconds from request to answer (STSAML-session: at most 15 minutes).", 900)
    session_lifetime: int = setting("Seconds that single sign-on lasts at most.", 900)


@dataclass(frozen=True, slots=True, kw_only=True)
class Means:
    """Login means of other parties; which there are stands in the catalogue."""

    secrets: Path | None = setting("Folder with our secrets at other parties, a file for each means.", None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Documents:
    """Checks of identity documents, by which an app becomes substantial; none without `register`."""

    register: str = setting("Address of their register (docs/protocols/document-register.md).", "")
    token_file: Path | None = setting("File with the bearer token that we show it.", None)
    travel_trust: Path | None = setting(
        "Folder with whom to believe of passports and identity cards: `authorities`, `links`, `lists` and "
        "`masters` in it. Without it they are not read.",
        None,
    )
    licence_trust: Path | None = setting(
        "The same for driving licences, whose authorities are others. Without it they are not read.", None
    )
    reader: str = setting("Address of the page where people get the reader, shown at `/reader/`.", "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Passkeys:
    """Which models of authenticators are vouched for; what each is worth stands in the catalogue."""

    roots: Path | None = setting("Folder with the roots of each model, in a file `<AAGUID>.pem`.", None)
    metadata: Path | None = setting(
        "The FIDO Alliance's metadata (MDS3), as a file; one with a higher number counts within a minute.",
        None,
    )
    metadata_root: Path | None = setting("The root that its signature must lead to (PEM).", None)
    metadata_lists: Path | None = setting(
        "Folder with lists of revoked certificates (CRL) of the authorities of its signer, of each of them; "
        "without it nobody looks whether one was taken back.",
        None,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Cards:
    """Logging in with an identity card or driving licence and its PIN (high); none without `register`."""

    register: str = setting("Address of the register of cards (docs/protocols/card-register.md).", "")
    token_file: Path | None = setting("File with the bearer token that we show it.", None)
    trust: Path | None = setting("Folder with whom to believe of cards, as `documents.travel_trust`.", None)
    terminal: Path | None = setting("Folder with our `*.cvcert` in order, and `terminal.pem`.", None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outbound:
    """What the hub may call."""

    networks: tuple[str, ...] = setting("Private networks that may be called (CIDR); none by default.", ())
    plain_http: tuple[str, ...] = setting("Hosts that may be called without TLS; none by default.", ())
    authorities: Path | None = setting("Certificates trusted for calls (PEM); the system's without it.", None)
    client_certificate: Path | None = setting(
        "Our certificate, its chain after it (PEM): shown to partners whose SOAP service asks for one.", None
    )
    client_key: Path | None = setting("Its private key (PEM, mode 0600).", None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """A party outside: where its interface is, and the file with our secret for it."""

    url: str = setting("Address of its interface.")
    token_file: Path | None = setting("File with the bearer token that we show.", None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Population(Party):
    """The population register."""

    events: bool = setting(
        "Follow what it tells: death, a move, another number, a lost document.", default=False
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Register:
    """A register that tells who acts for whom by law; without `url` it counts as silent."""

    url: str = setting("Address of its interface.", "")
    token_file: Path | None = setting("File with the bearer token that we show.", None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Families(Register):
    """Parental authority, derived from families as the population register tells them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Custody(Register):
    """Parental authority as the population register says itself, instead of `families`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Courts(Register):
    """The register of courts: curatele, bewind and mentorship."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Estates(Register):
    """The register of estates: heirs and executors."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Organisations(Register):
    """The trade register: who acts for an organisation, and what it is called."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Representation:
    """Acting for another: how long registers are waited for, and believed."""

    registers_within: int = setting(
        "Seconds for all registers that a question needs, asked side by side; who is later is silent.", 4
    )
    names_within: int = setting("Seconds for the names on a page; who is later has none there.", 3)
    law_remembered: int = setting(
        "Seconds for which what registers told counts when tokens are refreshed; 0: not at all.", 300
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Sms:
    """The gateway that sends text messages."""

    url: str = setting("Address of its interface (docs/protocols/sms-gateway.md).")
    token_file: Path | None = setting("File with the bearer token that we show.", None)
    countries: tuple[str, ...] = setting("Country codes that get messages (against toll fraud).", ("31",))
    per_hour: int = setting("Messages per hour for the whole hub, against pumping.", 20_000)
    per_minute: int = setting("Messages per minute to one number, against pestering somebody.", 2)
    sender: str = setting("What the telephone shows as sender.", "Toegang")


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """The server that takes our mail; none without `host`, and then nobody can choose mail."""

    host: str = setting("Host name of the mail server.", "")
    port: int = setting("Its port: usually 587 for `starttls`, 465 for `tls`.", 587)
    security: str = setting(
        "`starttls` or `tls`, with its certificate checked; `none` only for a host in outbound.plain_http.",
        "starttls",
    )
    user: str = setting("User name that we prove ourselves with; none where the server knows us.", "")
    password_file: Path | None = setting("File with the password of that user.", None)
    sender: str = setting("Address that mail comes from; it cannot be replied to.", "")
    misuse: str = setting(
        "Mailbox of operators that gets each report of misuse, without who it is about.", ""
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Push:
    """Telling apps that a login waits for them."""

    services: tuple[str, ...] = setting(
        "Push services that are called: origins, or all below a name (`https://*.example`). None: no push.",
        (),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Desks:
    """Desks where people are helped to add the app."""

    level: str = setting("Level of clerks: `substantial` or `high`; `low` to practise.", "substantial")
    second_officer: bool = setting("Whether another officer must look too, and gives the code.", default=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Audit:
    """Where the signed checkpoints of the trail leave the database."""

    checkpoints: Path | None = setting("File for checkpoints to append to; keep it on another disk.", None)
    witness: str = setting("Address of another host that takes checkpoints (HTTP POST); empty for none.", "")
    witness_token_file: Path | None = setting("File with the bearer token that we show the witness.", None)
    retention_days: int = setting(
        "Days that the trail keeps who it was about; then only the proof is left. 0 keeps it for good.", 2557
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Weaknesses:
    """Where weaknesses are reported: what `/.well-known/security.txt` says (RFC 9116)."""

    contacts: tuple[str, ...] = setting(
        "Addresses to report to, the preferred one first: `mailto:`, `tel:` or `https:`. None: no file.", ()
    )
    expires: str = setting("Until when the contacts hold, as `2027-12-31T12:00:00Z`; a year at most.", "")
    policy: str = setting("Address (https) of the page with the rules for who reports.", "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Log:
    """Logging."""

    level: str = setting("debug, info, warning or error.", "info")


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Everything that can be set."""

    hub: Hub
    secrets: Secrets
    keys: Keys
    population: Population
    sms: Sms
    letters: Party
    families: Families = field(default_factory=Families)
    custody: Custody = field(default_factory=Custody)
    courts: Courts = field(default_factory=Courts)
    estates: Estates = field(default_factory=Estates)
    organisations: Organisations = field(default_factory=Organisations)
    representation: Representation = field(default_factory=Representation)
    listen: Listen = field(default_factory=Listen)
    storage: Storage = field(default_factory=Storage)
    login: Login = field(default_factory=Login)
    saml: Saml = field(default_factory=Saml)
    means: Means = field(default_factory=Means)
    documents: Documents = field(default_factory=Documents)
    passkeys: Passkeys = field(default_factory=Passkeys)
    cards: Cards = field(default_factory=Cards)
    outbound: Outbound = field(default_factory=Outbound)
    mail: Mail = field(default_factory=Mail)
    push: Push = field(default_factory=Push)
    desks: Desks = field(default_factory=Desks)
    audit: Audit = field(default_factory=Audit)
    weaknesses: Weaknesses = field(default_factory=Weaknesses)
    log: Log = field(default_factory=Log)


def load(path: Path, environment: Mapping[str, str]) -> Settings:
    """Read the settings.

    Raises:
        Misconfigured: as `reading.read`.

    """
    return read(Settings, path, environment)

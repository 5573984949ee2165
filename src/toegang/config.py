"""Settings: one frozen tree, read from a TOML file, the environment and secret files.

    [listen]                            TOEGANG_LISTEN__PORT=8443
    port = 8443

A value comes from the environment (`TOEGANG_SECTION__NAME`), else from the file, else from its default.
Secrets are never values: a setting names the file that holds one. An unknown name is refused, with the
nearest known one; every setting has a default or is needed, and is explained here, which is where the
reference page comes from. Only app and cli read settings; other rooms are handed plain values.
"""

from __future__ import annotations

import dataclasses
import difflib
import tomllib
import types
import typing
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from toegang.errors import Misconfigured

if TYPE_CHECKING:
    from collections.abc import Mapping

ENVIRONMENT_PREFIX = "TOEGANG_"
S = TypeVar("S")


def setting(explained: str, default: Any = dataclasses.MISSING) -> Any:  # noqa: ANN401 dataclasses.field is untyped too
    """Declare a setting: what it is for, its unit, and its default if it has one."""
    if default is dataclasses.MISSING:
        return field(metadata={"explained": explained})
    return field(default=default, metadata={"explained": explained})


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
    socket: Path | None = setting(
        "A unix socket to listen on, behind nginx or haproxy; instead of host and port.", None
    )
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

    @property
    def saml_folder(self) -> Path:
        """Where the keys for SAML are."""
        return self.saml or self.oidc.parent / "saml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Saml:
    """How the hub is known to partners who speak SAML."""

    entity_id: str = setting(
        "The hub's name (a URI, at most 1024 characters); `/saml/metadata` at the issuer without it. "
        "Partners register it: once known it stays.",
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

    secrets: Path | None = setting(
        "Folder with the secrets that we have at other parties: a file per means, named by its id.", None
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Documents:
    """Checks of identity documents, by which an app becomes substantial; none without `register`."""

    register: str = setting(
        "Address of the document register's interface (docs/protocols/document-register.md).", ""
    )
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
    metadata: Path | None = setting("The FIDO Alliance's metadata (MDS3), as a file; read at start.", None)
    metadata_root: Path | None = setting("The root that its signature must lead to (PEM).", None)


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
        "Follow what it tells of people: death, a move, another number, a lost document.",
        default=False,
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

    checkpoints: Path | None = setting(
        "File that checkpoints are appended to; keep it on another disk.", None
    )
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
    expires: str = setting(
        "Moment until which the contacts hold, such as `2027-12-31T12:00:00Z`; at most a year ahead.", ""
    )
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
    listen: Listen = field(default_factory=Listen)
    storage: Storage = field(default_factory=Storage)
    login: Login = field(default_factory=Login)
    saml: Saml = field(default_factory=Saml)
    means: Means = field(default_factory=Means)
    documents: Documents = field(default_factory=Documents)
    passkeys: Passkeys = field(default_factory=Passkeys)
    outbound: Outbound = field(default_factory=Outbound)
    push: Push = field(default_factory=Push)
    desks: Desks = field(default_factory=Desks)
    audit: Audit = field(default_factory=Audit)
    weaknesses: Weaknesses = field(default_factory=Weaknesses)
    log: Log = field(default_factory=Log)


def load(path: Path, environment: Mapping[str, str]) -> Settings:
    """Read the settings.

    Relative paths are relative to the file's directory.

    Raises:
        Misconfigured: cannot be read, an unknown name, a wrong type or a missing value; all of them
            at once, each with what to do.

    """
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        message = f"cannot read {path}: {error.strerror}; give the settings with --config FILE"
        raise Misconfigured(message) from error
    except tomllib.TOMLDecodeError as error:
        message = f"{path}: {error}"
        raise Misconfigured(message) from error
    reader = _Reader(path.parent.resolve(), environment)
    settings = reader.section(Settings, document, "")
    if reader.problems:
        raise Misconfigured("\n".join([f"{path}:", *reader.problems]))
    return settings


class _Reader:
    """Reads a tree of dataclasses out of plain values, collecting every problem."""

    def __init__(self, base: Path, environment: Mapping[str, str]) -> None:
        self.base = base
        self.environment = environment
        self.problems: list[str] = []

    def section(self, kind: type[S], values: Mapping[str, Any], at: str) -> S:
        """Read one section; `at` is its dotted name with a dot at the end, or empty for the root."""
        hints = typing.get_type_hints(kind)
        fields = dataclasses.fields(kind)  # type: ignore[arg-type]
        names = [each.name for each in fields]
        for unknown in sorted(values.keys() - set(names)):
            near = difflib.get_close_matches(unknown, names, 1)
            self.problems.append(
                f"  {at}{unknown}: unknown" + (f"; did you mean {at}{near[0]}?" if near else "")
            )
        found: dict[str, Any] = {}
        for each in fields:
            value = self._value(each, hints[each.name], values, at)
            if value is not dataclasses.MISSING:
                found[each.name] = value
        # An incomplete section cannot be made; its problems were noted, and nobody gets to use it.
        return kind(**found) if not self.problems else typing.cast("S", None)

    def _value(self, each: dataclasses.Field[Any], hint: Any, values: Mapping[str, Any], at: str) -> Any:  # noqa: ANN401
        name = f"{at}{each.name}"
        if dataclasses.is_dataclass(hint):
            inner = values.get(each.name, {})
            if not isinstance(inner, dict):
                self.problems.append(f"  {name}: must be a section, [{name}]")
                return dataclasses.MISSING
            return self.section(typing.cast("type[Any]", hint), inner, f"{name}.")
        variable = ENVIRONMENT_PREFIX + name.upper().replace(".", "__")
        if variable in self.environment:
            return self._from_text(self.environment[variable], hint, variable)
        if each.name in values:
            return self._from_toml(values[each.name], hint, name)
        if each.default is dataclasses.MISSING:
            self.problems.append(f"  {name}: needed. {each.metadata['explained']}")
        return dataclasses.MISSING

    def _from_text(self, text: str, hint: Any, name: str) -> Any:  # noqa: ANN401
        plain = _plain(hint)
        if plain is bool:
            if text.lower() in {"true", "false"}:
                return text.lower() == "true"
            self.problems.append(f"  {name}: must be true or false")
            return dataclasses.MISSING
        if plain is int:
            if text.isascii() and text.isdigit():
                return int(text)
            self.problems.append(f"  {name}: must be a whole number")
            return dataclasses.MISSING
        if typing.get_origin(plain) is tuple:
            return tuple(part.strip() for part in text.split(",") if part.strip())
        return self._from_toml(text, hint, name)

    def _from_toml(self, value: object, hint: Any, name: str) -> Any:  # noqa: ANN401
        plain = _plain(hint)
        if plain is Path and isinstance(value, str):
            return (self.base / value).resolve()
        if typing.get_origin(plain) is tuple and isinstance(value, list):
            if all(isinstance(part, str) for part in value):
                return tuple(value)
        elif isinstance(plain, type) and type(value) is plain:
            return value
        words = {str: "text", int: "a whole number", bool: "true or false", Path: "a path in quotes"}
        self.problems.append(f"  {name}: must be {words.get(plain, 'a list of texts')}")
        return dataclasses.MISSING


def _plain(hint: Any) -> Any:  # noqa: ANN401
    """Return the type of a setting that may be left out without its None."""
    if isinstance(hint, types.UnionType):
        return next(arm for arm in typing.get_args(hint) if arm is not types.NoneType)
    return hint

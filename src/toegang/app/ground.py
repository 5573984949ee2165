"""What everything stands on: secrets, keys, the database, the wire to others, the trail."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from ipaddress import ip_network
from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit, urlunsplit

from toegang.app.client_certificate import shown_by
from toegang.app.climbing import ladder
from toegang.app.metrics import CountedTrail, Metrics
from toegang.audit.checkpoint import Signer
from toegang.catalogue.partners.key_uses import KeyUses
from toegang.errors import Misconfigured
from toegang.ids import SystemIds
from toegang.keys.certificates import Subject
from toegang.keys.ed25519 import Ed25519Key
from toegang.keys.files import KeyDirectory
from toegang.keys.secret import SealingKey, derive, read_secret
from toegang.outbound.addresses import AllowedAddresses
from toegang.outbound.client import Outbound, Wire, tls_context
from toegang.post.outbox import Bell, Outbox
from toegang.storage import database_at
from toegang.storage.outbox import Outboxes
from toegang.storage.partners import PartnerTables

if TYPE_CHECKING:
    from pathlib import Path

    from toegang.clock import Clock
    from toegang.config import Settings
    from toegang.ids import Ids
    from toegang.storage.database import Database
    from toegang.units import Units


LONGEST_NAME = 1024
_URI = re.compile(r"(?:https?://|urn:)[\x21-\x7e]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class SecretBytes:
    """The secrets of 32 bytes, read from their files."""

    seal: bytes = field(repr=False)
    find: bytes = field(repr=False)
    pairwise: dict[int, bytes] = field(repr=False)
    tokens: bytes = field(repr=False)
    passwords: bytes = field(repr=False)

    def token_key(self, purpose: str) -> bytes:
        """Return the key for one kind of token."""
        return derive(self.tokens, "token", purpose)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rings:
    """The keys that we sign with and that others encrypt for us with, by protocol."""

    oidc: KeyDirectory
    saml: KeyDirectory
    mandates: KeyDirectory


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """What every room is built on."""

    settings: Settings
    clock: Clock
    ids: Ids
    secrets: SecretBytes
    keys: KeyDirectory
    saml_keys: KeyDirectory
    mandate_keys: KeyDirectory
    signer: Signer
    database: Database
    units: Units
    key_uses: KeyUses
    outbound: Outbound
    trail: CountedTrail
    outbox: Outbox
    metrics: Metrics


def open_ground(settings: Settings, clock: Clock, rings: Rings | None = None) -> Ground:
    """Read secrets and keys and prepare the stores; the database is not connected yet.

    The keys are those of the settings unless others are given, which may have been read before.

    Raises:
        Misconfigured: a file is missing, readable by others, or not what it should be.

    """
    ids, rings = SystemIds(), rings or rings_of(settings)
    secrets = _secrets(settings)
    database = open_database(settings)
    sealing = SealingKey.derive({1: secrets.seal}, "post")
    metrics, units = Metrics(), database.units()
    return Ground(
        settings=settings,
        clock=clock,
        ids=ids,
        secrets=secrets,
        keys=rings.oidc,
        saml_keys=rings.saml,
        mandate_keys=rings.mandates,
        signer=Signer(urlsplit(settings.hub.issuer).netloc, Ed25519Key.load(settings.keys.trail)),
        database=database,
        units=units,
        key_uses=KeyUses(store=PartnerTables(database), units=units),
        outbound=Outbound(wire_of(settings)),
        trail=CountedTrail(database=database, ids=ids, metrics=metrics, ladder=ladder(database, secrets)),
        outbox=Outbox(store=Outboxes(database), key=sealing, bell=Bell()),
        metrics=metrics,
    )


def rings_of(settings: Settings) -> Rings:
    """Return the rings of the settings, not read yet."""
    return Rings(
        oidc=KeyDirectory(path=settings.keys.oidc),
        saml=KeyDirectory(path=settings.keys.saml_folder, certified=True),
        mandates=KeyDirectory(path=settings.keys.mandates_folder, certified=True, optional=True),
    )


def entity_id(settings: Settings) -> str:
    """SAMLCore-8.3.6: the hub's name in SAML, a URI.

    Raises:
        Misconfigured: it is not a URI of at most 1024 characters.

    """
    return _name("entity_id", settings.saml.entity_id or f"{settings.hub.issuer}/saml/metadata")


def mandates_entity_id(settings: Settings) -> str:
    """SAMLCore-8.3.6: the name of the register of mandates in SAML, another than the hub's.

    Raises:
        Misconfigured: it is not a URI of at most 1024 characters, or the hub's own.

    """
    usual = f"{settings.hub.issuer}/saml/mandates/metadata"
    name = _name("mandates_entity_id", settings.saml.mandates_entity_id or usual)
    if name == entity_id(settings):
        message = "saml.mandates_entity_id must be another name than the hub's own"
        raise Misconfigured(message)
    return name


def _name(setting: str, name: str) -> str:
    if len(name) > LONGEST_NAME or not _URI.fullmatch(name):
        message = f"saml.{setting} must be a URI of at most {LONGEST_NAME} characters, https: or urn:"
        raise Misconfigured(message)
    return name


def certificate_subject(settings: Settings) -> Subject:
    """Return whom the certificates name that the hub makes for its keys."""
    return Subject(
        common_name=urlsplit(settings.hub.issuer).hostname or settings.hub.name,
        organisation=settings.saml.organisation or settings.hub.operator,
        oin=settings.saml.oin,
    )


def open_database(settings: Settings) -> Database:
    """Return the database of the settings, not connected yet."""
    storage = settings.storage
    url = storage.url
    if storage.password_file is not None:
        parts = urlsplit(url)
        user, _, host = parts.netloc.rpartition("@")
        netloc = f"{user}:{quote(read_text(storage.password_file), safe='')}@{host}"
        url = urlunsplit(parts._replace(netloc=netloc))
    return database_at(url, storage.pool)


def read_text(path: Path | None) -> str:
    """Read a bearer token or password from its file; empty without a file.

    Raises:
        Misconfigured: the file cannot be read.

    """
    if path is None:
        return ""
    try:
        return path.read_text(encoding="utf-8").strip()
    except OSError as error:
        message = f"cannot read {path}: {error.strerror}"
        raise Misconfigured(message) from error


def _secrets(settings: Settings) -> SecretBytes:
    files = settings.secrets
    pairwise = {1: read_secret(files.pairwise)}
    if files.pairwise_next is not None:
        pairwise[2] = read_secret(files.pairwise_next)
    return SecretBytes(
        seal=read_secret(files.seal),
        find=read_secret(files.find),
        pairwise=pairwise,
        tokens=read_secret(files.tokens),
        passwords=read_secret(files.passwords),
    )


def wire_of(settings: Settings) -> Wire:
    """Return where calls may go, and by what trust."""
    outbound, shown = settings.outbound, shown_by(settings)
    networks = tuple(ip_network(text) for text in outbound.networks)
    return Wire(
        allowed=AllowedAddresses(networks=networks),
        plain_http=frozenset(outbound.plain_http),
        tls=tls_context(outbound.authorities),
        mutual_tls=tls_context(outbound.authorities, shown) if shown else None,
    )

"""Examines what settings point at, all of it, so that an operator hears everything at once.

Each check is one thing that a start would trip over; the words say which setting and what to do.
"""

from __future__ import annotations

import ssl
from dataclasses import dataclass
from functools import partial
from ipaddress import ip_network
from typing import TYPE_CHECKING
from uuid import UUID

from toegang.app.cards import card_folders
from toegang.app.client_certificate import shown_by
from toegang.app.documents import offers_checks, trust_folders
from toegang.app.ground import entity_id, mandates_entity_id, open_database, read_text, rings_of
from toegang.app.house import security_txt
from toegang.app.mail import mail_carrier, misuse_box
from toegang.app.mandates import REGISTERS, check_registers
from toegang.app.mutual_tls import mutual_tls
from toegang.app.passkeys import FilesOfModels
from toegang.catalogue.values import ClientId, MeansId, ServiceId
from toegang.catalogue.watch import open_catalogue
from toegang.clock import SystemClock
from toegang.errors import Misconfigured, ToegangError
from toegang.identity.numbers import Oin
from toegang.keys.ed25519 import Ed25519Key
from toegang.keys.files import load
from toegang.keys.ring import Use
from toegang.keys.secret import read_secret
from toegang.outbound.client import tls_context
from toegang.provider.saml.register import check_is_there
from toegang.storage.catalogue import CatalogueTables
from toegang.storage.opening import is_behind
from toegang.storage.partners import PartnerTables

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from toegang.config import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """Something that keeps the hub from starting: the setting, what is wrong and what to do."""

    setting: str
    why: str


async def examine(settings: Settings) -> tuple[Fault, ...]:
    """Return everything that is wrong, in the order of the settings; empty when the hub can start."""
    found: list[Fault] = []
    for name, check in _checks(settings):
        try:
            check()
        except ToegangError as error:
            found.append(Fault(setting=name, why=error.detail or error.code))
        except (OSError, ValueError) as error:
            found.append(Fault(setting=name, why=str(error)))
    found += await _stored(settings)
    return tuple(found)


def _checks(settings: Settings) -> Iterator[tuple[str, Callable[[], object]]]:
    listen, outbound, audit = settings.listen, settings.outbound, settings.audit
    yield "hub.issuer", lambda: _issuer(settings.hub.issuer)
    yield "hub.account_service", lambda: UUID(settings.hub.account_service)
    for name in ("seal", "find", "pairwise", "tokens", "passwords"):
        yield f"secrets.{name}", partial(read_secret, getattr(settings.secrets, name))
    yield "keys.oidc", lambda: _signs(settings)
    yield "keys.saml", lambda: _speaks_saml(settings)
    yield "keys.mandates", rings_of(settings).mandates.ring
    yield "saml.entity_id", lambda: entity_id(settings)
    yield "saml.mandates_entity_id", lambda: mandates_entity_id(settings)
    yield "saml.oin", lambda: settings.saml.oin and Oin.parse(settings.saml.oin)
    yield "keys.trail", lambda: Ed25519Key.load(settings.keys.trail)
    yield "listen.certificate", lambda: _certificate(settings)
    yield "listen.client_certificates", lambda: mutual_tls(settings)
    yield "listen.trusted_proxies", lambda: [ip_network(each) for each in listen.trusted_proxies]
    yield "outbound.networks", lambda: [ip_network(each) for each in outbound.networks]
    yield "outbound.authorities", lambda: tls_context(outbound.authorities)
    yield "outbound.client_certificate", lambda: tls_context(shown=shown_by(settings))
    yield "storage.password_file", lambda: read_text(settings.storage.password_file)
    for name in ("population", "sms", "letters"):
        yield f"{name}.token_file", partial(read_text, getattr(settings, name).token_file)
    for name in REGISTERS:
        yield f"{name}.token_file", partial(read_text, getattr(settings, name).token_file)
    yield "representation", lambda: check_registers(settings)
    yield "mail.password_file", lambda: read_text(settings.mail.password_file)
    yield "mail", lambda: (mail_carrier(settings), misuse_box(settings))
    yield "documents.token_file", lambda: read_text(settings.documents.token_file)
    yield "documents", lambda: offers_checks(settings)
    for which, folder in trust_folders(settings).items():
        yield f"documents.{which.name.lower()}_trust", partial(folder.trust, SystemClock().now())
    yield "passkeys", lambda: _check_models(settings)
    yield "cards.token_file", lambda: read_text(settings.cards.token_file)
    yield "cards", lambda: _check_cards(settings)
    yield "audit.witness_token_file", lambda: read_text(audit.witness_token_file)
    yield "weaknesses", lambda: security_txt(settings)
    if audit.checkpoints is not None:
        yield "audit.checkpoints", lambda: _folder(settings)


def _issuer(issuer: str) -> None:
    if issuer.endswith("/") or not issuer.startswith(("https://", "http://localhost")):
        message = "must be an https address without a slash at the end (http only on localhost)"
        raise Misconfigured(message)


def _signs(settings: Settings) -> None:
    if not load(settings.keys.oidc).algorithms(Use.SIGNING, SystemClock().now()):
        message = "no key signs now; make one with `toegang keys init`"
        raise Misconfigured(message)


def _speaks_saml(settings: Settings) -> None:
    ring, now = load(settings.keys.saml_folder, certified=True), SystemClock().now()
    for use in Use:
        if not ring.algorithms(use, now):
            message = f"no key for {use.name.lower()} now; make one with `toegang keys init`"
            raise Misconfigured(message)


def _certificate(settings: Settings) -> None:
    chain, key = settings.listen.certificate, settings.listen.private_key
    if (chain is None) != (key is None):
        message = "set listen.certificate and listen.private_key both, or neither"
        raise Misconfigured(message)
    if chain is not None:
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(chain, key)


def _folder(settings: Settings) -> None:
    checkpoints = settings.audit.checkpoints
    if checkpoints is not None and not checkpoints.parent.is_dir():
        message = f"{checkpoints.parent} is not a folder; make it"
        raise Misconfigured(message)


async def _stored(settings: Settings) -> list[Fault]:
    """Look into the database, as far as there is one."""
    try:
        database = open_database(settings)
        if await is_behind(database):
            return [
                Fault(setting="storage.url", why="the tables are not up to date: `toegang database upgrade`")
            ]
        await database.open()
        try:
            known = await _known(settings, CatalogueTables(database))
            return [*await _register(settings, PartnerTables(database)), *known]
        finally:
            await database.close()
    except ToegangError as error:
        return [Fault(setting="storage.url", why=error.detail or error.code)]


async def _known(settings: Settings, store: CatalogueTables) -> list[Fault]:
    hub, known = settings.hub, (await open_catalogue(store)).current
    missing = {
        "hub.account_service": known.service(ServiceId(UUID(hub.account_service))),
        "hub.account_client": known.client(ClientId(hub.account_client)),
        "hub.citizen_means": known.means(MeansId(hub.citizen_means)),
    }
    why = "the catalogue does not have it; add it and run `toegang catalogue import`"
    return [Fault(setting=name, why=why) for name, record in missing.items() if record is None]


async def _register(settings: Settings, store: PartnerTables) -> list[Fault]:
    """See that a register of mandates that had keys still has them; keys that are wrong were said."""
    try:
        name, ring = mandates_entity_id(settings), rings_of(settings).mandates.ring()
    except Misconfigured:
        return []
    try:
        check_is_there(ring, await store.seen_keys(name), SystemClock().now())
    except Misconfigured as gone:
        return [Fault(setting="keys.mandates", why=gone.detail)]
    return []


def _check_models(settings: Settings) -> None:
    files = FilesOfModels(settings=settings.passkeys)
    files.roots()
    if files.pinned:
        files.metadata(SystemClock().now())


def _check_cards(settings: Settings) -> None:
    folders, now = card_folders(settings), SystemClock().now()
    if folders is not None:
        trust, terminal = folders
        trust.trust(now)
        terminal.terminal(now)

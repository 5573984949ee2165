"""What settings allow that a production hub should not: said at every start and by `toegang config check`."""

from __future__ import annotations

import stat
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from toegang.app.client_certificate import certificate_shown
from toegang.app.house import security_txt
from toegang.app.mandates import REGISTERS
from toegang.errors import Misconfigured
from toegang.keys.files import RING_FILE, load
from toegang.provider.saml.register import first_key
from toegang.storage.opening import file_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from pathlib import Path

    from toegang.config import Settings

OTHERS = stat.S_IRWXG | stat.S_IRWXO
SOON = timedelta(days=30)
WRITING = stat.S_IWGRP | stat.S_IWOTH


@dataclass(frozen=True, slots=True, kw_only=True)
class Loose:
    """One thing that is looser than it should be: which setting, why it matters and what to do."""

    setting: str
    why: str


def loose(settings: Settings, now: datetime) -> tuple[Loose, ...]:
    """Return what is loose at `now`, in the order of the settings."""
    return tuple(
        Loose(setting=name, why=why)
        for name, why in (
            *_doors(settings),
            *_stores(settings),
            *_desks(settings),
            *_shown(settings, now),
            *_weaknesses(settings, now),
            *_keys(settings, now),
            *_files(settings),
        )
    )


def _doors(settings: Settings) -> Iterator[tuple[str, str]]:
    listen = settings.listen
    if not settings.hub.issuer.startswith("https://"):
        yield "hub.issuer", "plain http: cookies and codes can be read on the way; use https"
    if settings.hub.demo:
        yield "hub.demo", "pages say that this is a demonstration"
    if listen.host not in {"127.0.0.1", "::1"} and listen.certificate is None and listen.socket is None:
        yield "listen.host", "listens beyond this machine without TLS; set a certificate, or a proxy in front"
    if any(network.endswith("/0") for network in listen.trusted_proxies):
        yield "listen.trusted_proxies", "believes anybody's X-Forwarded-For; name the proxy's own network"
    if settings.outbound.networks:
        yield "outbound.networks", f"private networks may be called: {', '.join(settings.outbound.networks)}"
    if settings.outbound.plain_http:
        yield "outbound.plain_http", f"called without TLS: {', '.join(settings.outbound.plain_http)}"


def _stores(settings: Settings) -> Iterator[tuple[str, str]]:
    listen, storage, audit = settings.listen, settings.storage, settings.audit
    if storage.url.startswith("sqlite:") and listen.workers > 4:  # noqa: PLR2004 explained in the sentence
        yield "storage.url", "SQLite has one writer: more than four workers wait for each other"
    if ":" in storage.url.partition("://")[2].rpartition("@")[0]:
        yield "storage.url", "holds a password; put it in storage.password_file"
    if audit.checkpoints is None and not audit.witness:
        yield "audit.checkpoints", "no checkpoint leaves the database: who changes it can hide that"
    elif audit.checkpoints and str(audit.checkpoints.parent) in storage.url:
        yield "audit.checkpoints", "stands beside the database: who changes the one can change the other"
    if not audit.retention_days:
        yield "audit.retention_days", "keeps for good who every event was about"


def _desks(settings: Settings) -> Iterator[tuple[str, str]]:
    if settings.desks.level == "low":
        yield (
            "desks.level",
            "clerks log in at low: who takes over a clerk's account hands out apps and accounts",
        )
    if not settings.desks.second_officer:
        yield "desks.second_officer", "one clerk alone can hand out an app or an account in anybody's name"


def _shown(settings: Settings, now: datetime) -> Iterator[tuple[str, str]]:
    """RFC5280-4.1.2.5: partners turn away a certificate outside its dates, and one for other uses."""
    try:
        certificate = certificate_shown(settings)
    except Misconfigured:
        return  # wrong, not loose: said by what examines the settings
    if certificate is None:
        return
    name, ends = "outbound.client_certificate", f"{certificate.not_after:%Y-%m-%d}"
    if certificate.not_after <= now:
        yield name, f"ended on {ends}: partners turn it away; place a new one"
    elif certificate.not_after <= now + SOON:
        yield name, f"ends on {ends}; place a new one before"
    if certificate.not_before > now:
        yield name, f"begins on {certificate.not_before:%Y-%m-%d}: partners turn it away until then"
    if not certificate.for_clients:
        yield name, "is not for clients (extendedKeyUsage): partners may turn it away"


def _weaknesses(settings: Settings, now: datetime) -> Iterator[tuple[str, str]]:
    """RFC9116-5.3: contacts that have expired SHOULD NOT be used, so reports do not arrive."""
    try:
        told = security_txt(settings)
    except Misconfigured:
        return  # wrong, not loose: said by what examines the settings
    if told is None:
        return
    if told.expires <= now:
        yield "weaknesses.expires", "is past: nobody may use the contacts; look at them, set a new end"
    elif told.expires <= now + SOON:
        yield "weaknesses.expires", f"ends on {told.expires:%Y-%m-%d}; look at the contacts, set a new end"


def _keys(settings: Settings, now: datetime) -> Iterator[tuple[str, str]]:
    hub, register = settings.keys.saml_folder, settings.keys.mandates_folder
    if not (hub / RING_FILE).exists() or (register / RING_FILE).exists():
        return
    try:
        command = first_key(load(hub, certified=True), now)
    except Misconfigured:
        return  # wrong, not loose: said by what examines the settings
    why = (
        "the register of mandates has no key of its own: the hub's signs who acts for whom; "
        f"make one with `{command}`"
    )
    yield "keys.mandates", why


def _files(settings: Settings) -> Iterator[tuple[str, str]]:
    files: dict[str, Path | None] = {
        "listen.private_key": settings.listen.private_key,
        "storage.password_file": settings.storage.password_file,
        "population.token_file": settings.population.token_file,
        "sms.token_file": settings.sms.token_file,
        "letters.token_file": settings.letters.token_file,
        "audit.witness_token_file": settings.audit.witness_token_file,
        **{f"{name}.token_file": getattr(settings, name).token_file for name in REGISTERS},
        "storage.url": file_of(settings.storage.url),
    }
    for name, path in files.items():
        if path is not None and path.exists() and path.stat().st_mode & OTHERS:
            yield name, f"others can read {path}; chmod 600 {path}"
    for name, folder in {
        "keys.oidc": settings.keys.oidc,
        "keys.saml": settings.keys.saml_folder,
        "keys.mandates": settings.keys.mandates_folder,
        "secrets.seal": settings.secrets.seal.parent,
    }.items():
        if folder.exists() and folder.stat().st_mode & WRITING:
            yield name, f"others can write in {folder}; chmod 700 {folder}"

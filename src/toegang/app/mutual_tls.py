"""Mutual TLS as the settings have it: whether a proxy in front asks for certificates, and where."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from toegang.errors import Misconfigured

if TYPE_CHECKING:
    from toegang.config import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class MutualTls:
    """Whether clients may present certificates; `back_channel` is the address where TLS asks for them."""

    offered: bool
    back_channel: str


def mutual_tls(settings: Settings) -> MutualTls:
    """RFC8705-5: read what the settings say.

    Raises:
        Misconfigured: certificates are believed from a port, where anybody can write a header; or the
            back channel's address is no https address, or has nobody that asks for certificates.

    """
    offered, address = settings.listen.client_certificates, settings.hub.back_channel
    if offered and settings.listen.socket is None:
        message = "certificates are believed over a unix socket only; set listen.socket"
        raise Misconfigured(message)
    if address and not offered:
        message = "hub.back_channel needs listen.client_certificates"
        raise Misconfigured(message)
    parts = urlsplit(address)
    if address and (parts.scheme != "https" or not parts.hostname or parts.path or parts.query):
        message = "hub.back_channel must be an https address without a path or a slash at the end"
        raise Misconfigured(message)
    return MutualTls(offered=offered, back_channel=address)

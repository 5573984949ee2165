"""The certificate that we show to partners whose SOAP service asks for one (mutual TLS)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from toegang.errors import Malformed, Misconfigured
from toegang.keys import certificates
from toegang.keys.files import read_private
from toegang.outbound.client import Shown

if TYPE_CHECKING:
    from toegang.config import Settings
    from toegang.keys.certificates import Certificate


def shown_by(settings: Settings) -> Shown | None:
    """Return what the settings say that we show; None for nothing.

    Raises:
        Misconfigured: only one of the two files is set, one cannot be read, or the key is another's.

    """
    certificate, key = settings.outbound.client_certificate, settings.outbound.client_key
    if (certificate is None) != (key is None):
        message = "set outbound.client_certificate and outbound.client_key both, or neither"
        raise Misconfigured(message)
    leaf = certificate_shown(settings)
    if leaf is None or certificate is None or key is None:
        return None
    if not leaf.belongs_to(read_private(key)):
        message = f"{key} is not the key of {certificate}; the certificate itself stands first in its file"
        raise Misconfigured(message)
    return Shown(certificate=certificate, key=key)


def certificate_shown(settings: Settings) -> Certificate | None:
    """Return the certificate itself, the first in its file.

    Raises:
        Misconfigured: it cannot be read.

    """
    path = settings.outbound.client_certificate
    if path is None:
        return None
    try:
        return certificates.read(path.read_bytes())
    except OSError as error:
        message = f"{path}: cannot be read ({error.strerror})"
        raise Misconfigured(message) from error
    except Malformed as error:
        message = f"{path}: {error.detail}"
        raise Misconfigured(message) from error

"""tls_client_auth and self_signed_tls_client_auth: a client proves itself by the certificate of its line."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from toegang.errors import ClientNotProven
from toegang.oidc.profile import ClientAuthentication

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from toegang.keys.presented import CertificateName, PresentedCertificate


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisteredCertificate:
    """By what the client's certificate is recognised: a name that an authority vouches for, or itself."""

    method: ClientAuthentication
    name: CertificateName | None
    thumbprints: Collection[str]


def check_certificate(
    certificate: PresentedCertificate, registered: RegisteredCertificate, *, now: datetime
) -> None:
    """RFC8705-2: check that the certificate of the line is the client's.

    1. It is in force. 2. By an authority (RFC8705-2.1): the edge found a chain to one of its list, and
    the certificate has exactly the one name registered. Or pinned (RFC8705-2.2): it is one of those
    registered, whoever signed it. That its private key is held was proven in the handshake.

    Raises:
        ClientNotProven: a step fails.

    """
    # 1.
    if not certificate.covers(now):
        message = "the certificate is not in force"
        raise ClientNotProven(message)
    # 2.
    if registered.method is ClientAuthentication.TLS:
        _check_name(certificate, registered.name)
    elif certificate.thumbprint not in registered.thumbprints:
        message = "the certificate is not one that is registered"
        raise ClientNotProven(message)


def _check_name(certificate: PresentedCertificate, name: CertificateName | None) -> None:
    if not certificate.trusted:
        message = "no authority that is trusted vouches for the certificate"
        raise ClientNotProven(message)
    if name is None or not name.is_of(certificate):
        message = "the certificate has another name"
        raise ClientNotProven(message)

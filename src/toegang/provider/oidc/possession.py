"""Who presents an access token holds the key or certificate that it is bound to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from toegang.errors import ProtocolRefusal
from toegang.oidc import dpop
from toegang.oidc.binding import Binding, Confirmation, token_type
from toegang.oidc.errors import INVALID_TOKEN
from toegang.oidc.userinfo import presented_token

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from toegang.catalogue.values import ClientId
    from toegang.keys.presented import PresentedCertificate
    from toegang.oidc.dpop import Nonces
    from toegang.oidc.parameters import Parameters
    from toegang.provider.oidc.backchannel import BackChannel


@dataclass(frozen=True, slots=True, kw_only=True)
class Presented:
    """A request with an access token: its method, the headers that count, its form, its line's certificate.

    `alias` is its address where TLS asks for a certificate (RFC8705-5), if there is one.
    """

    method: str
    alias: str = ""
    authorization: str | None
    proofs: Sequence[str]
    form: Parameters
    certificate: PresentedCertificate | None = None

    def token(self) -> tuple[str, str]:
        """RFC6750-2: return the scheme and the token that is presented.

        Raises:
            ProtocolRefusal: none, two, or of another scheme.

        """
        return presented_token(self.authorization, self.form)


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """A token that is used: for whom it was made, what it is bound to, at which endpoint and address."""

    client: ClientId
    binding: Binding | None
    endpoint: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Possessions:
    """Checks possession; a proof that was accepted is never accepted again."""

    nonces: Nonces
    back: BackChannel

    async def check(self, presented: Presented, use: Use, now: datetime) -> None:
        """RFC9449-7 and RFC8705-3: refuse a token that is presented by whoever does not hold its key.

        Raises:
            ProtocolRefusal: in another way than its kind is, or without the key or certificate.
            NonceRequired: the proof must carry a nonce of ours.
            Replayed: the proof was seen before.

        """
        scheme, text = presented.token()
        binding = use.binding
        if scheme != token_type(binding).lower():
            raise ProtocolRefusal(INVALID_TOKEN, "the token is presented in the wrong way")
        if binding is None:
            return
        if binding.by is Confirmation.CERTIFICATE:
            _check_certificate(presented.certificate, binding, now)
            return
        about = dpop.ProvenRequest(
            method=presented.method,
            url=use.url,
            alias=presented.alias,
            access_token=text,
            bound_to=binding.thumbprint,
        )
        shown = dpop.check_proof(presented.proofs, about, nonces=self.nonces, now=now)
        refusal = await self.back.first_proof(shown, use.client, use.endpoint, now)
        if refusal is not None:
            raise refusal


def _check_certificate(certificate: PresentedCertificate | None, binding: Binding, now: datetime) -> None:
    """RFC8705-3: the token is presented over a line with the certificate that it is bound to."""
    if certificate is None or certificate.thumbprint != binding.thumbprint or not certificate.covers(now):
        raise ProtocolRefusal(INVALID_TOKEN, "the token is bound to another certificate")

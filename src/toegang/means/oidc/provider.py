"""What the catalogue says of an OpenID provider: read from the settings of its admission.

issuer              its issuer, exactly as it writes it itself
client_id           what it calls us
authentication      private_key_jwt (default), client_secret_basic or client_secret_post
assertion_alg       by which of our keys we prove ourselves: ES256 (default), RS256 or PS256
assertion_audience  issuer (default) or token_endpoint: whom our proof is written for
id_token_alg        by which algorithm it signs: ES256, RS256 (default) or PS256
scopes              what we ask, separated by spaces; openid (default) always
level_by            how a level is asked: acr_values, claims, both (default) or none
pages               origins of its pages, where they are not that of the issuer
bsn_claim           the claim with the BSN; counts only where the admission says that it gives the BSN
logout              yes: it is told when somebody logs out here, and tells us when somebody does so there
"""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import urlsplit

from toegang.errors import Misconfigured
from toegang.jose.public_keys import SIGNATURE_ALGORITHMS
from toegang.keys.ring import Algorithm
from toegang.oidc.profile import ClientAuthentication

if TYPE_CHECKING:
    from toegang.catalogue.values import AdmittedMeans, MeansId

E = TypeVar("E", bound=enum.Enum)

SPOKEN = (
    ClientAuthentication.PRIVATE_KEY_JWT,
    ClientAuthentication.SECRET_BASIC,
    ClientAuthentication.SECRET_POST,
)
OPENID = "openid"


class LevelBy(enum.Enum):
    """How the level is asked (OIDCC-3.1.2.1, OIDCC-5.5.1.1)."""

    ACR_VALUES = "acr_values"
    CLAIMS = "claims"
    BOTH = "both"
    NONE = "none"


class AssertionFor(enum.Enum):
    """Whom our proof of ourselves is written for (RFC7523-3)."""

    ISSUER = "issuer"
    TOKEN_ENDPOINT = "token_endpoint"  # noqa: S105 a name of an endpoint


@dataclass(frozen=True, slots=True, kw_only=True)
class Provider:
    """An OpenID provider as it was admitted."""

    means: MeansId
    issuer: str
    client_id: str
    authentication: ClientAuthentication
    assertion_alg: Algorithm
    assertion_for: AssertionFor
    id_token_alg: str
    scopes: tuple[str, ...]
    level_by: LevelBy
    pages: tuple[str, ...]
    bsn_claim: str

    @classmethod
    def of(cls, admission: AdmittedMeans) -> Provider:
        """Read the settings of an admission.

        Raises:
            Misconfigured: one is missing or not what it should be; the text says which.

        """
        issuer, client_id = _needed(admission, "issuer"), _needed(admission, "client_id")
        authentication = _chosen(admission, "authentication", ClientAuthentication.PRIVATE_KEY_JWT)
        id_token_alg = admission.setting("id_token_alg", "RS256")
        if authentication not in SPOKEN or id_token_alg not in SIGNATURE_ALGORITHMS:
            message = f"means {admission.id}: `authentication` or `id_token_alg` is none that we speak"
            raise Misconfigured(message)
        scopes = admission.setting("scopes", OPENID).split()
        return cls(
            means=admission.id,
            issuer=issuer,
            client_id=client_id,
            authentication=authentication,
            assertion_alg=_chosen(admission, "assertion_alg", Algorithm.ES256),
            assertion_for=_chosen(admission, "assertion_audience", AssertionFor.ISSUER),
            id_token_alg=id_token_alg,
            scopes=tuple(dict.fromkeys([OPENID, *scopes])),
            level_by=_chosen(admission, "level_by", LevelBy.BOTH),
            pages=(_origin(issuer), *admission.setting("pages").split()),
            bsn_claim=admission.setting("bsn_claim") if admission.gives_bsn else "",
        )

    def check_page(self, address: str) -> None:
        """Refuse an address for browsers that is not on one of the provider's own origins.

        Raises:
            Misconfigured: it is elsewhere; the setting `pages` names further origins.

        """
        if _origin(address) not in self.pages:
            message = f"means {self.means}: its pages are at {_origin(address)}, which `pages` does not name"
            raise Misconfigured(message)


def _needed(admission: AdmittedMeans, name: str) -> str:
    found = admission.setting(name)
    if not found:
        message = f"means {admission.id}: the setting `{name}` is missing in the catalogue"
        raise Misconfigured(message)
    return found


def _chosen(admission: AdmittedMeans, name: str, default: E) -> E:
    word = admission.setting(name, str(default.value))
    try:
        return type(default)(word)
    except ValueError:
        message = f"means {admission.id}: the setting `{name}` cannot be `{word}`"
        raise Misconfigured(message) from None


def _origin(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"

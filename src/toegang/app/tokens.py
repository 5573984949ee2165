"""The tokens of the OpenID provider, wired: access, refresh, those of systems, and how they end."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from toegang.provider.oidc.access import AccessTokens
from toegang.provider.oidc.endings import Endings
from toegang.provider.oidc.handles import Handles
from toegang.provider.oidc.systems import SystemTokens
from toegang.provider.oidc.tokens import Tokens
from toegang.storage import ExpiringStore

if TYPE_CHECKING:
    from toegang.app.ground import Ground
    from toegang.app.parts import Shared
    from toegang.catalogue.watch import Catalogue
    from toegang.login.flow import Logins
    from toegang.oidc.discovery import Endpoints
    from toegang.provider.oidc.backchannel import BackChannel
    from toegang.provider.oidc.issue import Issuance
    from toegang.provider.oidc.possession import Possessions

SYSTEMS: Final = "/access/v1"
"""Below the issuer: the interfaces for systems, and the audience of their tokens."""


def access_tokens(ground: Ground, stores: Shared, catalogue: Catalogue, endpoints: Endpoints) -> AccessTokens:
    """Open what writes and reads access tokens of logins."""
    return AccessTokens(
        issuer=ground.settings.hub.issuer,
        audience=endpoints.userinfo,
        catalogue=catalogue,
        keys=ground.keys,
        handles=Handles(ground.secrets.token_key("access")),
        grants=stores.grants,
        ids=ground.ids,
    )


def all_tokens(
    ground: Ground, stores: Shared, door: Logins, issuance: Issuance, systems: SystemTokens
) -> Tokens:
    """Open the token endpoint."""
    return Tokens(
        units=ground.units,
        grants=stores.grants,
        trail=ground.trail,
        back=systems.back,
        issuance=issuance,
        refresh_tokens=Handles(ground.secrets.token_key("refresh")),
        logins=door,
        systems=systems,
    )


def system_tokens(
    ground: Ground, issuance: Issuance, back: BackChannel, possessions: Possessions
) -> SystemTokens:
    """Open what gives tokens to systems, and looks at them."""
    return SystemTokens(
        audience=ground.settings.hub.issuer + SYSTEMS,
        issuance=issuance,
        units=ground.units,
        back=back,
        possessions=possessions,
        given_up=ExpiringStore(ground.database, "system-token-given-up", str),
        trail=ground.trail,
        ids=ground.ids,
    )


def endings(tokens: Tokens) -> Endings:
    """Open introspection and revocation."""
    return Endings(
        units=tokens.units,
        back=tokens.back,
        grants=tokens.grants,
        issuance=tokens.issuance,
        refresh_tokens=tokens.refresh_tokens,
        logins=tokens.logins,
        trail=tokens.trail,
        systems=tokens.systems,
    )

"""The kinds of means that exist: the word in the catalogue, and the code behind it.

A new kind is a package or module beside this one, and a line in `own_kinds`; app hands in its door.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from toegang.means.app.kind import check_admission
from toegang.means.oidc.provider import Provider
from toegang.means.passkey import policy as passkeys
from toegang.means.saml.partner import check_settings

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from toegang.catalogue.values import AdmittedMeans
    from toegang.means.app.apps import Apps
    from toegang.means.base import MeansKind
    from toegang.means.card.kind import CardMeans
    from toegang.means.citizen.accounts import Accounts
    from toegang.means.oidc.kind import OidcMeans
    from toegang.means.passkey.passkeys import Passkeys
    from toegang.means.saml.kind import SamlMeans

APP: Final = "app"
CARD: Final = "card"
CITIZEN: Final = "citizen"
OIDC: Final = "oidc"
PASSKEY: Final = "passkey"
SAML: Final = "saml"

KINDS: Final[Mapping[str, Callable[[AdmittedMeans], object]]] = {
    APP: check_admission,
    CARD: lambda _: None,
    CITIZEN: lambda _: None,
    OIDC: Provider.of,
    PASSKEY: passkeys.check_admission,
    SAML: check_settings,
}
"""The words that a catalogue may use, and what raises Misconfigured for settings that do not fit."""


def own_kinds(
    citizen: Accounts, apps: Apps, keys: Passkeys, cards: CardMeans, others: tuple[OidcMeans, SamlMeans]
) -> dict[str, MeansKind]:
    """Return the kinds that the hub itself speaks, by their word."""
    oidc, saml = others
    ours: dict[str, MeansKind] = {CITIZEN: citizen.means, APP: apps.means, PASSKEY: keys.means, CARD: cards}
    return {**ours, OIDC: oidc, SAML: saml}

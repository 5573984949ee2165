"""Means of other parties: how accounts elsewhere are linked, and the kinds that speak their protocols."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from toegang.app.ground import entity_id, read_text
from toegang.errors import Misconfigured
from toegang.keys.secret import FindingKey, SealingKey, check_private
from toegang.means.citizen.linked import LinkedNotices
from toegang.means.external.errands import Errand, Errands
from toegang.means.external.linking import Linking
from toegang.means.external.sessions import ForeignSessions, Named, SealedSession
from toegang.means.oidc.calls import Calls
from toegang.means.oidc.kind import OidcMeans
from toegang.means.oidc.metadata import Directory
from toegang.means.saml.arrival import Arrivals
from toegang.means.saml.kind import CONSUMER, Leaving, SamlMeans
from toegang.means.saml.request import Ourselves
from toegang.provider.linking import LinkProposals, Proposal
from toegang.saml.own import OwnKeys
from toegang.storage import ExpiringStore
from toegang.storage.links import LinkTable

if TYPE_CHECKING:
    from collections.abc import Callable

    from toegang.app.ground import Ground
    from toegang.catalogue.values import MeansId
    from toegang.catalogue.watch import Catalogue
    from toegang.means.citizen.accounts import Accounts
    from toegang.provider.own import MyAccount


@dataclass(frozen=True, slots=True, kw_only=True)
class Elsewhere:
    """The doors of means of other parties."""

    linking: Linking
    proposals: LinkProposals
    oidc: OidcMeans
    saml: SamlMeans
    sessions: ForeignSessions

    @property
    def both(self) -> tuple[OidcMeans, SamlMeans]:
        """Both kinds."""
        return self.oidc, self.saml


def elsewhere(ground: Ground, own: MyAccount, accounts: Accounts) -> Elsewhere:
    """Open them; links are made in My account, and told by the account's own number."""
    catalogue, linking = own.catalogue, links(ground, accounts)
    sessions = foreign_sessions(ground)
    oidc = OidcMeans(
        address=ground.settings.hub.issuer,
        catalogue=catalogue,
        errands=Errands(units=ground.units, kept=ExpiringStore(ground.database, "means-oidc-errand", Errand)),
        directory=Directory(outbound=ground.outbound),
        calls=Calls(outbound=ground.outbound, keys=ground.keys, ids=ground.ids, secret_of=_secrets(ground)),
        linking=linking,
        elsewhere=sessions,
        ids=ground.ids,
    )
    proposals = LinkProposals(
        own=own,
        catalogue=catalogue,
        linking=linking,
        proposals=ExpiringStore(ground.database, "own-link-proposal", Proposal),
        units=ground.units,
        ids=ground.ids,
    )
    return Elsewhere(
        linking=linking,
        proposals=proposals,
        oidc=oidc,
        saml=_saml(ground, catalogue, linking, sessions),
        sessions=sessions,
    )


def links(ground: Ground, accounts: Accounts) -> Linking:
    """Open the links of people with their accounts at other parties."""
    desk = accounts.signing_in.desk
    return Linking(
        units=ground.units,
        links=LinkTable(ground.database),
        tells=LinkedNotices(desk=desk),
        enrolment=desk.enrolment,
        outbox=ground.outbox,
        trail=ground.trail,
        finding=FindingKey.derive(ground.secrets.find, "link"),
        ids=ground.ids,
    )


def foreign_sessions(ground: Ground) -> ForeignSessions:
    """Open what remembers sessions at other parties."""
    return ForeignSessions(
        units=ground.units,
        kept=ExpiringStore(ground.database, "means-session", SealedSession),
        named=ExpiringStore(ground.database, "means-session-name", Named),
        sealing=SealingKey.derive({1: ground.secrets.seal}, "means-session"),
        finding=FindingKey.derive(ground.secrets.find, "means-session"),
        ids=ground.ids,
    )


def _saml(ground: Ground, catalogue: Catalogue, linking: Linking, sessions: ForeignSessions) -> SamlMeans:
    database, keys, name = ground.database, OwnKeys(ground.saml_keys), entity_id(ground.settings)
    return SamlMeans(
        ourselves=Ourselves(entity_id=name, consumer=ground.settings.hub.issuer + CONSUMER),
        catalogue=catalogue,
        keys=keys,
        units=ground.units,
        errands=Errands(units=ground.units, kept=ExpiringStore(database, "means-saml-errand", Errand)),
        leaving=ExpiringStore(database, "means-saml-leaving", Leaving),
        seen=ExpiringStore(database, "means-saml-seen", str),
        arrivals=Arrivals(
            entity_id=name,
            units=ground.units,
            kept=ExpiringStore(database, "means-saml-posted", bytes),
            outbound=ground.outbound,
            keys=keys,
            ids=ground.ids,
        ),
        linking=linking,
        elsewhere=sessions,
        uses=ground.key_uses,
        ids=ground.ids,
    )


def _secrets(ground: Ground) -> Callable[[MeansId], str]:
    """Return what reads the secret that we have at a means: the file with its name in the folder."""
    folder = ground.settings.means.secrets

    def secret_of(means: MeansId) -> str:
        if folder is None:
            message = f"means {means}: set `means.secrets`, or let us prove ourselves by private_key_jwt"
            raise Misconfigured(message)
        check_private(folder / means)
        return read_text(folder / means)

    return secret_of

"""Logout over every protocol, wired: who knows participants, who carries messages, who answers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from toegang.means import kinds
from toegang.provider.logout import means
from toegang.provider.logout.leave import Logouts
from toegang.provider.logout.means import MeansEndings, MeansTeller
from toegang.provider.logout.records import Asked, Chain, Told
from toegang.provider.logout.results import Results
from toegang.provider.oidc import logout as oidc
from toegang.provider.oidc.letter import PROVIDER as OIDC
from toegang.provider.oidc.logout import ClientTeller, LogoutCarrier, ReturnAddress
from toegang.provider.oidc.upstream import ProviderLogout
from toegang.provider.saml import telling as saml
from toegang.provider.saml.letter import PROVIDER as SAML
from toegang.provider.saml.logout import LogoutReplies
from toegang.provider.saml.metadata import Addresses
from toegang.provider.saml.telling import PartnerCarrier, PartnerTeller
from toegang.provider.saml.upstream import MeansLogout
from toegang.storage import ExpiringStore
from toegang.web.rooms import Upstream

if TYPE_CHECKING:
    from toegang.app.elsewhere import Elsewhere
    from toegang.app.ground import Ground
    from toegang.app.parts import Shared
    from toegang.login.session import Sessions
    from toegang.provider.oidc.issue import Issuance as OidcIssuance
    from toegang.provider.saml.issue import Issuance as SamlIssuance


@dataclass(frozen=True, slots=True, kw_only=True)
class Signers:
    """Who writes messages, for each protocol."""

    oidc: OidcIssuance
    saml: SamlIssuance


def logouts(
    ground: Ground, stores: Shared, sessions: Sessions, signers: Signers, others: Elsewhere
) -> Logouts:
    """Open the door."""
    database, catalogue = ground.database, signers.saml.catalogue
    results = Results(
        units=ground.units, kept=ExpiringStore(database, "logout-told", Told), trail=ground.trail
    )
    partners = PartnerTeller(
        entity_id=signers.saml.entity_id, catalogue=catalogue, grants=stores.grants, issuance=signers.saml
    )
    outbound, clock = ground.outbound, ground.clock
    return Logouts(
        units=ground.units,
        sessions=sessions,
        grants=stores.grants,
        ended=ExpiringStore(database, "logout-ended", str),
        results=results,
        chains=ExpiringStore(database, "logout-chain", Chain),
        asked=ExpiringStore(database, "logout-asked", Asked),
        outbox=ground.outbox,
        trail=ground.trail,
        ids=ground.ids,
        tellers={
            oidc.PREFIX: ClientTeller(catalogue=catalogue),
            saml.PREFIX: partners,
            means.PREFIX: MeansTeller(
                catalogue=catalogue,
                sessions=others.sessions,
                kinds={kinds.OIDC: others.oidc, kinds.SAML: others.saml},
            ),
        },
        carriers={
            oidc.KIND: LogoutCarrier(issuance=signers.oidc, results=results, outbound=outbound, clock=clock),
            saml.KIND: PartnerCarrier(
                teller=partners, results=results, outbound=outbound, clock=clock, uses=ground.key_uses
            ),
        },
        returners={
            OIDC: ReturnAddress(),
            SAML: LogoutReplies(entity_id=signers.saml.entity_id, issuance=signers.saml),
        },
    )


def upstream(ground: Ground, others: Elsewhere, signers: Signers, door: Logouts) -> Upstream:
    """Open them."""
    database, catalogue = ground.database, signers.saml.catalogue
    hub, endings = ground.settings.hub, MeansEndings(sessions=others.sessions, logouts=door)
    return Upstream(
        oidc=ProviderLogout(
            catalogue=catalogue,
            directory=others.oidc.directory,
            seen=ExpiringStore(database, "means-logout-token", str),
            endings=endings,
            logouts=door,
            units=ground.units,
        ),
        saml=MeansLogout(
            address=Addresses.of(hub.issuer, hub.back_channel).means_logout,
            catalogue=catalogue,
            seen=ExpiringStore(database, "means-logout-request", str),
            answers=LogoutReplies(entity_id=signers.saml.entity_id, issuance=signers.saml),
            endings=endings,
            logouts=door,
            means=others.saml,
            units=ground.units,
            uses=ground.key_uses,
        ),
    )

"""Logout over every protocol, wired: who knows participants, who carries messages, who answers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from toegang.provider.logout.leave import Logouts
from toegang.provider.logout.records import Asked, Chain, Told
from toegang.provider.logout.results import Results
from toegang.provider.oidc import logout as oidc
from toegang.provider.oidc.letter import PROVIDER as OIDC
from toegang.provider.oidc.logout import ClientTeller, LogoutCarrier, ReturnAddress
from toegang.provider.saml import telling as saml
from toegang.provider.saml.letter import PROVIDER as SAML
from toegang.provider.saml.logout import LogoutReplies
from toegang.provider.saml.telling import PartnerCarrier, PartnerTeller
from toegang.storage import ExpiringStore

if TYPE_CHECKING:
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


def logouts(ground: Ground, stores: Shared, sessions: Sessions, signers: Signers) -> Logouts:
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
        tellers={oidc.PREFIX: ClientTeller(catalogue=catalogue), saml.PREFIX: partners},
        carriers={
            oidc.KIND: LogoutCarrier(issuance=signers.oidc, results=results, outbound=outbound, clock=clock),
            saml.KIND: PartnerCarrier(teller=partners, results=results, outbound=outbound, clock=clock),
        },
        returners={
            OIDC: ReturnAddress(),
            SAML: LogoutReplies(entity_id=signers.saml.entity_id, issuance=signers.saml),
        },
    )

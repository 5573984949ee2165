"""What systems of service providers may ask, wired: the decision point, and who people are to services."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from toegang.app.tokens import SYSTEMS
from toegang.keys.secret import FindingKey, SealingKey
from toegang.mandates.ended import BY_LAW, PARTY
from toegang.mandates.ended import KIND as ENDED
from toegang.mandates.noticing import ChangedParties
from toegang.mandates.searching import KIND as CLIENT
from toegang.mandates.searching import ClientNaming
from toegang.post.delivery import Route
from toegang.provider.authzen.asking import Counter, Deciding
from toegang.provider.authzen.naming import Naming
from toegang.provider.authzen.notices import KIND, EndedMandates, SecurityEventCarrier, handed_over
from toegang.provider.authzen.quota import Quotas
from toegang.provider.authzen.searching import Searching
from toegang.provider.authzen.statuses import Statuses
from toegang.pseudonyms import Pairwise
from toegang.pseudonyms.known import KnownPseudonyms
from toegang.storage import ExpiringStore
from toegang.storage.told_names import ToldNameTable
from toegang.web.rooms import Systems

if TYPE_CHECKING:
    from toegang.app.ground import Ground
    from toegang.provider.oidc.issue import Issuance
    from toegang.provider.oidc.systems import SystemTokens
    from toegang.web.rooms import Representing


def known_pseudonyms(ground: Ground) -> KnownPseudonyms:
    """Open the names that services know people by."""
    return KnownPseudonyms(
        pairwise=Pairwise(ground.secrets.pairwise),
        finding=FindingKey.derive(ground.secrets.find, "pseudonym"),
        told=ToldNameTable(ground.database),
    )


def systems(ground: Ground, tokens: SystemTokens, room: Representing) -> Systems:
    """Open the decision point."""
    counter = Counter(
        base=ground.settings.hub.issuer + SYSTEMS,
        systems=tokens,
        catalogue=tokens.issuance.catalogue,
        quotas=Quotas(store=ExpiringStore(ground.database, "system-quota", int)),
        units=ground.units,
        trail=ground.trail,
    )
    naming = Naming(
        scope=urlsplit(ground.settings.hub.issuer).hostname or "",
        numbers=room.numbers,
        pseudonyms=known_pseudonyms(ground),
        units=ground.units,
    )
    deciding = Deciding(
        counter=counter,
        naming=naming,
        mandates=room.mandates,
        gathering=room.for_systems,
        ids=ground.ids,
    )
    sealing = SealingKey.derive({1: ground.secrets.seal}, "page of a search")
    return Systems(
        deciding=deciding,
        searching=Searching(deciding=deciding, sealing=sealing),
        statuses=Statuses(deciding=deciding, rechecking=room.rechecking),
    )


def notices(ground: Ground, issuance: Issuance, room: Representing) -> dict[str, Route]:
    """Open what tells clients that a mandate ended on which a statement of theirs rests."""
    mandates = EndedMandates(
        catalogue=issuance.catalogue,
        statements=room.mandates.statements,
        outbox=ground.outbox,
        units=ground.units,
        clock=ground.clock,
    )
    naming = ClientNaming(
        units=ground.units,
        names=room.names,
        clients=room.by_name.clients,
        clock=ground.clock,
    )
    carrier = SecurityEventCarrier(issuance=issuance, outbound=ground.outbound, clock=ground.clock)
    return {
        ENDED: Route(carrier=mandates),
        BY_LAW: Route(carrier=mandates),
        PARTY: Route(carrier=ChangedParties(mandates=room.mandates, clock=ground.clock)),
        CLIENT: Route(carrier=naming, at_once=4),
        KIND: Route(carrier=carrier, handed_over=handed_over, at_once=32, each=2),
    }

"""Which means are offered for a login, in which order, and why the others are not.

Only what can satisfy the request is offered, in the order of the alphabet and of nothing else
(WDO-acceptance: public and private means on equal terms). A means that is not offered keeps its reason,
for the page, the decision record and the service.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from toegang.catalogue import gate
from toegang.catalogue import routing as acceptance
from toegang.catalogue.values import IdentityForm
from toegang.errors import PartyClosed, UnknownParty
from toegang.login.acting import ForWhom
from toegang.login.changes import earlier
from toegang.login.transaction import Offer
from toegang.means.base import Ask

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from toegang.assurance import Level
    from toegang.catalogue.snapshot import Snapshot
    from toegang.catalogue.values import AdmittedMeans
    from toegang.identity.subject import Subject
    from toegang.login.request import LoginRequest
    from toegang.login.transaction import Transaction
    from toegang.means.base import MeansKind

CLOSED = "closed"
SOMEBODY_ELSE = "person"  # in a step up: not linked to who was proven
NOT_ASKED = "not-asked"  # the service named others (SAMLCore-3.4.1.2)


def offers(
    request: LoginRequest, snapshot: Snapshot, kinds: Mapping[str, MeansKind], now: datetime
) -> tuple[Offer, ...]:
    """Weigh every admitted means for `request`; ordered by name in the person's language."""
    weighed = [
        _weigh(means, request, snapshot, kinds[means.kind], now)
        for means in snapshot.all_means()
        if means.kind in kinds
    ]
    return tuple(sorted(weighed, key=lambda offer: offer.name[request.language].casefold()))


async def offers_to(
    known: Subject, offers: tuple[Offer, ...], snapshot: Snapshot, kinds: Mapping[str, MeansKind]
) -> tuple[Offer, ...]:
    """Weigh once more for a step up: what cannot prove the person who is known already is not offered."""
    weighed = []
    for offer in offers:
        means = snapshot.means(offer.means)
        may = not offer.offered or means is None or await kinds[means.kind].proves(means, known)
        weighed.append(offer if may else replace(offer, reason=SOMEBODY_ELSE))
    return tuple(weighed)


def requester_of(request: LoginRequest, snapshot: Snapshot) -> str:
    """STSAML-4.2: return what the service provider calls itself in its own protocol.

    In a cluster that is the provider whose service it is, and not its supplier who asks.
    """
    connection = snapshot.connection(request.client)
    if connection is None:
        return request.client
    owner = request.service.organisation
    member = next((each for each in connection.members if each.organisation == owner), None)
    return (member or connection).entity_id


def ask_of(transaction: Transaction, admission: AdmittedMeans, snapshot: Snapshot) -> Ask:
    """Return what a means is asked in a login.

    Afresh where the service asks that, where an account waits to be linked to its person, and of a means
    whose proof was put aside: else its provider answers by its own session with the one who was put aside.
    """
    request, aside = transaction.request, admission.id in transaction.set_aside
    return Ask(
        transaction=transaction.id,
        reference=transaction.reference,
        admission=admission,
        required=transaction.required,
        provider=request.service.provider,
        service=request.service.name,
        language=request.language,
        fresh=request.max_age is not None or transaction.unlinked is not None or aside,
        highest=request.highest,
        known_subject=transaction.known_subject,
        earlier=earlier(transaction, admission.id),
        browser=transaction.browser,
        requester=requester_of(request, snapshot),
        service_id=str(request.service.id),
        destination=request.reply_to.destination,
    )


def reach(means: AdmittedMeans, kind: MeansKind) -> Level:
    """Return the highest level that `means` may count for: what it can prove, under its ceiling."""
    return min(kind.reach(means), means.ceiling)


def _weigh(
    means: AdmittedMeans, request: LoginRequest, snapshot: Snapshot, kind: MeansKind, now: datetime
) -> Offer:
    level = reach(means, kind)
    service = request.service
    by_mandate = request.for_whom is ForWhom.ORGANISATION
    weighed = acceptance.may_offer(service, service.kind, means, request.required, by_mandate=by_mandate)
    reason = "" if weighed is acceptance.Offer.ALLOWED else weighed.value
    if not reason and level < request.required:
        reason = acceptance.Offer.CEILING_TOO_LOW.value
    if request.only_means and means.id not in request.only_means:
        reason = NOT_ASKED
    if not _is_open(snapshot, means, now):
        reason = CLOSED
    personal = service.identity is IdentityForm.BSN or (by_mandate and not means.gives_organisation)
    link_needed = personal and not means.gives_bsn
    return Offer(means=means.id, name=means.names, level=level, reason=reason, link_needed=link_needed)


def _is_open(snapshot: Snapshot, means: AdmittedMeans, now: datetime) -> bool:
    try:
        gate.open_means(snapshot, means.id, now)
    except (PartyClosed, UnknownParty):
        return False
    return True

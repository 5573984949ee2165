"""What leaves the house, and how: checkpoints to their sinks, messages by their carriers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from toegang.app.apps import push_carrier
from toegang.app.ground import read_text
from toegang.app.mail import mail_carrier
from toegang.audit.sequencer import Sequencer
from toegang.audit.sinks import FileSink, HttpSink
from toegang.means.citizen.new_browser import KIND as BROWSER
from toegang.means.citizen.new_browser import NewBrowsers
from toegang.means.citizen.notices import KIND as PROOFS
from toegang.means.citizen.notifying import Notices, Teller
from toegang.means.citizen.person_notices import PersonNotices
from toegang.means.citizen.telling import KIND as NOTICE
from toegang.means.citizen.warning import KIND as WARNING
from toegang.means.citizen.warning import OwnerWarnings
from toegang.post import letter, mail, person_notices, push, sms
from toegang.post.delivery import Delivery, Route
from toegang.post.mail import NoMail
from toegang.provider.oidc.withdrawn import WithdrawnProofs
from toegang.storage.tree import TreeTables

if TYPE_CHECKING:
    from collections.abc import Mapping

    from toegang.app.ground import Ground
    from toegang.audit.sequencer import Sink
    from toegang.means.app.apps import Apps
    from toegang.means.citizen.accounts import Accounts
    from toegang.provider.logout.leave import Logouts


def sequencer(ground: Ground) -> Sequencer:
    """Open the sequencer of the trail, with every place outside that the settings name."""
    audit = ground.settings.audit
    sinks: list[Sink] = [FileSink(audit.checkpoints)] if audit.checkpoints else []
    if audit.witness:
        token = read_text(audit.witness_token_file)
        sinks.append(HttpSink(outbound=ground.outbound, url=audit.witness, token=token, party="witness"))
    return Sequencer(
        units=ground.units,
        store=TreeTables(database=ground.database),
        signer=ground.signer,
        sinks=tuple(sinks),
    )


def delivery(
    ground: Ground, logouts: Logouts, accounts: Accounts, own_apps: Apps, to_systems: Mapping[str, Route]
) -> Delivery:
    """Open the senders, with a carrier for every kind of message that any room puts in the outbox."""
    return Delivery(
        outbox=ground.outbox,
        units=ground.units,
        trail=ground.trail,
        clock=ground.clock,
        ids=ground.ids,
        routes={**_routes(ground, logouts), **_telling(ground, accounts, own_apps), **to_systems},
    )


def _routes(ground: Ground, logouts: Logouts) -> dict[str, Route]:
    return {
        **{kind: Route(carrier=carrier) for kind, carrier in logouts.carriers.items()},
        PROOFS: Route(carrier=WithdrawnProofs(logouts=logouts, clock=ground.clock)),
    }


def _telling(ground: Ground, accounts: Accounts, own_apps: Apps) -> dict[str, Route]:
    """Return what brings something to people; what one way cannot bring, the teller brings another way."""
    settings, desk = ground.settings, accounts.signing_in.desk
    teller = Teller(desk=desk, clock=ground.clock, pushing=own_apps.noticing)
    texts = sms.SmsCarrier(
        outbound=ground.outbound,
        url=settings.sms.url,
        secret=read_text(settings.sms.token_file),
        sender=settings.sms.sender,
    )
    letters = letter.LetterCarrier(
        outbound=ground.outbound,
        url=settings.letters.url,
        secret=read_text(settings.letters.token_file),
        sender=settings.hub.name,
        has_died=accounts.operating.desk.has_died,
    )
    mails, lost = mail_carrier(settings), teller.again
    return {
        sms.KIND: Route(carrier=texts, handed_over=sms.handed_over, lost=lost),
        letter.KIND: Route(carrier=letters, at_once=2, handed_over=letter.handed_over, lost=lost),
        push.KIND: Route(carrier=push_carrier(ground, own_apps), lost=lost),
        mail.KIND: Route(carrier=mails or NoMail(), at_once=4, handed_over=mail.handed_over, lost=lost),
        WARNING: Route(carrier=OwnerWarnings(teller=teller), at_once=2),
        BROWSER: Route(carrier=NewBrowsers(teller=teller), at_once=2),
        NOTICE: Route(carrier=Notices(teller=teller), at_once=2),
        person_notices.KIND: Route(carrier=PersonNotices(desk=desk, clock=ground.clock), at_once=2),
    }

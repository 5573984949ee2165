"""Cards with an e-function, wired: their register, whom to believe of them, who we are toward them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from toegang.app.ground import read_text
from toegang.app.life import reports
from toegang.app.readers import checks_with
from toegang.errors import Misconfigured
from toegang.means.card.cards import OwnCards, conversations
from toegang.means.card.desk import CardDesk
from toegang.means.card.logging_in import Errand
from toegang.means.card.terminals import TerminalFolder
from toegang.means.document.trusting import TrustFolder
from toegang.registers.cards_http import HttpCards
from toegang.storage import ExpiringStore
from toegang.storage.cards import CardTable

if TYPE_CHECKING:
    from toegang.app.ground import Ground
    from toegang.catalogue.watch import Catalogue
    from toegang.config import Settings
    from toegang.means.app.apps import Apps
    from toegang.means.citizen.accounts import Accounts
    from toegang.means.document.checks import Checks


def card_folders(settings: Settings) -> tuple[TrustFolder, TerminalFolder] | None:
    """Return whom to believe and who we are, as the settings say; None where there are no cards.

    Raises:
        Misconfigured: there is a register, and one of both is not set.

    """
    cards = settings.cards
    if not cards.register:
        return None
    if cards.trust is None or cards.terminal is None:
        message = "set cards.trust and cards.terminal besides cards.register"
        raise Misconfigured(message)
    return TrustFolder(path=cards.trust), TerminalFolder(path=cards.terminal)


def card_desk(ground: Ground, catalogue: Catalogue, accounts: Accounts) -> CardDesk | None:
    """Open the desk of cards; None where there are none.

    Raises:
        Misconfigured: whom to believe or who we are cannot be read.

    """
    settings, now = ground.settings, ground.clock.now()
    folders = card_folders(settings)
    if folders is None:
        return None
    trust, terminal = folders
    trust.trust(now)
    terminal.terminal(now)
    return CardDesk(
        account=accounts.signing_in.desk,
        register=card_register(ground),
        cards=CardTable(ground.database),
        terminal=terminal,
        trust=trust,
        catalogue=catalogue,
        reports=reports(ground),
    )


def card_register(ground: Ground) -> HttpCards:
    """Open the register of cards."""
    cards = ground.settings.cards
    return HttpCards(
        outbound=ground.outbound,
        clock=ground.clock,
        url=cards.register,
        secret=read_text(cards.token_file),
    )


def checks_and_cards(
    ground: Ground, catalogue: Catalogue, accounts: Accounts, apps: Apps
) -> tuple[Checks, OwnCards | None]:
    """Open what reader sessions are for: checks of documents, and cards; None where there are none."""
    desk = card_desk(ground, catalogue, accounts)
    checks = checks_with(ground, apps, conversations(desk) if desk else {})
    if desk is None:
        return checks, None
    errands = ExpiringStore(ground.database, "card-errand", Errand)
    return checks, OwnCards.at(desk, checks.readers, errands)

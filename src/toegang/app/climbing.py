"""The ladder and the invitations to climb it, wired."""

from __future__ import annotations

from typing import TYPE_CHECKING

from toegang.keys.secret import FindingKey, SealingKey
from toegang.login.inviting import Finishing, Inviting
from toegang.means.ladder import Ladder
from toegang.storage.ladder import InvitationTable, StandingTable

if TYPE_CHECKING:
    from toegang.app.ground import Ground, SecretBytes
    from toegang.catalogue.watch import Catalogue
    from toegang.storage.database import Database

PURPOSE = "invitations"


def ladder(database: Database, secrets: SecretBytes) -> Ladder:
    """Open what follows the events of accounts."""
    return Ladder(standings=StandingTable(database), climbs=Finishing(answers=_answers(database, secrets)))


def inviting(ground: Ground, catalogue: Catalogue) -> Inviting:
    """Open what looks for invitations."""
    return Inviting(
        catalogue=catalogue,
        standings=StandingTable(ground.database),
        answers=_answers(ground.database, ground.secrets),
        share=FindingKey.derive(ground.secrets.find, "share of a campaign"),
    )


def _answers(database: Database, secrets: SecretBytes) -> InvitationTable:
    return InvitationTable(
        database=database,
        sealing=SealingKey.derive({1: secrets.seal}, PURPOSE),
        finding=FindingKey.derive(secrets.find, PURPOSE),
    )

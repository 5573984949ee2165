"""Names that services are told in an answer, noted in its unit: their systems may ask by them later.

In every protocol the names are the same, so who is known by an answer of one is known to systems too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from toegang.pseudonyms.known import Sector

if TYPE_CHECKING:
    from toegang.catalogue.snapshot import Snapshot
    from toegang.login.request import Outcome
    from toegang.pseudonyms.known import KnownPseudonyms
    from toegang.units import Unit


async def note(unit: Unit, names: KnownPseudonyms, outcome: Outcome, snapshot: Snapshot) -> None:
    """Note what the service of a login is told everybody on it is called, if people act for others there."""
    asked = outcome.request.service
    service = snapshot.service(asked.id)
    if service is None or service.at(outcome.completed_at).representation is None:
        return
    everybody = (outcome.actor.person, *(each.person for each in outcome.chain))
    people = [each for each in everybody if each is not None]
    await names.tell(unit, people, Sector(asked.pseudonym_sector, asked.pseudonym_version))

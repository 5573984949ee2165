"""Numbers over a database, as the house makes them."""

from __future__ import annotations

from toegang.identity.enrolment import Enrolment
from toegang.ids import SystemIds
from toegang.keys.secret import FindingKey, SealingKey
from toegang.mandates.numbers import Numbers
from toegang.storage import Database, PeopleStore
from toegang.storage.party_numbers import OrganisationNumberTable

SECRET = bytes(range(32))


def numbers(database: Database) -> Numbers:
    ids = SystemIds()
    return Numbers(
        units=database.units(),
        enrolment=Enrolment(
            people=PeopleStore(database),
            sealing=SealingKey.derive({1: SECRET}, "bsn"),
            finding=FindingKey.derive(SECRET, "bsn"),
            ids=ids,
        ),
        organisations=OrganisationNumberTable(database),
        sealing=SealingKey.derive({1: SECRET}, "organisation number"),
        finding=FindingKey.derive(SECRET, "organisation number"),
        ids=ids,
    )

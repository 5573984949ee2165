"""Ten thousand partners in one signed document: read within 10 seconds and bounded memory."""

from __future__ import annotations

import resource
from time import process_time

from tests.saml.described import KEY, NEXT_YEAR, provider, read
from tests.volumes import volume
from toegang.saml.metadata.write import Group, write_metadata

MANY = volume(200, 10_000)
SECONDS = 10.0
"""Of the processor: what else the machine does is not measured here."""

TIMES_ITS_SIZE = 12
"""The tree of a document takes this much more memory than its octets, at most."""


def test_many_entities_are_read_in_time_and_memory() -> None:
    octets = write_metadata(
        Group(members=tuple(map(provider, range(MANY))), valid_until=NEXT_YEAR), "_many", KEY
    )
    assert 5_000 < len(octets) / MANY < 8_000
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    began = process_time()
    found = read(octets)
    took = process_time() - began
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) * 1024
    assert (len(found), found[-1]) == (MANY, provider(MANY - 1))
    assert took < SECONDS
    assert grown < TIMES_ITS_SIZE * len(octets) + 32 * 1024 * 1024

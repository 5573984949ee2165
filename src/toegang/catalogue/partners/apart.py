"""The process that reads large metadata: an errand on standard input, an entity a line on standard output.

Bounded in memory, and without anything worth taking: no settings, no keys, no database.
"""

from __future__ import annotations

import os
import resource
import sys
from pathlib import Path

import msgspec

from toegang.catalogue.partners.reading import Errand, Refused, read_now, written
from toegang.errors import Refusal

MOST_MEMORY = 6 * 1024**3
"""Bytes of address space; half of it holds the largest document."""


POLITENESS = 10
"""How far logins go before this work."""


def main() -> None:
    """Do one errand."""
    os.nice(POLITENESS)
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    errand = msgspec.json.decode(sys.stdin.buffer.read(), type=Errand)
    octets = Path(errand.path).read_bytes()
    write = sys.stdout.buffer.write
    try:
        found = read_now(octets, errand.pins, errand.now, plain_http=errand.plain_http)
    except Refusal as error:
        write(msgspec.json.encode(Refused.of(error)) + b"\n")
        return
    for entity in found:
        write(written(entity) + b"\n")


if __name__ == "__main__":
    main()

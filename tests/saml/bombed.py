"""Takes bombs in a process that may have little memory: `python -m tests.saml.bombed`.

Every one is refused, as a message and as metadata, in an address and in a form; what is honest is read. One
that asked for more memory than there is would end the process.
"""

from __future__ import annotations

import resource
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

from tests.hostile.test_s15_bombs import BOMBS, ENTITIES, LARGE
from tests.hostile.test_s16_deflate_bombs import bomb, query
from tests.saml.parties import request
from toegang.errors import Refusal
from toegang.saml.bindings import post, redirect, soap
from toegang.saml.document import METADATA, admit

MEGABYTE = 1024 * 1024
ROOM = 192 * MEGABYTE
"""What is given beside what a process has before the first bomb; without a limit these want gigabytes."""
DEEP = b"<a>" * 3_000_000
WIDE = b"<a " + b" ".join(b'a%d=""' % n for n in range(200_000)) + b"/>"
MANY = b"<a>" + b"<b/>" * 1_500_000 + b"</a>"


def main() -> int:
    """Take them all; return how many were not refused."""
    small = [
        text.encode() for text in (*BOMBS.values(), *(LARGE[name] for name in LARGE if name != "references"))
    ]
    nested = f'<!DOCTYPE a [<!ENTITY e0 "ha">{ENTITIES}]>{request()}'.encode()
    deflated = [bomb(b" ", 200), bomb(b"<", 200), redirect.deflate(nested)]
    used = _used()
    resource.setrlimit(resource.RLIMIT_AS, (used + ROOM, used + ROOM))
    believed = 0
    for octets in (*small, nested, DEEP, WIDE, MANY):
        believed += _is_taken(partial(admit, octets))
        believed += _is_taken(partial(soap.unwrap, octets))
    for octets in (DEEP, WIDE, *small[: len(BOMBS)]):
        believed += _is_taken(partial(admit, octets, METADATA))
    for octets in deflated:
        believed += _is_taken(partial(redirect.parse, query(octets)))
        believed += _is_taken(partial(post.parse, b"SAMLResponse=" + octets))
    admit(request().encode())
    return believed


def _is_taken(take: Callable[[], object]) -> bool:
    try:
        take()
    except Refusal:
        return False
    return True


def _used() -> int:
    return int(Path("/proc/self/statm").read_text("ascii").split()[0]) * resource.getpagesize()


if __name__ == "__main__":
    sys.exit(main())

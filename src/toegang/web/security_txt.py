"""Where weaknesses are reported: the file that researchers look for (RFC9116)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Self

from starlette.responses import Response

from toegang.errors import Misconfigured
from toegang.web.security_headers import data_headers

if TYPE_CHECKING:
    from collections.abc import Sequence

    from starlette.requests import Request

    from toegang.web.rooms import Rooms

PATH = "/.well-known/security.txt"
NOT_FOUND = 404
# One line each, so that no setting writes a second field; plain http is refused (RFC9116-2.5.3).
_CONTACT = re.compile(r"(?:mailto:|tel:|https://)[!-~]+")
_POLICY = re.compile(r"https://[!-~]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class SecurityTxt:
    """RFC9116-2.5: whom to tell (the preferred way first), until when that holds, and by what policy."""

    contacts: tuple[str, ...]
    expires: datetime
    policy: str

    @classmethod
    def parse(cls, contacts: Sequence[str], expires: str, policy: str) -> Self | None:
        """RFC9116-2.5: read the settings; None when there is no contact, and so nothing to serve.

        Raises:
            Misconfigured: no address, no policy address, or no moment with its offset from UTC.

        """
        if not contacts:
            return None
        for address in contacts:
            if not _CONTACT.fullmatch(address):
                message = f"{address!r} is no contact: write mailto:..., tel:... or https://..."
                raise Misconfigured(message)
        if policy and not _POLICY.fullmatch(policy):
            message = f"{policy!r} is no https address of a policy"
            raise Misconfigured(message)
        return cls(contacts=tuple(contacts), expires=_moment(expires), policy=policy)

    def text(self, issuer: str) -> str:
        """RFC9116-4: the file of the hub at `issuer`; dates in UTC, lines ended by a line feed."""
        until = self.expires.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        fields = [*(f"Contact: {address}" for address in self.contacts), f"Expires: {until}"]
        if self.policy:
            fields.append(f"Policy: {self.policy}")
        fields += ["Preferred-Languages: nl, en", f"Canonical: {issuer}{PATH}"]
        return "".join(f"{line}\n" for line in fields)


async def security_txt(_: Request, rooms: Rooms) -> Response:
    """RFC9116-3: say where weaknesses are reported, when the settings say so."""
    found = rooms.security_txt
    text = found.text(rooms.openid.issuer) if found else "nothing here\n"
    response = Response(text, 200 if found else NOT_FOUND, media_type="text/plain")
    response.raw_headers.extend(data_headers(https=rooms.cookies.https))
    return response


def _moment(text: str) -> datetime:
    try:
        found: datetime | None = datetime.fromisoformat(text)
    except ValueError:
        found = None
    if found is None or found.tzinfo is None:
        message = "must be a moment with its offset, such as 2027-12-31T12:00:00Z, while there is a contact"
        raise Misconfigured(message)
    return found


ROUTES = (("GET", PATH, security_txt),)

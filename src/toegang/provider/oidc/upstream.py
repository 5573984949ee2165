"""OpenID providers that are means: they tell us that somebody logged out there (OIDCBCL), or send them back.

Only what the provider itself signed for us is believed, once, and only about its own sessions (S27).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from toegang.errors import OneTimeGone, ProofInvalid, ProtocolRefusal, Replayed
from toegang.jose.compact import parse_compact
from toegang.jose.verify import verify
from toegang.means.external.sessions import is_told
from toegang.means.oidc.provider import Provider
from toegang.oidc.errors import INVALID_REQUEST
from toegang.oidc.logout import EVENT, TYPE
from toegang.oidc.parameters import parse_parameters
from toegang.oidc.times import check_begun, check_not_over, required
from toegang.provider.logout.means import EndedElsewhere
from toegang.provider.logout.records import ReturnTo

if TYPE_CHECKING:
    from datetime import datetime

    from toegang.catalogue.values import MeansId
    from toegang.catalogue.watch import Catalogue
    from toegang.jose.segments import JsonObject
    from toegang.means.oidc.metadata import Directory
    from toegang.provider.logout.leave import Logouts
    from toegang.provider.logout.means import MeansEndings
    from toegang.units import Expiring, Units

KIND = "oidc"
TYPES = (TYPE, "jwt", None)
OLDEST = timedelta(minutes=5)
LONGEST = timedelta(minutes=10)


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderLogout:
    """What providers tell of logouts."""

    catalogue: Catalogue
    directory: Directory
    seen: Expiring[str]
    endings: MeansEndings
    logouts: Logouts
    units: Units

    async def hear(self, means: MeansId, octets: bytes, now: datetime) -> None:
        """OIDCBCL-2.6: end what rests on a session that a provider ended.

        1. The means is one that tells us. 2. The token is signed by it, by the algorithm registered for it.
        3. It is of this provider, for us, of now. 4. It says that somebody logged out, and whom or which
        session; it is no ID token. 5. It was not seen before. 6. Our sessions end.

        Raises:
            Refusal: a step fails.
            Unavailable: the provider's keys cannot be had.

        """
        # 1.
        admission = self.catalogue.current.means(means)
        if admission is None or admission.kind != KIND or not is_told(admission):
            message = "no such means, or none that tells of logouts"
            raise ProofInvalid(message)
        provider = Provider.of(admission)
        token = parse_parameters(octets).get("logout_token")
        if token is None:
            raise ProtocolRefusal(INVALID_REQUEST, "logout_token is missing")
        # 2.
        unverified = parse_compact(token)
        keys = await self.directory.keys(provider, unverified.header.kid, now)
        claims = verify(unverified, keys, algorithms=(provider.id_token_alg,), types=TYPES).claims
        # 3.
        audience = claims.get("aud")
        named = audience if isinstance(audience, list) else [audience]
        if claims.get("iss") != provider.issuer or named != [provider.client_id]:
            message = "a logout token of another provider, or for another than us"
            raise ProofInvalid(message)
        required(claims, "iat")
        check_begun(claims, "iat", now, oldest=OLDEST)
        if "exp" in claims:
            check_not_over(claims, now, longest=LONGEST)
        # 4.
        name, index = _about(claims)
        # 5.
        await self._check_new(provider.issuer, claims, now)
        # 6.
        ended = EndedElsewhere(
            party=provider.issuer, means=admission.id, name=name, indexes=(index,) if index else ()
        )
        await self.endings.end(ended, now, ReturnTo(), "")

    async def back(self, octets: bytes, browser: str, now: datetime) -> str:
        """OIDCRPL-3: note that a provider sent this browser back from logging out; return which logout.

        Raises:
            Refusal: this browser was not sent there with that.

        """
        state = parse_parameters(octets).get("state", "")
        asked = await self.logouts.find_asked(state, browser, now)
        admission = self.catalogue.current.means(asked.party) if asked else None  # type: ignore[arg-type]
        if asked is None or admission is None or admission.kind != KIND:
            message = "nobody was sent away with this state in this browser"
            raise OneTimeGone(message)
        await self.logouts.answered(state, asked, now, confirmed=True)
        return asked.chain

    async def _check_new(self, issuer: str, claims: JsonObject, now: datetime) -> None:
        jti = claims.get("jti")
        if not isinstance(jti, str) or not jti:
            message = "a logout token without a name of its own"
            raise ProofInvalid(message)
        async with self.units.begin() as unit:
            first = await self.seen.add(unit, f"{issuer} {jti}", KIND, now + OLDEST + LONGEST, now)
        if not first:
            raise Replayed


def _about(claims: JsonObject) -> tuple[str, str]:
    """OIDCBCL-2.4: return whose session ended, and which; a nonce MUST NOT be there."""
    events, name, index = claims.get("events"), claims.get("sub", ""), claims.get("sid", "")
    told = isinstance(events, dict) and isinstance(events.get(EVENT), dict)
    texts = isinstance(name, str) and isinstance(index, str) and bool(name or index)
    if not told or not texts or "nonce" in claims:
        message = "no logout token: it does not say whose session ended, or it says something else"
        raise ProofInvalid(message)
    return str(name), str(index)

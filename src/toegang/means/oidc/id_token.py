"""What is believed of a provider's answer, and why: the checks of OIDCC-3.1.3.7, in its order."""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, NoReturn

from toegang.errors import Malformed, ProofInvalid, TooLarge
from toegang.jose.compact import parse_compact
from toegang.jose.verify import verify
from toegang.oidc.id_token import half_hash
from toegang.oidc.times import SKEW, check_not_over, moment, required

if TYPE_CHECKING:
    from toegang.jose.compact import UnverifiedToken
    from toegang.jose.public_keys import PublicKeySet
    from toegang.jose.segments import JsonObject
    from toegang.means.external.errands import Errand
    from toegang.means.oidc.calls import Tokens
    from toegang.means.oidc.provider import Provider

LONGEST = timedelta(days=1)  # that an ID token may live; a login is believed for minutes anyway
SUBJECT_LIMIT = 255
TYPES = ("jwt", None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a provider told, and may be believed: who, by which word for a level, when.

    `at` is when the person logged in there; the moment of the answer where it does not say.
    """

    subject: str
    acr: str
    at: datetime
    claims: JsonObject


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What is to be checked: the tokens, the code that they came for, and the ID token as read."""

    tokens: Tokens
    code: str
    unverified: UnverifiedToken

    @classmethod
    def of(cls, tokens: Tokens, code: str) -> Answer:
        """Read the ID token, believing nothing.

        Raises:
            ProofInvalid: it is none.

        """
        try:
            return cls(tokens=tokens, code=code, unverified=parse_compact(tokens.id_token))
        except (Malformed, TooLarge) as error:
            message = f"no ID token: {error.detail}"
            raise ProofInvalid(message) from error


def believe(answer: Answer, provider: Provider, keys: PublicKeySet, errand: Errand, now: datetime) -> Told:
    """OIDCC-3.1.3.7: check an ID token that came for `errand`.

    1. it is signed by this provider, by the algorithm registered for it;
    2. its issuer is the one that was asked, exactly; 3. it is for us and for nobody else besides;
    4. it is not over and was made after we asked; 5. it answers our request and no other (the nonce);
    6. the access token and the code are the ones that it came with; 7. the login is of after the request,
    where a fresh one was asked.

    Raises:
        ProofInvalid: a step fails.

    """
    # 1.
    claims = verify(answer.unverified, keys, algorithms=(provider.id_token_alg,), types=TYPES).claims
    # 2.
    if claims.get("iss") != errand.party or errand.party != provider.issuer:
        _refuse("the ID token is of another issuer")
    # 3.
    _check_audience(claims, provider.client_id)
    # 4.
    check_not_over(claims, now, longest=LONGEST)
    made = required(claims, "iat")
    if made > now + SKEW or made < errand.sent_at - SKEW:
        _refuse("the ID token was not made since it was asked")
    # 5.
    nonce = claims.get("nonce")
    if not isinstance(nonce, str) or not hmac.compare_digest(nonce.encode(), errand.proof.encode()):
        _refuse("the ID token answers another request")
    # 6.
    _check_hash(claims, "at_hash", answer.tokens.access_token)
    _check_hash(claims, "c_hash", answer.code)
    # 7.
    at = _logged_in_at(claims, errand, now)
    return Told(subject=_subject(claims), acr=_text(claims, "acr"), at=at, claims=claims)


def check_same(told: Told, userinfo: JsonObject) -> None:
    """OIDCC-5.3.4: userinfo MUST be of the same person, or nothing of it is used.

    Raises:
        ProofInvalid: it is of somebody else.

    """
    if userinfo.get("sub") != told.subject:
        _refuse("userinfo is of somebody else than the ID token")


def _check_audience(claims: JsonObject, client_id: str) -> None:
    audience, azp = claims.get("aud"), claims.get("azp")
    named = audience if isinstance(audience, list) else [audience]
    if named != [client_id]:
        _refuse("the ID token is not for us alone")
    if azp is not None and azp != client_id:
        _refuse("the ID token was given to another party (azp)")


def _check_hash(claims: JsonObject, name: str, of: str) -> None:
    found = claims.get(name)
    if found is None:
        return
    if not isinstance(found, str) or not hmac.compare_digest(found.encode(), half_hash(of).encode()):
        _refuse(f"{name} is of something else")


def _logged_in_at(claims: JsonObject, errand: Errand, now: datetime) -> datetime:
    """OIDCC-2: when the person logged in; after we asked, where a fresh login was asked."""
    at = moment(claims, "auth_time")
    if errand.fresh and (at is None or at < errand.sent_at - SKEW):
        _refuse("a fresh login was asked, and the provider used an earlier one")
    if at is not None and at > now + SKEW:
        _refuse("auth_time is in the future")
    return now if at is None else min(at, now)


def _subject(claims: JsonObject) -> str:
    subject = claims.get("sub")
    if not isinstance(subject, str) or not 0 < len(subject) <= SUBJECT_LIMIT or not subject.isprintable():
        _refuse("the ID token has no subject")
    if subject != subject.strip():
        _refuse("the ID token has a subject that is blank, or begins or ends so")
    return subject


def _text(claims: JsonObject, name: str) -> str:
    value = claims.get(name)
    return value if isinstance(value, str) else ""


def _refuse(detail: str) -> NoReturn:
    raise ProofInvalid(detail)

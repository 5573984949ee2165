"""What an app signs: read through the strict gate, and believed only after both signatures.

A statement is a token by the device key; with a PIN it goes together with a second token, over the very same
payload octets, by the key that the PIN makes, and where the PIN changes with a third, by the key that the new
PIN makes (docs/protocols/app.md). Reading proves nothing: `Unproven` has
no members that a room may act on before `check_device` made a `Statement` of it.
"""

from __future__ import annotations

import enum
import hmac
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from toegang.errors import Malformed, ProofInvalid
from toegang.jose.compact import Header, parse_compact
from toegang.jose.public_keys import PublicKey, PublicKeySet
from toegang.jose.segments import decode
from toegang.jose.verify import verify
from toegang.keys.ed25519 import check_signature

if TYPE_CHECKING:
    from toegang.jose.compact import UnverifiedToken
    from toegang.jose.segments import JsonObject

DEVICE_TYPE = "toegang-app+jwt"
PIN_TYPE = "toegang-app-pin+jwt"
LIMIT = 4_096  # characters of a statement
TURN_LENGTH = 22  # 16 octets
PIN_KEY_BYTES = 32
JWK_MEMBERS = frozenset({"kty", "crv", "x", "y"})


class Act(enum.StrEnum):
    """What an app states."""

    KEY = "key"
    ACTIVATE = "activate"
    LETTER = "letter"
    CONFIRM = "confirm"
    REFUSE = "refuse"
    SUBSCRIBE = "subscribe"
    WAITING = "waiting"
    MATCH = "match"
    STOP = "stop"
    PIN = "pin"


COMMON = frozenset({"aud", "act", "session", "challenge", "iat"})
MEMBERS = {
    Act.KEY: COMMON,
    Act.ACTIVATE: COMMON | {"pin_key", "name"},
    Act.LETTER: COMMON | {"turn"},
    Act.CONFIRM: COMMON | {"turn", "language", "provider", "service", "level"},
    Act.REFUSE: COMMON,
    Act.SUBSCRIBE: COMMON | {"endpoint", "p256dh", "auth"},
    Act.WAITING: COMMON,
    Act.MATCH: COMMON | {"number"},
    Act.STOP: COMMON,
    Act.PIN: COMMON | {"turn", "pin_key"},
}
"""The members of each act: all of these and no others."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unproven:
    """A statement as it came: by the device key, and by the PIN key where it has one. Nothing is proven.

    `new_pin` is by the key of the PIN that is to take the place of the one before.
    """

    device: UnverifiedToken = field(repr=False)
    pin: UnverifiedToken | None = field(default=None, repr=False)
    new_pin: UnverifiedToken | None = field(default=None, repr=False)

    @property
    def kid(self) -> str:
        """Which app it says that it is by; only for looking up the key that must prove it."""
        return self.device.header.kid or ""


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What a statement must be about: us, this act, this session and its challenge."""

    issuer: str
    act: Act
    session: str = field(repr=False)
    challenge: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """What the holder of a device key stated, about what was asked; only `check_device` makes one.

    `pin` still waits for `check_pin`, `new_pin` for `check_new_pin`.
    """

    claims: JsonObject = field(repr=False)
    pin: UnverifiedToken | None = field(default=None, repr=False)
    new_pin: UnverifiedToken | None = field(default=None, repr=False)

    def text(self, member: str) -> str:
        """Return a member that is a text.

        Raises:
            Malformed: it is something else.

        """
        value = self.claims[member]
        if not isinstance(value, str):
            message = f"{member} is not a text"
            raise Malformed(message)
        return value

    @property
    def turn(self) -> str:
        """The turn that it carries."""
        turn = self.text("turn")
        if len(turn) != TURN_LENGTH:
            message = "the turn has another length"
            raise Malformed(message)
        return turn


def read(device: object, pin: object = None, *, with_pin: bool = False) -> Unproven:
    """Read a statement as it came, from members of a JSON object.

    Raises:
        Malformed, TooLarge: not statements, or with a PIN where none belongs.

    """
    if not isinstance(device, str) or isinstance(pin, str) is not with_pin:
        message = "a statement by the device, and one by the PIN where it is asked"
        raise Malformed(message)
    return Unproven(
        device=parse_compact(device, limit=LIMIT),
        pin=parse_compact(pin, limit=LIMIT) if isinstance(pin, str) else None,
    )


def read_pin_change(device: object, pin: object, new_pin: object) -> Unproven:
    """Read a statement by the device, by the PIN and by the PIN that is to be.

    Raises:
        Malformed, TooLarge: not three statements.

    """
    if not isinstance(new_pin, str):
        message = "a statement by the new PIN"
        raise Malformed(message)
    return replace(read(device, pin, with_pin=True), new_pin=parse_compact(new_pin, limit=LIMIT))


def read_device_key(jwk: object) -> bytes:
    """Return the octets that a device key is kept by: its public JWK in one canonical form.

    Raises:
        Malformed: not a public key on P-256 with these members and no others.

    """
    if not isinstance(jwk, dict) or jwk.keys() != JWK_MEMBERS or PublicKey.parse(jwk) is None:
        message = "the device key is not a public key on P-256"
        raise Malformed(message)
    if jwk["kty"] != "EC":
        message = "the device key is not an elliptic curve key"
        raise Malformed(message)
    return f"{jwk['x']}.{jwk['y']}".encode()


def _key(device_key: bytes, kid: str | None) -> PublicKey:
    x, _, y = device_key.decode().partition(".")
    key = PublicKey.parse({"kty": "EC", "crv": "P-256", "x": x, "y": y})
    if key is None:
        message = "the key of an app cannot be read"
        raise Malformed(message)
    return replace(key, kid=kid)


def read_pin_key(jwk: object) -> bytes:
    """RFC8037-2: return the 32 octets of a public PIN key.

    Raises:
        Malformed: not a public Ed25519 key with these members and no others.

    """
    if not isinstance(jwk, dict) or jwk.keys() != {"kty", "crv", "x"}:
        message = "the PIN key is not a public key"
        raise Malformed(message)
    x = jwk["x"]
    octets = decode(x) if isinstance(x, str) else b""
    if (jwk["kty"], jwk["crv"]) != ("OKP", "Ed25519") or len(octets) != PIN_KEY_BYTES:
        message = "the PIN key is not an Ed25519 key"
        raise Malformed(message)
    return octets


def check_device(unproven: Unproven, device_key: bytes, kid: str | None, about: About) -> Statement:
    """RFC7515-5.2, RFC8725-3: make a statement of what the holder of `device_key` signed for us, now.

    1. The header names this app (none, before there is one), this type and this algorithm.
    2. The signature holds under the key of this very app.
    3. The payload has the members of its act, no others, and is about what is asked: hub, act, session and
       challenge.
    4. A statement by the PIN goes along where the act has one, over the very same payload octets, with the
       header of a PIN statement of this app; and so does one by the new PIN.
    The caller must take the challenge, look at the turn, and check the PIN (`check_pin`, `check_new_pin`).

    Raises:
        ProofInvalid: a step fails.
        Malformed: a member is not what it should be.

    """
    # 1.
    if unproven.device.header.kid != kid or unproven.device.header.cty is not None:
        message = "the statement names another app, or has a header of its own making"
        raise ProofInvalid(message)
    # 2.
    keys = PublicKeySet(keys=(_key(device_key, kid),))
    verified = verify(unproven.device, keys, algorithms=("ES256",), types=(DEVICE_TYPE,))
    # 3.
    _check_about(verified.claims, about)
    # 4.
    for each in (unproven.pin, unproven.new_pin):
        if each is not None:
            _check_same(unproven.device, each, kid)
    return Statement(claims=verified.claims, pin=unproven.pin, new_pin=unproven.new_pin)


def check_pin(statement: Statement, pin_key: bytes) -> None:
    """RFC8037-3.1: refuse unless the PIN that was typed is the one that made `pin_key`.

    Whoever calls this counts: a refusal is a wrong PIN and nothing else.

    Raises:
        ProofInvalid: another PIN.

    """
    if statement.pin is None:
        message = "no statement by the PIN"
        raise ProofInvalid(message)
    check_signature(pin_key, statement.pin.signature, statement.pin.signing_input)


def check_new_pin(statement: Statement) -> bytes:
    """RFC8037-3.1: return the public PIN key that a statement names, whose holder signed the very same.

    Raises:
        Malformed: it names none.
        ProofInvalid: another key signed.

    """
    named = read_pin_key(statement.claims["pin_key"])
    check_pin(replace(statement, pin=statement.new_pin), named)
    return named


def _check_about(claims: JsonObject, about: About) -> None:
    if claims.keys() != MEMBERS[about.act]:
        message = "the statement has other members than its act has"
        raise ProofInvalid(message)
    asked = {
        "aud": about.issuer,
        "act": about.act.value,
        "session": about.session,
        "challenge": about.challenge,
    }
    for member, value in asked.items():
        given = claims[member]
        if not isinstance(given, str) or not hmac.compare_digest(given.encode(), value.encode()):
            message = f"the statement is about another {member}"
            raise ProofInvalid(message)
    if type(claims["iat"]) is not int:
        message = "iat is not a whole number"
        raise Malformed(message)


def _check_same(device: UnverifiedToken, pin: UnverifiedToken, kid: str | None) -> None:
    wanted = Header(alg="EdDSA", kid=kid, typ=PIN_TYPE, cty=None)
    if pin.header != wanted:
        message = "the statement by the PIN has another header"
        raise ProofInvalid(message)
    if not hmac.compare_digest(_payload(device), _payload(pin)):
        message = "the two statements do not say the same"
        raise ProofInvalid(message)


def _payload(token: UnverifiedToken) -> bytes:
    return token.signing_input.partition(b".")[2]

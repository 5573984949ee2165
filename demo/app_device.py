"""A device with the app, in software: it speaks the protocol of docs/protocols/app.md, and nothing else.

Real keys and real signatures; only the storage is not a telephone's. Whoever uses it hands in how a request
is sent, and types the PIN. It shows nothing: what a person would see is in `Login.details`.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import os
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from time import time
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ec import (
    ECDSA,
    SECP256R1,
    EllipticCurvePrivateKey,
    generate_private_key,
)
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

PIN_LABEL = b"toegang pin 1"
PIN_DIGITS = 5

Send = Callable[[str, Mapping[str, Any]], Awaitable[tuple[int, dict[str, Any]]]]
"""Post JSON to a path under /app/v1; return the status and the JSON that came back."""


class Refused(Exception):
    """The hub said no; `problem` is what it said."""

    def __init__(self, problem: Mapping[str, Any]) -> None:
        """Carry the problem."""
        super().__init__(str(problem))
        self.problem = problem

    @property
    def code(self) -> str:
        """The stable code."""
        return str(self.problem["code"])


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """A contact: show `code`."""

    secret: str = field(repr=False)
    code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """What was scanned: a login or an activation, with what is to be shown of it."""

    kind: str
    id: str = field(repr=False)
    challenge: str = field(repr=False)
    details: Mapping[str, Any]


@dataclass(slots=True, kw_only=True)
class Device:
    """One device, before and after its app is activated. `issuer` is the hub that it was made for."""

    issuer: str
    send: Send = field(repr=False)
    key: EllipticCurvePrivateKey = field(
        default_factory=lambda: generate_private_key(SECP256R1()), repr=False
    )
    secret: bytes = field(default_factory=lambda: os.urandom(32), repr=False)
    app: str = ""
    turn: str = field(default="", repr=False)

    async def open_contact(self) -> Contact:
        """Open a contact, to show its code."""
        told = await self._post("/contacts", {})
        return Contact(secret=told["contact"], code=told["code"])

    async def scan(self, contact: Contact | None = None, *, token: str = "", number: str = "") -> Session:
        """Scan what a page shows; or type its number; or follow the link of a page on this device."""
        body = {"contact": contact.secret} if contact else {}
        told = await self._post("/scans", body | ({"token": token} if token else {"number": number}))
        return Session(
            kind=told["kind"], id=told["session"], challenge=told["challenge"], details=told["details"]
        )

    async def activate(self, session: Session, pin: str, name: str = "Telephone") -> dict[str, Any]:
        """Prove the device key, then the PIN; return what the hub says of the app now."""
        members = {"act": "key", "session": session.id, "challenge": session.challenge}
        keyed = await self._post(
            f"/activations/{session.id}/key",
            {"device_key": self.public, "statement": self.by_device(self.payload(members))},
        )
        self.app = keyed["app"]
        members |= {"act": "activate", "challenge": keyed["challenge"], "name": name}
        payload = self.payload(members | {"pin_key": self.public_pin_key(pin)})
        told = await self._post(f"/activations/{session.id}/pin", self.both(payload, pin))
        self.turn = told["turn"]
        return told

    async def subscribe(self, endpoint: str, p256dh: str, auth: str) -> None:
        """Ask to be told by push when a login waits."""
        members = {"act": "subscribe", "endpoint": endpoint, "p256dh": p256dh, "auth": auth}
        await self._ask("subscription", members)

    async def change_pin(self, pin: str, new_pin: str) -> None:
        """Put another PIN in the place of the one that the app has."""
        given = await self._post("/challenges", {})
        about = {"session": given["session"], "challenge": given["challenge"], "turn": self.turn}
        body = self.pin_change({"act": "pin", **about}, pin, new_pin)
        told = await self._post(f"/challenges/{given['session']}/pin", body)
        self.turn = told["turn"]

    def pin_change(self, members: Mapping[str, Any], pin: str, new_pin: str) -> dict[str, str]:
        """State a change of PIN three times: by the device key, by the PIN, and by the new one."""
        payload = self.payload({**members, "pin_key": self.public_pin_key(new_pin)})
        return self.both(payload, pin) | {"new_pin": self.by_pin(payload, new_pin)}

    async def leave(self) -> None:
        """Give the app up: the hub stops it."""
        await self._ask("stop", {"act": "stop"})

    async def waiting(self) -> Session:
        """Ask which login waits; what it is comes after its number."""
        told = await self._ask("waiting", {"act": "waiting"})
        return Session(kind="login", id=told["session"], challenge=told["challenge"], details={})

    async def match(self, session: Session, number: str) -> Session:
        """Type the number of the page that waits; see what it is."""
        members = {"act": "match", "session": session.id, "challenge": session.challenge, "number": number}
        told = await self._post(
            f"/logins/{session.id}/match", {"device": self.by_device(self.payload(members))}
        )
        return Session(
            kind=told["kind"], id=told["session"], challenge=told["challenge"], details=told["details"]
        )

    async def give_late_letter_code(self, code: str) -> dict[str, Any]:
        """Give the code of a letter that was asked again."""
        given = await self._post("/challenges", {})
        about = {"session": given["session"], "challenge": given["challenge"], "turn": self.turn}
        body = {"device": self.by_device(self.payload({"act": "letter", **about})), "code": code}
        told = await self._post(f"/challenges/{given['session']}/code", body)
        self.turn = told["turn"]
        return told

    async def bring_desk_code(self, code: str) -> Session:
        """Bring the code of a desk: an activation without a page."""
        told = await self._post("/desk", {"code": code})
        return Session(
            kind=told["kind"], id=told["session"], challenge=told["challenge"], details=told["details"]
        )

    async def give_letter_code(self, session: Session, challenge: str, code: str) -> dict[str, Any]:
        """Give the code of the letter to an app that waits for it."""
        members = {"act": "letter", "session": session.id, "challenge": challenge, "turn": self.turn}
        body = {"device": self.by_device(self.payload(members)), "code": code}
        told = await self._post(f"/activations/{session.id}/code", body)
        self.turn = told["turn"]
        return told

    async def confirm(self, session: Session, pin: str, language: str = "nl") -> str:
        """Confirm a login with the PIN; return the address to go back to, empty when there is none."""
        payload = self.payload(self.confirmation(session, language))
        told = await self._post(f"/logins/{session.id}/confirm", self.both(payload, pin))
        self.turn = told["turn"]
        return str(told.get("return", ""))

    async def refuse_to_be_added(self, session: Session) -> None:
        """Refuse an activation."""
        await self._post(f"/activations/{session.id}/refuse", {})

    async def refuse(self, session: Session, *, misuse: bool = False) -> None:
        """Refuse a login."""
        members = {"act": "refuse", "session": session.id, "challenge": session.challenge}
        body = {"device": self.by_device(self.payload(members)), "misuse": misuse}
        await self._post(f"/logins/{session.id}/refuse", body)

    def confirmation(self, session: Session, language: str = "nl") -> dict[str, Any]:
        """Return what a confirmation says: what was shown, character by character."""
        shown = {name: session.details[name][language] for name in ("provider", "service", "level")}
        return {
            "act": "confirm",
            "session": session.id,
            "challenge": session.challenge,
            "turn": self.turn,
            "language": language,
            **shown,
        }

    def payload(self, members: Mapping[str, Any]) -> str:
        """Return the payload of a statement."""
        return encode(json.dumps({"aud": self.issuer, "iat": int(time()), **members}).encode())

    def both(self, payload: str, pin: str) -> dict[str, str]:
        """State one payload twice: by the device key and by the key that the PIN makes."""
        return {"device": self.by_device(payload), "pin": self.by_pin(payload, pin)}

    def by_device(self, payload: str) -> str:
        """Sign with the device key; its signature is r and s, 32 octets each (RFC 7518 section 3.4)."""
        header = {"alg": "ES256", "typ": "toegang-app+jwt"} | ({"kid": self.app} if self.app else {})
        signed = f"{encode(json.dumps(header).encode())}.{payload}"
        r, s = decode_dss_signature(self.key.sign(signed.encode(), ECDSA(SHA256())))
        return f"{signed}.{encode(r.to_bytes(32, 'big') + s.to_bytes(32, 'big'))}"

    def by_pin(self, payload: str, pin: str) -> str:
        """Sign with the key that the PIN makes; it is made anew and kept nowhere."""
        header = {"alg": "EdDSA", "typ": "toegang-app-pin+jwt", "kid": self.app}
        signed = f"{encode(json.dumps(header).encode())}.{payload}"
        return f"{signed}.{encode(self.pin_key(pin).sign(signed.encode()))}"

    def pin_key(self, pin: str) -> Ed25519PrivateKey:
        """Make the PIN key: its seed is HMAC-SHA-256 under the device's secret."""
        if len(pin) != PIN_DIGITS or not (pin.isascii() and pin.isdigit()):
            message = f"a PIN has {PIN_DIGITS} digits"
            raise ValueError(message)
        seed = hmac.digest(self.secret, PIN_LABEL + self.app.encode() + pin.encode(), hashlib.sha256)
        return Ed25519PrivateKey.from_private_bytes(seed)

    def public_pin_key(self, pin: str) -> dict[str, str]:
        """Return the public half of the PIN key."""
        return {
            "kty": "OKP",
            "crv": "Ed25519",
            "x": encode(self.pin_key(pin).public_key().public_bytes_raw()),
        }

    @property
    def public(self) -> dict[str, str]:
        """The public half of the device key."""
        numbers = self.key.public_key().public_numbers()
        x, y = (encode(each.to_bytes(32, "big")) for each in (numbers.x, numbers.y))
        return {"kty": "EC", "crv": "P-256", "x": x, "y": y}

    async def _ask(self, what: str, members: Mapping[str, Any]) -> dict[str, Any]:
        """State something that nothing was scanned for, over a challenge that is asked for it."""
        given = await self._post("/challenges", {})
        about = {"session": given["session"], "challenge": given["challenge"]}
        body = {"device": self.by_device(self.payload({**about, **members}))}
        return await self._post(f"/challenges/{given['session']}/{what}", body)

    async def _post(self, path: str, body: Mapping[str, Any]) -> dict[str, Any]:
        status, told = await self.send(path, body)
        if status >= 400:  # noqa: PLR2004 HTTP's own number
            raise Refused(told)
        return told


def encode(octets: bytes) -> str:
    """Return base64url without padding."""
    return base64.urlsafe_b64encode(octets).rstrip(b"=").decode()


def decode(text: str) -> bytes:
    """Return what base64url without padding says."""
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))

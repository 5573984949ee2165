"""The keys of the app in a real Chromium: they say what Python's cryptography says, and cannot be read."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Iterator
from typing import Any

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from playwright.sync_api import Browser, Page

from tests.browser.preview import HOUSE, Preview
from toegang.web.assets import Assets

APP = "0193e5a4-7c31-7b1e-9d0a-4a0d6c8f2b11"
HALF = bytes(range(32))
PIN = "27018"
CLAIMS = {"aud": HOUSE, "act": "confirm", "service": "Uitslagen bekijken: één café"}
LOADED = """const load = name => import(`${at}/${name}.js`);
  const [keys, jws, store] = await Promise.all(["keys", "jws", "store"].map(load));"""
IMPORTED = """const use = {name: "HMAC", hash: "SHA-256"};
  const half = await crypto.subtle.importKey("raw", new Uint8Array(octets), use, false, ["sign"]);"""


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """Open the app's page, and its scripts under its own policy."""
    context = browser.new_context()
    Preview().attach(context)
    opened = context.new_page()
    opened.goto(f"{HOUSE}/app/shell?ui_locales=nl")
    opened.locator("[data-screen=start-new]").wait_for()
    yield opened
    context.close()


def run(page: Page, script: str, **given: object) -> Any:  # noqa: ANN401 whatever the script returns
    """Run a script beside the modules of the app."""
    at = Assets.load().url("app/keys.js").rpartition("/")[0]
    names = ", ".join(["at", *given])
    return page.evaluate(f"async ({{{names}}}) => {{ {LOADED} {script} }}", {"at": at, **given})


def b64(octets: bytes) -> str:
    return base64.urlsafe_b64encode(octets).rstrip(b"=").decode()


def unb64(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def pin_key(pin: str, half: bytes = HALF) -> ed25519.Ed25519PrivateKey:
    """Make the key that the protocol says, with another library."""
    seed = hmac.digest(half, f"toegang pin 1{APP}{pin}".encode("ascii"), hashlib.sha256)
    return ed25519.Ed25519PrivateKey.from_private_bytes(seed)


def public(key: ed25519.Ed25519PrivateKey) -> str:
    return b64(key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw))


@pytest.mark.parametrize("pin", [PIN, "00001", "99998"])
@pytest.mark.requires("RFC8410", "RFC8032")
def test_the_pin_key_is_the_one_that_the_protocol_says(page: Page, pin: str) -> None:
    script = f"{IMPORTED} return (await keys.pinKeyPair(half, app, pin)).public;"
    made = run(page, script, octets=list(HALF), app=APP, pin=pin)
    assert made == {"kty": "OKP", "crv": "Ed25519", "x": public(pin_key(pin))}


@pytest.mark.requires("RFC8037-3.1", "RFC7515-7.1")
def test_a_statement_by_the_pin_key_is_octet_for_octet_what_another_library_signs(page: Page) -> None:
    header = {"alg": "EdDSA", "typ": "toegang-app-pin+jwt", "kid": APP}
    script = f"""{IMPORTED} const key = await keys.pinKey(half, app, pin);
      return jws.sign(key, header, jws.written(claims));"""
    token = run(page, script, octets=list(HALF), app=APP, pin=PIN, header=header, claims=CLAIMS)
    signed, _, signature = token.rpartition(".")
    written = [
        json.dumps(each, separators=(",", ":"), ensure_ascii=False).encode() for each in (header, CLAIMS)
    ]
    assert signed == ".".join(map(b64, written))
    assert signature == b64(pin_key(PIN).sign(signed.encode()))


def test_another_pin_or_another_device_makes_another_key(page: Page) -> None:
    script = f"{IMPORTED} return jws.sign(await keys.pinKey(half, app, pin), {{alg: 'EdDSA'}}, 'e30');"
    for half, pin in ((HALF, "27019"), (HALF[::-1], PIN)):
        signed, _, signature = run(page, script, octets=list(half), app=APP, pin=pin).rpartition(".")
        with pytest.raises(InvalidSignature):
            pin_key(PIN).public_key().verify(unb64(signature), signed.encode())


@pytest.mark.requires("RFC7518-3.4")
def test_a_statement_by_the_device_key_is_verified_by_another_library(page: Page) -> None:
    script = """const made = await keys.makeKeys();
      const token = await jws.sign(made.device, {alg: 'ES256'}, 'e30');
      return [await keys.devicePublic(made.devicePublic), token];"""
    jwk, token = run(page, script)
    assert set(jwk) == {"kty", "crv", "x", "y"}
    x, y = (int.from_bytes(unb64(jwk[name])) for name in ("x", "y"))
    signed, _, signature = token.rpartition(".")
    octets = unb64(signature)
    assert len(octets) == 64
    halves = (int.from_bytes(half) for half in (octets[:32], octets[32:]))
    key = ec.EllipticCurvePublicNumbers(x, y, ec.SECP256R1()).public_key()
    key.verify(encode_dss_signature(*halves), signed.encode(), ec.ECDSA(hashes.SHA256()))


def test_no_private_key_can_be_read_before_or_after_it_was_kept(page: Page) -> None:
    script = """const made = await keys.makeKeys();
      await store.save({device: made.device, pinHalf: made.pinHalf});
      const kept = await store.load();
      const derived = await keys.pinKey(kept.pinHalf, 'app', '27018');
      const all = [made.device, made.pinHalf, kept.device, kept.pinHalf, derived];
      const read = (key, form) =>
        crypto.subtle.exportKey(form, key).then(() => 'read', refused => refused.name);
      return Promise.all(all.flatMap(key => ['jwk', 'pkcs8', 'raw'].map(form => read(key, form))));"""
    # A form that a kind of key does not have is another refusal than that of a key that may not be read.
    refusals = run(page, script)
    assert set(refusals) <= {"InvalidAccessError", "NotSupportedError"}
    assert refusals[0::3] == ["InvalidAccessError"] * 5


def test_two_apps_have_nothing_in_common(page: Page) -> None:
    script = """const [one, other] = [await keys.makeKeys(), await keys.makeKeys()];
      return Promise.all([one, other].flatMap(made => [keys.devicePublic(made.devicePublic),
        keys.pinKeyPair(made.pinHalf, 'app', '27018').then(pair => pair.public)]));"""
    device, pin, other_device, other_pin = run(page, script)
    assert device["x"] != other_device["x"]
    assert pin["x"] != other_pin["x"]


@pytest.mark.parametrize(
    ("pin", "easy"),
    [("00000", True), ("12345", True), ("54321", True), ("90123", True), ("27018", False), ("11112", False)],
)
def test_a_pin_that_is_too_easy_is_refused_by_the_app_since_the_hub_never_sees_it(
    page: Page, pin: str, easy: bool
) -> None:
    at = Assets.load().url("app/pin.js")
    assert page.evaluate("async ([at, pin]) => (await import(at)).isEasy(pin)", [at, pin]) is easy

"""The two ceremonies of WebAuthn: what a browser is asked, and what of its answer is believed.

Only this file speaks to the library. An `Unproven` has no member that a room may act on but whom it claims to
be by; `check_created` and `check_used` make of it what was proven. The caller must have taken the challenge.
"""

from __future__ import annotations

import json
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, NoReturn, cast
from uuid import UUID

from pyasn1.error import PyAsn1Error
from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import options_to_json_dict, parse_attestation_object
from webauthn.helpers.cose import COSEAlgorithmIdentifier
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AttestationConveyancePreference,
    AttestationFormat,
    AuthenticatorSelectionCriteria,
    AuthenticatorTransport,
    CredentialDeviceType,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from toegang.errors import Malformed, PasskeyRefused
from toegang.jose.segments import decode, parse_object
from toegang.keys.chains import FAULTS
from toegang.means.passkey.attestation import Statement, Trusted, is_attested
from toegang.means.passkey.values import Used, Why

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from toegang.jose.segments import JsonObject
    from toegang.means.passkey.values import Passkey

ANSWER_MOST = 32_768  # characters of an answer; those with the longest chains have a quarter of that
CREDENTIAL_MOST = 1_023  # octets (WEBAUTHN3-7.1)
HANDLE_BYTES = 32
WAIT = 300_000  # milliseconds that a browser waits for a person
ALGORITHMS: Final = [
    COSEAlgorithmIdentifier.ECDSA_SHA_256,
    COSEAlgorithmIdentifier.EDDSA,
    COSEAlgorithmIdentifier.RSASSA_PKCS1_v1_5_SHA_256,  # what Windows has where there is nothing better
]
FORMATS: Final = frozenset(
    {
        AttestationFormat.NONE,
        AttestationFormat.PACKED,
        AttestationFormat.TPM,
        AttestationFormat.ANDROID_KEY,
        AttestationFormat.APPLE,
    }
)
"""Those of devices that verify their user; U2F does not, and SafetyNet is no more."""

UNREADABLE = (
    WebAuthnException, PyAsn1Error, ValueError, TypeError, LookupError, AttributeError, ArithmeticError,
    RecursionError, *FAULTS,
)  # fmt: skip
"""What the library, and those below it, raise over an answer that nobody honest sends."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """Who we are to browsers: `rp_id` is our host, `origin` where our pages are, `name` ours."""

    rp_id: str
    origin: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Unproven:
    """An answer as it came; `credential` is the id of the passkey that it claims to be by."""

    answer: JsonObject = field(repr=False)
    credential: bytes = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Created:
    """A new passkey, proven to be made for us, now, by somebody whom their device verified."""

    credential: bytes = field(repr=False)
    public_key: bytes = field(repr=False)
    seen: Used
    model: str
    attested: bool
    transports: tuple[str, ...]


def read(answer: str) -> Unproven:
    """Read what a browser answered.

    Raises:
        PasskeyRefused: it is too long, or nothing that a browser sends.

    """
    if len(answer) > ANSWER_MOST:
        _refuse("an answer longer than any")
    try:
        found = parse_object(answer.encode("utf-8", "surrogatepass"))
        identifier = found.get("id")
        credential = decode(identifier) if isinstance(identifier, str) else b""
    except Malformed as error:
        _refuse(error.detail, error)
    if not 0 < len(credential) <= CREDENTIAL_MOST:
        _refuse("no id of a passkey")
    return Unproven(answer=found, credential=credential)


def ask_to_create(
    site: Site, challenge: str, handle: bytes, known: Sequence[Passkey], *, attestation: bool
) -> JsonObject:
    """WEBAUTHN3-5.4: return what a browser is asked for a new passkey; `known` are not to be made again."""
    options = generate_registration_options(
        rp_id=site.rp_id,
        rp_name=site.name,
        user_name=site.name,
        user_id=handle,
        challenge=challenge.encode(),
        timeout=WAIT,
        attestation=AttestationConveyancePreference("direct" if attestation else "none"),
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED,
            user_verification=UserVerificationRequirement.REQUIRED,
        ),
        exclude_credentials=[
            PublicKeyCredentialDescriptor(id=each.credential, transports=_transports(each.transports))
            for each in known
        ],
        supported_pub_key_algs=ALGORITHMS,
    )
    return cast("JsonObject", options_to_json_dict(options))


def ask_to_use(site: Site, challenge: str) -> JsonObject:
    """WEBAUTHN3-5.5: return what a browser is asked for a login; which passkey, its person chooses (L03)."""
    options = generate_authentication_options(
        rp_id=site.rp_id,
        challenge=challenge.encode(),
        timeout=WAIT,
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return cast("JsonObject", options_to_json_dict(options))


def check_created(unproven: Unproven, site: Site, challenge: str, trusted: Trusted, now: datetime) -> Created:
    """WEBAUTHN3-7.1: believe a new passkey.

    1. the statement is of a format of devices that verify people, and which model it speaks of; 2. challenge,
    origin, host, presence and verification, algorithm and statement: the library; 3. the page was ours alone,
    in no frame of another; 4. the id is the one that it was sent under; 5. whether a listed model vouches.

    Raises:
        PasskeyRefused: a step fails.

    """
    try:
        # 1.
        statement = _statement(unproven)
        # 2.
        made = verify_registration_response(
            credential=dict(unproven.answer),
            expected_challenge=challenge.encode(),
            expected_rp_id=site.rp_id,
            expected_origin=site.origin,
            require_user_verification=True,
            supported_pub_key_algs=ALGORITHMS,
            pem_root_certs_bytes_by_fmt=_further_roots(statement, trusted),
        )
        # 3.
        _check_alone(unproven)
    except (Malformed, *UNREADABLE) as error:
        _refuse(f"{type(error).__name__}: {error}", error)
    # 4.
    if made.credential_id != unproven.credential:
        _refuse("another id than that of the passkey")
    seen = Used(
        count=made.sign_count,
        eligible=made.credential_device_type is CredentialDeviceType.MULTI_DEVICE,
        backed_up=made.credential_backed_up,
    )
    return Created(
        credential=made.credential_id,
        public_key=made.credential_public_key,
        seen=seen,
        model=statement.model,
        # 5.
        attested=is_attested(statement, trusted, now),
        transports=_named(unproven),
    )


def check_used(unproven: Unproven, site: Site, challenge: str, passkey: Passkey) -> Used:
    """WEBAUTHN3-7.2: believe the use of a passkey; its counter is for the caller, who holds it.

    1. the device knows this account by our random number; 2. challenge, origin, host, presence and
    verification, and the signature by this very passkey: the library; 3. the page was ours alone.

    Raises:
        PasskeyRefused: a step fails.

    """
    try:
        # 1.
        response = unproven.answer["response"]
        handle = response.get("userHandle") if isinstance(response, Mapping) else None
        if not isinstance(handle, str) or decode(handle) != passkey.handle:
            _refuse("the device knows another account by this passkey")
        # 2.
        used = verify_authentication_response(
            credential=dict(unproven.answer),
            expected_challenge=challenge.encode(),
            expected_rp_id=site.rp_id,
            expected_origin=site.origin,
            credential_public_key=passkey.public_key,
            credential_current_sign_count=0,
            require_user_verification=True,
        )
        # 3.
        _check_alone(unproven)
    except (Malformed, *UNREADABLE) as error:
        _refuse(f"{type(error).__name__}: {error}", error)
    return Used(
        count=used.new_sign_count,
        eligible=used.credential_device_type is CredentialDeviceType.MULTI_DEVICE,
        backed_up=used.credential_backed_up,
    )


def _refuse(detail: str, cause: Exception | None = None) -> NoReturn:
    raise PasskeyRefused(detail, why=Why.INVALID) from cause


def _statement(unproven: Unproven) -> Statement:
    found = parse_attestation_object(_octets(unproven, "attestationObject"))
    data = found.auth_data.attested_credential_data
    if found.fmt not in FORMATS or data is None:
        message = "a format of no device that verifies people"
        raise ValueError(message)
    chain = found.att_stmt.x5c or []
    return Statement(
        kind=str(AttestationFormat(found.fmt).value), model=str(UUID(bytes=data.aaguid)), chain=tuple(chain)
    )


def _further_roots(statement: Statement, trusted: Trusted) -> dict[AttestationFormat, list[bytes]] | None:
    """Let the formats whose makers the library knows have roots of their listed models besides.

    For `packed` the chain is followed by us alone (attestation.py): who has a model that nobody listed may
    register all the same.
    """
    kind = AttestationFormat(statement.kind)
    if kind in {AttestationFormat.NONE, AttestationFormat.PACKED}:
        return None
    roots = trusted.roots_of(statement.model)
    return {kind: [ssl.DER_cert_to_PEM_cert(each).encode() for each in roots]} if roots else None


def _check_alone(unproven: Unproven) -> None:
    """WEBAUTHN3-7.1, WEBAUTHN3-7.2: refuse an answer of a page within a page of somebody else."""
    said = json.loads(_octets(unproven, "clientDataJSON"))
    if said.get("crossOrigin", False) is not False or "topOrigin" in said:
        message = "made in a frame of another page"
        raise ValueError(message)


def _octets(unproven: Unproven, member: str) -> bytes:
    response = unproven.answer["response"]
    value = response.get(member) if isinstance(response, Mapping) else None
    if not isinstance(value, str):
        message = f"no {member}"
        raise TypeError(message)
    return decode(value)


def _named(unproven: Unproven) -> tuple[str, ...]:
    """Return the ways to reach the device that its browser names; nobody signs them."""
    response = unproven.answer["response"]
    found = response.get("transports") if isinstance(response, Mapping) else None
    known = [each.value for each in AuthenticatorTransport]
    return tuple(each for each in known if isinstance(found, list) and each in found)


def _transports(names: Sequence[str]) -> list[AuthenticatorTransport]:
    return [AuthenticatorTransport(name) for name in names]

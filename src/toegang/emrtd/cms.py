"""What was signed in CMS: exactly one signer, and only what stands under the signature comes out."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from toegang.emrtd.algorithms import check_signature, hash_named, signature_algorithm
from toegang.emrtd.asn1 import moment, signed_data
from toegang.emrtd.certificates import Certificate
from toegang.emrtd.ciphers import same
from toegang.emrtd.faults import Fault, refuse
from toegang.emrtd.tlv import MOST_NODES, encode, read_all, read_one

MOST_CERTIFICATES: Final = 8
_SET: Final = 0x31
_MISREAD: Final = (ValueError, TypeError, LookupError, AttributeError)
_VERSION: Final = "v3"
# RFC5652-5.3: the version of a signer says how its certificate is named.
_SIGNER_VERSIONS: Final = {"issuer_and_serial_number": "v1", "subject_key_identifier": "v3"}
_ONCE: Final = ("content_type", "message_digest")


@dataclass(frozen=True, slots=True, kw_only=True)
class Signed:
    """Octets that one key signed; whether to believe that key is another question (trust.py)."""

    content: bytes = field(repr=False)
    signer: Certificate
    others: tuple[Certificate, ...]
    signed_at: datetime | None


def open_signed(octets: bytes, content_type: str, *, old: bool, nodes: int = MOST_NODES) -> Signed:
    """RFC5652-5.4, 5.6, ICAO9303-10-4.6.2.2: check the signature and return what was signed.

    1. SignedData of version 3 with content of this type, and exactly one signer.
    2. Exactly one certificate in it is the one that the signer names.
    3. Signed attributes MUST be there: the type of the content and its hash, once each and both right.
    4. The signature holds over the attributes as a set in DER, with algorithms of the list.
    The caller must decide whether the signer is believed.

    Raises:
        DocumentRefused: any of these is otherwise.

    """
    data = signed_data(octets, nodes)
    try:
        return _opened(data, content_type, old=old)
    except _MISREAD as error:
        return refuse(Fault.UNREADABLE, f"signed data: {type(error).__name__}")


def _opened(data: Any, content_type: str, *, old: bool) -> Signed:  # noqa: ANN401 asn1crypto has no types
    # 1.
    inner = data["encap_content_info"]
    if inner["content_type"].dotted != content_type or inner["content"].native is None:
        refuse(Fault.NOT_SIGNED, "signed content of another type, or none")
    if data["version"].native != _VERSION:
        refuse(Fault.NOT_SIGNED, "signed data of another version")
    if len(data["signer_infos"]) != 1:
        refuse(Fault.NOT_SIGNED, f"{len(data['signer_infos'])} signers")
    [info] = data["signer_infos"]
    content = bytes(inner["content"])
    # 2.
    signer, others = _signer(data["certificates"], info["sid"])
    if info["version"].native != _SIGNER_VERSIONS[info["sid"].name]:
        refuse(Fault.NOT_SIGNED, "a signer of another version")
    # 3.
    digest = info["digest_algorithm"]["algorithm"].native
    if digest not in [each["algorithm"].native for each in data["digest_algorithms"]]:
        refuse(Fault.NOT_SIGNED, "a signer with another hash than was announced")
    function = hash_named(digest, old=old)
    attributes = _attributes(info["signed_attrs"])
    if attributes["content_type"].dotted != content_type:
        refuse(Fault.NOT_SIGNED, "a signature over content of another type")
    if not same(attributes["message_digest"].native, function.digest(content)):
        refuse(Fault.NOT_SIGNED, "a signature over other content")
    # 4.
    algorithm = signature_algorithm(info["signature_algorithm"], digest, old=old)
    check_signature(signer.key, algorithm, info["signature"].native, _as_signed(info["signed_attrs"]))
    said = attributes.get("signing_time")
    signed_at = None if said is None else moment(said.chosen)
    return Signed(content=content, signer=signer, others=others, signed_at=signed_at)


def _signer(listed: Any, named: Any) -> tuple[Certificate, tuple[Certificate, ...]]:  # noqa: ANN401 asn1crypto
    """RFC5652-5.3: by issuer and number, or by key identifier."""
    if not 1 <= len(listed) <= MOST_CERTIFICATES:
        refuse(Fault.SIGNER_UNKNOWN, f"{len(listed)} certificates beside a signature")
    found = [Certificate.parse(each.chosen.dump()) for each in listed]
    if named.name == "issuer_and_serial_number":
        issuer, serial = str(named.chosen["issuer"].hashable), int(named.chosen["serial_number"].native)
        meant = [each for each in found if each.issuer == issuer and each.serial == serial]
    else:
        meant = [each for each in found if each.key_id and each.key_id == named.chosen.native]
    if len(meant) != 1:
        refuse(Fault.SIGNER_UNKNOWN, f"{len(meant)} certificates are the signer's")
    return meant[0], tuple(each for each in found if each is not meant[0])


def _attributes(listed: Any) -> dict[str, Any]:  # noqa: ANN401 asn1crypto
    """RFC5652-11: each once, with one value."""
    found: dict[str, Any] = {}
    for each in listed if listed.native else ():
        name = each["type"].native
        if name in found or len(each["values"]) != 1:
            refuse(Fault.NOT_SIGNED, "a signed attribute with several values")
        found[name] = each["values"][0]
    if missing := [name for name in _ONCE if name not in found]:
        refuse(Fault.NOT_SIGNED, f"a signature without the attribute {missing[0]}")
    return found


def _as_signed(listed: Any) -> bytes:  # noqa: ANN401 asn1crypto
    """RFC5652-5.4: the attributes as they were hashed: a SET OF, in DER, so in order."""
    value = read_one(listed.dump()).value
    parts = (encode(each.tag, each.value) for each in read_all(value))
    return encode(_SET, b"".join(sorted(parts)))

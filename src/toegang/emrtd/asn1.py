"""What is signed in and around a document, as ASN.1: read in DER, whole and at once, or refused.

asn1crypto reads lazily and leniently. So `read` first refuses whatever is not DER, then has all of it read,
so that no fault of a reader comes out later, somewhere else.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final, TypeVar

from asn1crypto import algos, cms, core

from toegang.emrtd.faults import Fault, refuse
from toegang.emrtd.tlv import MOST_NODES, check_der

SIGNED_DATA: Final = "1.2.840.113549.1.7.2"
LDS_SECURITY_OBJECT: Final = "2.23.136.1.1.1"
MASTER_LIST: Final = "2.23.136.1.1.2"
MASTER_LIST_SIGNER: Final = "2.23.136.1.1.3"
NAME_CHANGE: Final = "2.23.136.1.1.6.1"
DOCUMENT_TYPE_LIST: Final = "2.23.136.1.1.6.2"

T = TypeVar("T", bound=core.Asn1Value)
# What asn1crypto raises on octets that are DER and still not what was asked.
_MISREAD: Final = (ValueError, TypeError, LookupError, AttributeError, OverflowError, RecursionError)


class DataGroupHash(core.Sequence):  # type: ignore[misc] # asn1crypto has no types
    """ICAO9303-10-4.6.2.3: the number of a data group and the hash of its whole file."""

    _fields = [("number", core.Integer), ("value", core.OctetString)]  # noqa: RUF012 as asn1crypto reads it


class DataGroupHashes(core.SequenceOf):  # type: ignore[misc]
    """ICAO9303-10-4.6.2.3: the hashes of every data group that the document has."""

    _child_spec = DataGroupHash


class LdsVersionInfo(core.Sequence):  # type: ignore[misc]
    """ICAO9303-10-4.6.2.3: versions, in the second form of the list."""

    _fields = [("lds_version", core.PrintableString), ("unicode_version", core.PrintableString)]  # noqa: RUF012


class LdsSecurityObject(core.Sequence):  # type: ignore[misc]
    """ICAO9303-10-4.6.2.3: what a document's signer signs."""

    _fields = [  # noqa: RUF012
        ("version", core.Integer),
        ("hash_algorithm", algos.DigestAlgorithm),
        ("hashes", DataGroupHashes),
        ("version_info", LdsVersionInfo, {"optional": True}),
    ]


class SecurityInfo(core.Sequence):  # type: ignore[misc]
    """ICAO9303-11-9.2: one protocol that a chip speaks; what else it holds depends on the protocol."""

    _fields = [  # noqa: RUF012
        ("protocol", core.ObjectIdentifier),
        ("required", core.Any),
        ("optional", core.Any, {"optional": True}),
    ]


class SecurityInfos(core.SetOf):  # type: ignore[misc]
    """ICAO9303-11-9.2: every protocol that a chip speaks."""

    _child_spec = SecurityInfo


class DocumentTypes(core.SetOf):  # type: ignore[misc]
    """ICAO9303-12-7.1.1.6: the document codes that a signer may sign."""

    _child_spec = core.PrintableString


class DocumentTypeList(core.Sequence):  # type: ignore[misc]
    """ICAO9303-12-7.1.1.6: the extension that holds them."""

    _fields = [("version", core.Integer), ("types", DocumentTypes)]  # noqa: RUF012


def read(kind: type[T], octets: bytes, nodes: int = MOST_NODES, *, whole: bool = True) -> T:
    """X690-10: read one structure, in DER and whole.

    Without `whole` its parts are read when they are asked for: what is in them may be of anybody's making,
    and the caller catches what cannot be read then.

    Raises:
        DocumentRefused: it is not DER, not this structure, or larger than anything honest.

    """
    check_der(octets, nodes)
    try:
        found = kind.load(octets, strict=True)
        _ = found.native if whole else found.contents
    except _MISREAD as error:
        refuse(Fault.UNREADABLE, f"not a {kind.__name__}: {type(error).__name__}")
    return found  # type: ignore[no-any-return]


def moment(value: Any) -> datetime:  # noqa: ANN401 asn1crypto has no types
    """RFC5280-4.1.2.5: the moment in a value; it MUST say that it is in UTC.

    Raises:
        DocumentRefused: it says no zone, or a year that no calendar has.

    """
    found = value.native
    if not isinstance(found, datetime) or found.tzinfo is None:
        refuse(Fault.UNREADABLE, "a moment without a zone, or of no calendar")
    return found


def whole_octets(value: Any) -> bytes:  # noqa: ANN401 asn1crypto has no types
    """X690-8.6.2: the octets in a bit string that holds a signature or a key: no bit of the last is unused.

    Raises:
        DocumentRefused: some are, which would be a second form of the same.

    """
    contents = bytes(value.contents)
    if contents[:1] != b"\x00":
        refuse(Fault.UNREADABLE, "a signature or key of no whole octets")
    return contents[1:]


def signed_data(octets: bytes, nodes: int = MOST_NODES) -> Any:  # noqa: ANN401 asn1crypto has no types
    """RFC5652-3: read a ContentInfo and return the SignedData in it.

    Raises:
        DocumentRefused: it holds something else.

    """
    found = read(cms.ContentInfo, octets, nodes)
    if found["content_type"].dotted != SIGNED_DATA:
        refuse(Fault.UNREADABLE, "no SignedData where one belongs")
    return found["content"]

"""The one door: a document from a reader goes in, a document that is believed comes out, or a refusal."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

from toegang.emrtd import active_authentication, chip_authentication
from toegang.emrtd.access import Access, AccessKey, Printed
from toegang.emrtd.countries import in_certificates
from toegang.emrtd.data_groups import (
    DETAILS,
    LONGEST_FILE,
    MOST_GROUPS,
    PERSON,
    PROTOCOLS,
    Application,
    read_active_key,
    read_details,
    read_protocols,
    read_zone,
)
from toegang.emrtd.dates import CENTURY, PartialDate
from toegang.emrtd.document import DocumentKind, Holder, Proof, UnverifiedDocument, VerifiedDocument
from toegang.emrtd.faults import Fault, refuse
from toegang.emrtd.licence import read_licence
from toegang.emrtd.mrz import Form, Mrz
from toegang.emrtd.policy import Policy
from toegang.emrtd.security_infos import Spoken
from toegang.emrtd.security_infos import parse as parse_infos
from toegang.emrtd.sessions import Session
from toegang.emrtd.sod import SignedHashes, open_security_object
from toegang.emrtd.trust import Trust

AMSTERDAM: Final = ZoneInfo("Europe/Amsterdam")
"""Where the last day of a document ends."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Content:
    """What DG1 says, in one form for every document; `key` is what opens it, where DG1 tells that."""

    kind: DocumentKind
    code: str | None
    issuer: str
    number: str = field(repr=False)
    nationality: str | None
    expiry: date
    holder: Holder = field(repr=False)
    key: AccessKey | None = field(repr=False)


def verify(
    document: UnverifiedDocument, trust: Trust, policy: Policy, session: Session, now: datetime
) -> VerifiedDocument:
    """ICAO9303-11-5, 6, TR03105-5.1: believe a document, or refuse it.

    1. Passive authentication: a believed signer signed the hashes (sod.py).
    2. Every data group that was shown is the one that was signed, and none that proves something was kept
       back: the person, and the keys of the chip where the signature announces them.
    3. The signer may sign for this state and this kind of document.
    4. It is the document that was announced, when one was.
    5. The chip was opened as strongly as it offers.
    6. Whatever the chip answered holds for this session, and with a policy that asks it, something does.
    7. The document is not over.
    The caller must compare the person, ask whether the document was reported lost, and let each session count
    once.

    Raises:
        DocumentRefused: any of these is otherwise; `reason` says which.

    """
    # 1.
    signed = open_security_object(document.security_object, trust, policy, now)
    # 2.
    _check_groups(document, signed)
    # 3.
    content = _content(document, now.astimezone(AMSTERDAM).date())
    _check_signer(content, signed)
    # 4.
    _check_announced(content, session.key)
    # 5.
    spoken = read_protocols(document.groups[PROTOCOLS]) if PROTOCOLS in document.groups else None
    _check_access(document, spoken)
    # 6.
    proofs = _chip_proofs(document, spoken, policy, session)
    if policy.chip_proof and not proofs:
        refuse(Fault.CLONE_POSSIBLE, "nothing proves that this is the chip")
    # 7.
    if content.expiry < now.astimezone(AMSTERDAM).date():
        refuse(Fault.EXPIRED, "the document is over")
    return VerifiedDocument(
        kind=content.kind,
        issuer=content.issuer,
        number=content.number,
        nationality=content.nationality,
        expiry=content.expiry,
        holder=content.holder,
        proofs=proofs | {Proof.PASSIVE},
        signed_by=signed.signer.sha256,
    )


def _check_groups(document: UnverifiedDocument, signed: SignedHashes) -> None:
    """ICAO9303-11-5.1: the hash of the whole file, tag and length too.

    EF.COM is not asked: nobody signed it, so that leaving a group out there hides it from nobody.
    """
    if len(document.groups) > MOST_GROUPS:
        refuse(Fault.TOO_LARGE, "more data groups than there are")
    for number, file in document.groups.items():
        if len(file) > LONGEST_FILE:
            refuse(Fault.TOO_LARGE, f"data group {number} is larger than any")
        signed.check_group(number, file)
    for number in (PERSON, PROTOCOLS, document.application.active_group):
        if number in signed.hashes and number not in document.groups:
            refuse(Fault.STRIPPED, f"data group {number} was signed and is not shown")
    if PERSON not in document.groups:
        refuse(Fault.STRIPPED, "a document without a person")


def _content(document: UnverifiedDocument, today: date) -> _Content:
    file = document.groups[PERSON]
    if document.application is Application.TRAVEL:
        return _travel(read_zone(file), document.groups, today)
    found = read_licence(file, document.application.tag_of(PERSON))
    birth = PartialDate(year=found.birth.year, month=found.birth.month, day=found.birth.day)
    holder = Holder(
        primary=found.surname,
        secondary=found.other_names,
        whole_name=True,
        full_name=None,
        birth=birth,
        bsn=None,
    )
    return _Content(
        kind=DocumentKind.DRIVING_LICENCE,
        code=None,
        issuer=found.issuer,
        number=found.number,
        nationality=None,
        expiry=found.expiry,
        holder=holder,
        key=None,
    )


def _travel(zone: Mrz, groups: Mapping[int, bytes], today: date) -> _Content:
    details = read_details(groups[DETAILS]) if DETAILS in groups else None
    birth = zone.birth.as_birth(today)
    if details and details.birth and details.birth.year is not None:
        # Two digits of a year do not tell who is older than a hundred; DG11 does, and is signed too.
        if details.birth.year % CENTURY != zone.birth.year:
            refuse(Fault.UNREADABLE, "a document with two dates of birth")
        birth = replace(birth, year=details.birth.year)
    holder = Holder(
        primary=zone.name.primary,
        secondary=zone.name.secondary,
        whole_name=zone.name.whole,
        full_name=details.full_name if details else None,
        birth=birth,
        bsn=zone.bsn,
    )
    return _Content(
        kind=_kind(zone),
        code=zone.code,
        issuer=zone.issuer,
        number=zone.number,
        nationality=zone.nationality,
        expiry=zone.expiry.as_end(today),
        holder=holder,
        key=zone.key,
    )


def _kind(zone: Mrz) -> DocumentKind:
    """ICAO9303-4-4.2.2, 5-4.2.2: P is a passport; a card begins with A, C or I."""
    if zone.form is Form.TD3 and zone.code[0] == "P":
        return DocumentKind.PASSPORT
    # IR, IV and AC are permits, visas and crew certificates: they give no identity of their own.
    return DocumentKind.IDENTITY_CARD if zone.code in {"I", "ID"} else DocumentKind.OTHER_TRAVEL


def _check_signer(content: _Content, signed: SignedHashes) -> None:
    """ICAO9303-12-7.1.1.1.1, 7.1.1.6: of the state in DG1, and of its kinds of documents, if it says so."""
    if in_certificates(content.issuer) != signed.signer.country:
        refuse(Fault.SIGNER_NOT_ENTITLED, "a document of another state than its signer's")
    types = signed.signer.types
    if types is not None and content.code is not None and not types & {content.code, content.code[0]}:
        refuse(Fault.SIGNER_NOT_ENTITLED, "a signer of other kinds of documents")


def _check_announced(content: _Content, key: AccessKey | None) -> None:
    """ICAO9303-11-6.1.6: what was read from paper is what was signed.

    A CAN does not stand in DG1: with it the channel is the proof. Of a line of a licence its number does.
    """
    if key is None or key.printed is Printed.CAN:
        return
    same = key == content.key if content.key else key.number_of_line == content.number
    if not same:
        refuse(Fault.OTHER_DOCUMENT, "the document is another than was announced")


def _check_access(document: UnverifiedDocument, spoken: Spoken | None) -> None:
    """ICAO9303-11-4.2: who offers PACE MUST be opened by it.

    What EF.CardAccess says is signed in DG14 too: whatever stands in only one of them was put there or taken
    away between chip and reader (ICAO9303-11-9.2.11).
    """
    open_infos = parse_infos(document.card_access) if document.card_access is not None else None
    offered = {*open_infos.pace} if open_infos else set()
    signed = {*spoken.pace} if spoken else set()
    if document.access is Access.BAC and (offered or signed):
        refuse(Fault.DOWNGRADED, "the chip offers PACE and was opened without it")
    if document.access is Access.PACE and (offered != signed or not signed):
        refuse(Fault.DOWNGRADED, "the chip offers other ways than were signed")


def _chip_proofs(
    document: UnverifiedDocument, spoken: Spoken | None, policy: Policy, session: Session
) -> frozenset[Proof]:
    """ICAO9303-11-6: each answer that was shown holds; a wrong one is not made good by another."""
    proofs: set[Proof] = set()
    group = document.application.active_group
    if document.active is not None:
        if group not in document.groups:
            refuse(Fault.CHIP_NOT_PROVEN, "an answer of a chip without a key for it")
        active_authentication.check(
            read_active_key(document.groups[group], document.application),
            spoken.active_hash if spoken else None,
            active_authentication.challenge(session),
            document.active,
            old=policy.old_chip_hashes,
        )
        proofs.add(Proof.ACTIVE)
    if document.chip is not None:
        if spoken is None:
            refuse(Fault.CHIP_NOT_PROVEN, "an answer of a chip without a key for it")
        key = chip_authentication.choose(spoken)
        chip_authentication.check(key, session, document.groups[PROTOCOLS], document.chip)
        proofs.add(Proof.CHIP)
    return frozenset(proofs)

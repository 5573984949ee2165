"""Who an assertion is about, by the agreement that the provider keeps.

    plain     NameID, when it lasts, or an attribute that the settings name
    digid3    NameID `s00000000:<BSN>`
    st-saml   ActingSubjectID, and LegalSubjectID when the person acts for somebody else
    etd       ActingSubjectID, LegalSubjectID (KVK or RSIN) and IntermediateSubjectID

A BSN names nobody as it is: it becomes a person of ours, or a keyed hash where that may not be.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, NoReturn

from toegang.errors import ProofInvalid, Refusal
from toegang.identity.numbers import Bsn, KvkNumber, Rsin
from toegang.identity.subject import RepresentedKind
from toegang.means.external.numbers import exact
from toegang.means.saml.partner import Speaks
from toegang.saml.encryption import decrypt_id
from toegang.saml.held import told_openly
from toegang.saml.messages import EncryptedId, NameId
from toegang.saml.names import (
    ETD_ACTING_SUBJECT,
    ETD_INTERMEDIATE_SUBJECT,
    ETD_KVK,
    ETD_LEGAL_SUBJECT,
    ETD_RSIN,
    ETD_SERVICE_ID,
    ETD_SERVICE_UUID,
    GDI_ACTING_SUBJECT,
    GDI_LEGACY_BSN,
    GDI_LEGAL_SUBJECT,
    GDI_REPRESENTATION_TYPE,
    GDI_SERVICE_UUID,
    SECTOR_BSN,
    NameFormat,
)
from toegang.saml.reading import read_name_id
from toegang.saml.reading_assertions import check_name

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from toegang.means.saml.answer import Believed
    from toegang.means.saml.partner import Partner
    from toegang.saml.keys import DecryptionKey
    from toegang.saml.messages import Value

FORMS: Mapping[str, tuple[RepresentedKind, Callable[[str], str]]] = {
    ETD_KVK: (RepresentedKind.KVK, lambda text: KvkNumber.parse(text).digits),
    ETD_RSIN: (RepresentedKind.RSIN, lambda text: Rsin.parse(text).digits),
}
READABLE = frozenset({GDI_REPRESENTATION_TYPE, GDI_SERVICE_UUID, ETD_SERVICE_ID, ETD_SERVICE_UUID})
KIND_OF_AUTHORITY = re.compile(r"urn:[A-Za-z0-9][!-~]{0,254}")
MOST_TYPES = 10
LASTING = frozenset({NameFormat.PERSISTENT, NameFormat.UNSPECIFIED, ""})


@dataclass(frozen=True, slots=True, kw_only=True)
class Legal:
    """Whom somebody acts for: an organisation by its number, or a person by their BSN."""

    kind: RepresentedKind
    number: str = field(default="", repr=False)
    bsn: Bsn | None = None
    types: tuple[str, ...] = ()
    intermediary: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Who:
    """Who was proven: by a name of the provider's own, or by their BSN, and for whom they act.

    `opened_by` are the fingerprints of the keys of ours that names were encrypted for.
    """

    identifier: str = field(default="", repr=False)
    bsn: Bsn | None = None
    legal: Legal | None = None
    opened_by: frozenset[str] = frozenset()


def who_is(believed: Believed, partner: Partner, keys: Sequence[DecryptionKey]) -> Who:
    """Find out who an assertion is about.

    Raises:
        ProofInvalid: it names nobody in the way that was agreed, or what it may not.

    """
    reader = _Reader(believed=believed, partner=partner, keys=keys)
    found = {
        Speaks.PLAIN: reader.plain,
        Speaks.DIGID3: reader.digid3,
        Speaks.ST_SAML: reader.st_saml,
        Speaks.ETD: reader.etd,
    }[partner.speaks]()
    _check_entitled(found, partner)
    return replace(found, opened_by=frozenset(reader.opened_by))


def handed_on(believed: Believed, partner: Partner) -> tuple[bytes, ...]:
    """GDPR-5.1.c: return what the provider and others signed, to be handed on to services (STSAML-4.3).

    Nothing, where a service could read more in it than which service was asked and by what authority
    somebody acts: what it may know of people the hub tells it.
    """
    told = (*believed.as_signed, *believed.assertion.advice)
    if partner.speaks not in {Speaks.ST_SAML, Speaks.ETD}:
        return ()
    try:
        readable = {name for each in told for name in told_openly(each)}
    except Refusal:
        return ()
    return told if readable <= READABLE else ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reader:
    believed: Believed
    partner: Partner
    keys: Sequence[DecryptionKey]
    opened_by: set[str] = field(default_factory=set)

    def plain(self) -> Who:
        setting = self.partner.admission.setting
        named = setting("subject")
        identifier = self._text(named) if named else self._lasting()
        bsn = setting("bsn") if self.partner.admission.gives_bsn else ""
        return Who(identifier=identifier, bsn=_bsn(self._text(bsn)) if bsn else None)

    def digid3(self) -> Who:
        sector, _, number = self._name(self.believed.assertion.subject).value.partition(":")
        if sector.lower() != SECTOR_BSN:
            _refuse("a name of another sector than that of the BSN")
        return Who(bsn=_bsn(number))

    def st_saml(self) -> Who:
        acting = self._named(GDI_ACTING_SUBJECT)
        if acting is None:
            _refuse("nobody acts")
        legal = self._named(GDI_LEGAL_SUBJECT)
        return Who(
            bsn=self._legacy(acting),
            legal=self._represented(legal) if legal else None,
        )

    def _represented(self, name: NameId) -> Legal:
        """STSAML-4.3: whom it concerns, and by what kinds of authority, which services are told as it is."""
        types: list[str] = []
        for value in self.believed.assertion.values(GDI_REPRESENTATION_TYPE):
            if not isinstance(value, str) or not KIND_OF_AUTHORITY.fullmatch(value):
                _refuse("a kind of authority that is not named as the scheme does")
            types.append(value)
        if len(types) > MOST_TYPES:
            _refuse(f"{len(types)} kinds of authority")
        return Legal(kind=RepresentedKind.PERSON, bsn=self._legacy(name), types=tuple(types))

    def etd(self) -> Who:
        acting = self._named(ETD_ACTING_SUBJECT)
        if acting is None:
            _refuse("nobody acts")
        legal, between = self._named(ETD_LEGAL_SUBJECT), self._named(ETD_INTERMEDIATE_SUBJECT)
        identifier = _key(acting.value, acting.name_qualifier)
        if legal is None:
            return Who(identifier=identifier)
        intermediary = _organisation(between) if between else None
        if intermediary is not None and intermediary[0] is not RepresentedKind.KVK:
            _refuse("who stands between is named by another number than that of the KVK")
        kind, number = _organisation(legal)
        found = Legal(kind=kind, number=number, intermediary=intermediary[1] if intermediary else "")
        return Who(identifier=identifier, legal=found)

    def _lasting(self) -> str:
        """SAMLCore-8.3: a NameID that names the same person next time, with what qualifies it."""
        found = self._name(self.believed.assertion.subject)
        if found.format not in LASTING:
            _refuse("a NameID that does not last, and no attribute that does")
        return _key(found.value, found.name_qualifier, found.sp_name_qualifier)

    def _text(self, name: str) -> str:
        values = self.believed.assertion.values(name)
        if len(values) != 1:
            _refuse(f"{len(values)} values of the attribute that names the person")
        value = values[0]
        if not isinstance(value, str):
            return self._name(value).value
        try:
            return check_name(value)
        except Refusal as error:
            message = f"the attribute that names the person: {error.detail}"
            raise ProofInvalid(message) from error

    def _named(self, name: str) -> NameId | None:
        values = self.believed.assertion.values(name)
        if not values:
            return None
        if len(values) != 1 or isinstance(values[0], str):
            _refuse(f"{name} is not one name")
        return self._name(values[0])

    def _name(self, value: Value) -> NameId:
        if isinstance(value, EncryptedId):
            opened = decrypt_id(value, self.keys, self.partner.methods, self.believed.proof)
            self.opened_by.add(opened.key)
            return _opened(opened.octets)
        if not isinstance(value, NameId):
            _refuse("a text where a name is agreed")
        return value

    def _legacy(self, name: NameId) -> Bsn:
        if name.name_qualifier != GDI_LEGACY_BSN:
            _refuse("a name of another form than the BSN")
        return _bsn(name.value)


def _opened(octets: bytes) -> NameId:
    """S19: read a name that was opened; whatever else it is, is refused as what does not open is."""
    try:
        return read_name_id(octets)
    except Refusal as error:
        message = "an encrypted name that is no name"
        raise ProofInvalid(message) from error


def _check_entitled(who: Who, partner: Partner) -> None:
    """Refuse what the admission does not let this provider tell: a BSN, or whom somebody acts for."""
    admission, legal = partner.admission, who.legal
    if who.bsn is not None and not admission.gives_bsn:
        _refuse("a BSN of a provider that is not admitted to give it")
    if legal is None:
        return
    organisation = legal.kind is not RepresentedKind.PERSON
    if organisation and not admission.gives_organisation:
        _refuse("an organisation, of a provider that is not admitted to say for which somebody acts")


def _key(value: str, *qualifiers: str) -> str:
    """SAMLCore-2.2.2: write a name with what qualifies it, so that no two pairs read the same (S30)."""
    if any(" " in each for each in qualifiers):
        _refuse("a qualifier of a name with blanks in it")
    return " ".join((*qualifiers, value))


def _organisation(name: NameId) -> tuple[RepresentedKind, str]:
    """ETD-1.13: read the number of an organisation, by the form that qualifies it."""
    if name.name_qualifier not in FORMS:
        _refuse("an organisation named by a form that is not agreed")
    kind, parse = FORMS[name.name_qualifier]
    try:
        return kind, parse(exact(name.value))
    except ValueError:
        _refuse("an organisation's number that is none")


def _bsn(text: str) -> Bsn:
    try:
        return Bsn.parse(exact(text))
    except ValueError:
        _refuse("a BSN that is none")


def _refuse(message: str) -> NoReturn:
    raise ProofInvalid(message)

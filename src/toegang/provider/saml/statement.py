"""What an assertion says of a login: an exact description of who, how sure, when, for whom (STSAML-4.3).

Values only: nothing is read or signed here, so that what a service is told can be seen in one place.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import field
from datetime import datetime
from typing import TYPE_CHECKING

from toegang.assurance import name_of
from toegang.catalogue.values import Attribute as Granted
from toegang.catalogue.values import IdentityForm
from toegang.hot import hot
from toegang.provider.saml.profiles import CONFIRMED_FOR, PROFILES, Naming, Profile, SubjectNames
from toegang.pseudonyms.spelling import caseless
from toegang.saml import names
from toegang.saml.messages import (
    Assertion,
    Attribute,
    AuthnStatement,
    Confirmation,
    EncryptedId,
    NameId,
)
from toegang.saml.names import NameFormat

if TYPE_CHECKING:
    from toegang.mandates.statement import Statement
    from toegang.provider.grants import Grant
    from toegang.provider.saml.identifiers import Identities, Identity
    from toegang.provider.saml.letter import Letter

    Seal = Callable[[NameId], EncryptedId]


@hot(frozen=True, slots=True, kw_only=True)
class Saying:
    """Everything that an assertion is made of.

    `issuer` is the hub, `scope` the domain in whose name it gives names (SAML-SubjectID-3.1.1).
    `registered` are the values of the attributes granted. `shared` says that the pseudonym is the same at
    the services of several organisations. `seal` encrypts a name for its receiver.
    """

    issuer: str
    scope: str
    grant: Grant
    letter: Letter
    identities: Identities
    registered: tuple[tuple[Granted, str], ...] = field(repr=False)
    shared: bool
    service_id: str
    seal: Seal
    now: datetime

    @property
    def profile(self) -> Profile:
        """How the service is spoken with."""
        return PROFILES[self.letter.profile]


def session_index(grant: Grant) -> str:
    """SAMLCore-2.7.2: return the session's name at one service: 128 random bits, told nowhere else."""
    return f"_{grant.id}"


def declaration(saying: Saying, identifier: str, issuer: str, statement: Statement) -> Assertion:
    """STSAML-4.3: return what `issuer`, our register of mandates, declares: who may act for whom, by what.

    It confirms nobody and says of no login, so that it never passes for one; of this login it names the same
    subject, for the same audience and as briefly.
    """
    profile = saying.profile
    named = () if profile.subjects is None else _named(saying, profile.subjects)
    level = name_of(statement.level, profile.scheme) or statement.level.name.lower()
    return Assertion(
        id=identifier,
        issuer=issuer,
        issued_at=saying.now,
        subject=subject(saying),
        not_before=saying.now,
        not_on_or_after=saying.now + CONFIRMED_FOR,
        audiences=(saying.letter.audiences,),
        attributes=(
            *named,
            _uri(names.DECLARED_BASIS, *(step.basis for step in statement.path)),
            *([_uri(names.DECLARED_BESIDE, *statement.beside)] if statement.beside else ()),
            _uri(names.DECLARED_LEVEL, level),
            _uri(names.DECLARED_STATEMENT, str(statement.id)),
        ),
    )


def assertion(saying: Saying, identifier: str, declared: tuple[bytes, ...] = ()) -> Assertion:
    """SAMLCore-2.3.3: return the assertion `identifier`, with what registers declared beside it."""
    grant, letter, until = saying.grant, saying.letter, saying.now + CONFIRMED_FOR
    return Assertion(
        id=identifier,
        issuer=saying.issuer,
        issued_at=saying.now,
        subject=subject(saying),
        confirmations=(
            Confirmation(
                method=names.BEARER,
                recipient=letter.address.consumer,
                not_on_or_after=until,
                in_response_to=letter.request_id,
            ),
        ),
        not_before=saying.now,
        not_on_or_after=until,
        audiences=(letter.audiences,),
        authn=AuthnStatement(
            at=grant.authenticated_at,
            context_class=grant.acr,
            session_index=session_index(grant),
            authorities=grant.proven.authorities,
        ),
        attributes=attributes(saying),
        advice=(*grant.proven.statements, *declared) if saying.profile.subjects else (),
    )


def subject(saying: Saying) -> NameId:
    """SAMLCore-2.2.3: return what the subject is called, by the naming of the profile."""
    return name_in(saying.grant, saying.letter, saying.issuer, saying.identities.acting.value)


def name_in(grant: Grant, letter: Letter, issuer: str, number: str) -> NameId:
    """SAMLCore-2.2.3: return what the subject of a login is called; `number` where names are numbers."""
    naming = PROFILES[letter.profile].naming
    if naming is Naming.SECTOR:
        return NameId(value=f"{names.SECTOR_BSN}:{number}")
    if naming is Naming.ASKED and letter.name_format == NameFormat.PERSISTENT:
        return NameId(
            value=grant.subject,
            format=NameFormat.PERSISTENT,
            name_qualifier=issuer,
            sp_name_qualifier=letter.recipient,
        )
    return NameId(value=session_index(grant), format=NameFormat.TRANSIENT)


def attributes(saying: Saying) -> tuple[Attribute, ...]:
    """STSAML-4.3, ETD-1.13: return the attributes: names first, then the service, then what was granted."""
    subjects = saying.profile.subjects
    named = _plainly_named(saying) if subjects is None else _named(saying, subjects)
    granted = (_uri(saying.profile.attributes[attribute], value) for attribute, value in saying.registered)
    return (*named, *granted)


def _named(saying: Saying, subjects: SubjectNames) -> tuple[Attribute, ...]:
    identities, represented = saying.identities, saying.grant.proven.represented
    found = [_uri(subjects.acting, _sealed(saying, subjects, identities.acting))]
    if identities.legal is not None:
        found.append(_uri(subjects.legal, _sealed(saying, subjects, identities.legal)))
    if identities.between and subjects.intermediate:
        between = (_sealed(saying, subjects, each) for each in identities.between)
        found.append(_uri(subjects.intermediate, *between))
    if represented is not None and represented.types and subjects.representation:
        found.append(_uri(subjects.representation, *represented.types))
    if subjects.service_id and saying.service_id:
        found.append(_uri(subjects.service_id, saying.service_id))
    found.append(_uri(subjects.service_uuid, str(saying.grant.service)))
    return tuple(found)


def _plainly_named(saying: Saying) -> tuple[Attribute, ...]:
    """SAML-SubjectID-3: name the person in attributes of their own, in no more ways than are meant."""
    if saying.profile.naming is not Naming.ASKED:
        return ()
    identities = saying.identities
    scoped = f"{caseless(saying.grant.subject)}@{saying.scope}"
    found = [_uri(names.PAIRWISE_ID, scoped)]
    if saying.shared:
        found.append(_uri(names.SUBJECT_ID, scoped))
    subjects = SubjectNames(acting="", legal="", service_uuid="")
    numbers = (each for each in (identities.acting, identities.legal) if each)
    found += [
        _uri(_qualifier(each.form, subjects), each.value)
        for each in numbers
        if each.form is not IdentityForm.PSEUDONYM
    ]
    return tuple(found)


def _sealed(saying: Saying, subjects: SubjectNames, identity: Identity) -> EncryptedId:
    """STSAML-4.3: a NameID of the format persistent, whose qualifier says what kind of name it is.

    Our own pseudonym has no kind of its own in the scheme for access; there the hub qualifies it
    (SAMLCore-8.3.7).
    """
    qualifier = _qualifier(identity.form, subjects) or saying.issuer
    name = NameId(value=identity.value, format=NameFormat.PERSISTENT, name_qualifier=qualifier)
    return saying.seal(name)


def _qualifier(form: IdentityForm, subjects: SubjectNames) -> str:
    return {
        IdentityForm.BSN: subjects.bsn,
        IdentityForm.KVK: subjects.kvk,
        IdentityForm.RSIN: subjects.rsin,
        IdentityForm.PSEUDONYM: subjects.pseudonym,
    }[form]


def _uri(name: str, *values: str | EncryptedId) -> Attribute:
    return Attribute(name=name, name_format=names.URI_NAMES, values=values)

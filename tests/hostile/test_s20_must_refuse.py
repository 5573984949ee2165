"""S20: what a service provider must refuse, by the public checklist that spid-sp-test goes through.

The numbers are those of the checklist; the messages are ours. Where we believe what the checklist refuses,
SAML allows it and the reason stands beside it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import pytest
from lxml import etree

from tests.saml.answers import (
    ADMISSION,
    ASS,
    ATTRIBUTES,
    AUDIENCES,
    AUTHN,
    CLASS,
    CONDITIONS,
    CONFIRMATION,
    CONTEXT,
    DATA,
    HIGH,
    ISSUER,
    LOW,
    PARTNER,
    RES,
    STATUS,
    SUBJECT,
    SUBSTANTIAL,
    TOLD,
    Bend,
    bare,
    drop,
    fail,
    hollow,
    outcome,
    put,
    say,
    signed,
    written,
)
from tests.saml.parties import HUB, IDP, signing
from toegang.saml import names, writing
from toegang.saml.signing import sign
from toegang.saml.writing import SignedPart

THIEF = signing("rsa", "https://thief.example")
LONG_AGO, FAR_AWAY = "2018-01-01T00:00:00Z", "2099-01-01T00:00:00Z"
NO_MOMENTS = ("2026-01-01 00:00:00", "2026-01-01T00:00:00", "2026-01-01T01:00:00+01:00", "1767225600")


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One line of the checklist. `unsigned` says whether a response that nobody signs may be so."""

    number: int
    what: str
    bend: Bend
    unsigned: bool = False


def moments(first: int, path: str, attribute: str, *, past: str, future: str) -> tuple[Case, ...]:
    """Return the cases of one moment: empty, missing, of another form, too early, too late."""
    bends = [(first, "empty", put(path, attribute, "")), (first + 1, "missing", put(path, attribute, None))]
    bends += [(first + 2, f"written {each}", put(path, attribute, each)) for each in NO_MOMENTS]
    bends += [(first + 3, "too early", put(path, attribute, past))] if past else []
    bends += [(first + (4 if past else 3), "too late", put(path, attribute, future))] if future else []
    return tuple(Case(number=n, what=f"{attribute} {what} at {path}", bend=bend) for n, what, bend in bends)


def three(first: int, path: str, attribute: str, other: str, *, unsigned: bool = False) -> tuple[Case, ...]:
    """Return the cases of one value: empty, missing, another."""
    what = f"{attribute} at {path}"
    return (
        Case(number=first, what=f"empty {what}", bend=put(path, attribute, "")),
        Case(number=first + 1, what=f"missing {what}", bend=put(path, attribute, None), unsigned=unsigned),
        Case(number=first + 2, what=f"another {what}", bend=put(path, attribute, other)),
    )


REFUSED = (
    Case(number=8, what="empty ID", bend=put(RES, "ID", "")),
    Case(number=9, what="missing ID", bend=put(RES, "ID", None)),
    Case(number=10, what="Version 1.1", bend=put(RES, "Version", "1.1")),
    Case(number=10, what="empty Version", bend=put(RES, "Version", "")),
    Case(number=10, what="missing Version", bend=put(RES, "Version", None)),
    *moments(11, RES, "IssueInstant", past=LONG_AGO, future=FAR_AWAY),
    *three(16, RES, "InResponseTo", "_other", unsigned=True),
    *three(19, RES, "Destination", "https://hub.example/saml/acs/", unsigned=True),
    Case(number=22, what="empty Status", bend=bare(STATUS)),
    Case(number=23, what="missing Status", bend=drop(STATUS)),
    Case(number=24, what="empty StatusCode", bend=put(f"{STATUS}/samlp:StatusCode", "Value", "")),
    Case(number=24, what="bare StatusCode", bend=bare(f"{STATUS}/samlp:StatusCode")),
    *(
        Case(number=26, what=f"status {each}", bend=put(f"{STATUS}/samlp:StatusCode", "Value", each))
        for each in (names.REQUESTER, names.RESPONDER, names.VERSION_MISMATCH, names.AUTHN_FAILED, "urn:fine")
    ),
    Case(number=27, what="empty Issuer", bend=bare(ISSUER)),
    Case(number=28, what="missing Issuer", bend=drop(ISSUER), unsigned=True),
    Case(number=29, what="another Issuer", bend=say(ISSUER, "https://idp.example")),
    Case(number=30, what="Issuer of another Format", bend=put(ISSUER, "Format", names.NameFormat.PERSISTENT)),
    Case(number=32, what="missing Assertion", bend=drop(ASS)),
    Case(number=33, what="empty ID of the assertion", bend=put(ASS, "ID", "")),
    Case(number=34, what="missing ID of the assertion", bend=put(ASS, "ID", None)),
    Case(number=35, what="Version 1.1 of the assertion", bend=put(ASS, "Version", "1.1")),
    Case(number=35, what="missing Version of the assertion", bend=put(ASS, "Version", None)),
    *moments(36, ASS, "IssueInstant", past=LONG_AGO, future=FAR_AWAY),
    Case(number=41, what="empty Subject", bend=bare(SUBJECT)),
    Case(number=42, what="missing Subject", bend=drop(SUBJECT)),
    Case(number=43, what="empty NameID", bend=hollow(f"{SUBJECT}/saml:NameID")),
    Case(number=43, what="blank NameID", bend=say(f"{SUBJECT}/saml:NameID", " ")),
    Case(number=44, what="missing NameID", bend=drop(f"{SUBJECT}/saml:NameID")),
    Case(number=45, what="empty Format of NameID", bend=put(f"{SUBJECT}/saml:NameID", "Format", "")),
    *(
        Case(number=47, what=f"NameID that is {each}", bend=put(f"{SUBJECT}/saml:NameID", "Format", each))
        for each in (
            names.NameFormat.TRANSIENT,
            names.NameFormat.ENTITY,
            "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress",
        )
    ),
    Case(number=48, what="empty NameQualifier", bend=put(f"{SUBJECT}/saml:NameID", "NameQualifier", "")),
    Case(number=51, what="bare SubjectConfirmation", bend=bare(CONFIRMATION)),
    Case(number=52, what="missing SubjectConfirmation", bend=drop(CONFIRMATION)),
    *three(53, CONFIRMATION, "Method", "urn:oasis:names:tc:SAML:2.0:cm:sender-vouches"),
    Case(number=56, what="missing SubjectConfirmationData", bend=drop(DATA)),
    Case(number=56, what="bare SubjectConfirmationData", bend=bare(DATA)),
    *three(57, DATA, "Recipient", "https://hub.example/saml/acs/"),
    *three(60, DATA, "InResponseTo", "_other"),
    *moments(63, DATA, "NotOnOrAfter", past=LONG_AGO, future=""),
    Case(number=67, what="empty Issuer of the assertion", bend=bare(f"{ASS}/saml:Issuer")),
    Case(number=68, what="missing Issuer of the assertion", bend=drop(f"{ASS}/saml:Issuer")),
    Case(number=69, what="another Issuer of it", bend=say(f"{ASS}/saml:Issuer", "https://idp.example")),
    Case(number=70, what="empty Format of its Issuer", bend=put(f"{ASS}/saml:Issuer", "Format", "")),
    Case(number=72, what="another Format of it", bend=put(f"{ASS}/saml:Issuer", "Format", "urn:other")),
    Case(number=73, what="bare Conditions", bend=bare(CONDITIONS)),
    Case(number=74, what="missing Conditions", bend=drop(CONDITIONS)),
    *moments(75, CONDITIONS, "NotBefore", past="", future=FAR_AWAY),
    *moments(79, CONDITIONS, "NotOnOrAfter", past=LONG_AGO, future=""),
    Case(number=83, what="empty AudienceRestriction", bend=bare(AUDIENCES)),
    Case(number=84, what="missing AudienceRestriction", bend=drop(AUDIENCES)),
    Case(number=85, what="empty Audience", bend=hollow(f"{AUDIENCES}/saml:Audience")),
    Case(number=86, what="missing Audience", bend=drop(f"{AUDIENCES}/saml:Audience")),
    Case(number=87, what="another Audience", bend=say(f"{AUDIENCES}/saml:Audience", HUB + "/")),
    Case(number=88, what="bare AuthnStatement", bend=bare(AUTHN)),
    Case(number=88, what="hollow AuthnStatement", bend=hollow(AUTHN)),
    Case(number=89, what="missing AuthnStatement", bend=drop(AUTHN)),
    Case(number=90, what="empty AuthnContext", bend=hollow(CONTEXT)),
    Case(number=91, what="missing AuthnContext", bend=drop(CONTEXT)),
    Case(number=92, what="empty class", bend=hollow(CLASS)),
    Case(number=93, what="missing class", bend=drop(CLASS)),
    Case(number=94, what="class of a lower level", bend=say(CLASS, LOW)),
    Case(number=97, what="class of before", bend=say(CLASS, "urn:bank:3:old")),
    Case(number=97, what="class in capitals", bend=say(CLASS, SUBSTANTIAL.upper())),
    Case(number=98, what="no Attribute", bend=hollow(ATTRIBUTES)),
    Case(number=99, what="bare Attribute", bend=bare(f"{ATTRIBUTES}/saml:Attribute")),
    *(
        Case(number=number, what=word, bend=fail(names.RESPONDER, names.AUTHN_FAILED, word))
        for number, word in (
            (104, "wrong password, again and again"),
            (105, "no means of this level"),
            (106, "too late"),
            (107, "no consent"),
            (108, "blocked"),
            (111, "cancelled"),
        )
    ),
    # What the checklist does not have, and belongs in it.
    *moments(200, AUTHN, "AuthnInstant", past="", future=FAR_AWAY),
    Case(number=210, what="session that is over", bend=put(AUTHN, "SessionNotOnOrAfter", LONG_AGO)),
    Case(number=211, what="empty SessionIndex", bend=put(AUTHN, "SessionIndex", "")),
    Case(
        number=211,
        what="qualifier that could be part of the name",
        bend=put(f"{SUBJECT}/saml:NameID", "NameQualifier", f"{IDP} customer"),
    ),
    Case(number=212, what="confirmation with a beginning", bend=put(DATA, "NotBefore", LONG_AGO)),
)
BELIEVED = (
    (1, "the answer as it is", lambda _: None, ""),
    (31, "Issuer without Format", put(ISSUER, "Format", None), "so the checklist"),
    (
        46,
        "NameID without Format",
        put(f"{SUBJECT}/saml:NameID", "Format", None),
        "SAMLCore-2.2.2: unspecified",
    ),
    (
        49,
        "NameID without NameQualifier",
        put(f"{SUBJECT}/saml:NameID", "NameQualifier", None),
        "SAMLCore-8.3.7: the issuer's own",
    ),
    (
        71,
        "assertion's Issuer without Format",
        put(f"{ASS}/saml:Issuer", "Format", None),
        "SAMLCore-2.2.5: entity",
    ),
    (96, "class of a higher level", say(CLASS, HIGH), "more than asked; it counts up to the ceiling"),
    (
        109,
        "Attribute without NameFormat",
        put(f"{ATTRIBUTES}/saml:Attribute", "NameFormat", None),
        "so it says",
    ),
    (110, "milliseconds", put(RES, "IssueInstant", "2026-01-01T00:00:00.123Z"), "so the checklist"),
    (213, "no SessionIndex", put(AUTHN, "SessionIndex", None), "SAMLProf-4.1.4.2: for who takes logouts"),
)


@pytest.mark.parametrize("part", SignedPart)
@pytest.mark.parametrize("case", REFUSED, ids=lambda case: f"{case.number} {case.what}")
@pytest.mark.requires("SAMLProf-4.1.4.3")
def test_what_the_checklist_refuses_is_refused(case: Case, part: SignedPart) -> None:
    lenient = case.unsigned and part is SignedPart.ASSERTION
    assert bool(outcome(signed(written(case.bend), part))) is not lenient


@pytest.mark.parametrize("part", SignedPart)
@pytest.mark.parametrize(
    "bend", [row[2] for row in BELIEVED], ids=[f"{number} {what}" for number, what, *_ in BELIEVED]
)
def test_what_saml_allows_is_believed(bend: Bend, part: SignedPart) -> None:
    assert outcome(signed(written(bend), part)) == ""


def test_one_of_the_two_must_be_signed_and_whatever_is_signed_must_hold() -> None:
    """2 and 3 ask both to be signed; SAMLProf-4.1.4.5 asks one: the other is inside it, or not believed."""
    root = written(lambda _: None)
    assert outcome(etree.tostring(root)) == "proof-invalid"
    whole = signed(written(lambda _: None), SignedPart.BOTH)
    assert outcome(whole) == ""
    stolen = sign(etree.fromstring(writing.assertion(TOLD, None)), THIEF).decode()
    # 4 and 100: by a key that is not pinned, the one or the other.
    for part in (SignedPart.BOTH, SignedPart.ASSERTION):
        assert outcome(signed(written(lambda _: None), part, inner=stolen)) == "proof-invalid"
    assert outcome(sign(written(lambda _: None), THIEF)) == "proof-invalid"


def test_an_agreed_attribute_must_be_there() -> None:
    """103: another set of attributes than was agreed names nobody."""
    settings = (("entity_id", IDP), ("subject", "urn:bank:customer"))
    partner = replace(PARTNER, admission=replace(ADMISSION, settings=settings))
    assert outcome(signed(written(lambda _: None), SignedPart.BOTH), partner) == ""
    other = put(f"{ATTRIBUTES}/saml:Attribute", "Name", "urn:bank:branch")
    assert outcome(signed(written(other), SignedPart.BOTH), partner) == "proof-invalid"
    assert outcome(signed(written(drop(ATTRIBUTES)), SignedPart.BOTH), partner) == "proof-invalid"


def test_the_whole_checklist_is_here() -> None:
    here = {case.number for case in REFUSED} | {row[0] for row in BELIEVED} | {2, 3, 4, 100, 103}
    absent = {5, 6, 7, 50, 101, 102}  # numbers that it does not use
    same = {25: 22, 95: 1}  # what is another's twin here
    assert here >= set(range(1, 112)) - absent - set(same)

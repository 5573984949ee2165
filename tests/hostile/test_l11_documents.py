"""L11: documents that were bent, copied, opened too weakly or shown by somebody else.

Everything here is refused, each for its own reason, however much else of the document is right.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

import pytest

from demo.documents.encoding import tlv
from demo.documents.papers import passport
from demo.documents.signing import Manner, security_object
from demo.documents.states import State, authority_wish, elliptic, self_signed
from tests.emrtd.reading import session_for
from tests.emrtd.refused import refused
from tests.emrtd.sample import (
    EXPIRY,
    NOW,
    PIET,
    licence_of_piet,
    passport_of_willeke,
    shown_licence,
    shown_passport,
    signer,
    state,
)
from tests.emrtd.showing import bent_signer, shown, signed_by, with_group
from toegang.emrtd.data_groups import LONGEST_FILE
from toegang.emrtd.document import Proof
from toegang.emrtd.faults import Fault
from toegang.emrtd.trust import Trust


def test_the_same_document_unbent_is_believed() -> None:
    assert shown(shown_passport()).proofs == frozenset(Proof)
    assert shown(signed_by(signer())).proofs == frozenset(Proof)
    licence = shown(shown_licence(), asked=session_for(licence_of_piet()))
    assert licence.proofs == frozenset(Proof)


# Passive authentication: none, by others, or over other things.


@pytest.mark.parametrize("octets", [b"", b"\x77\x00", b"\x77\x02\x30\x00", bytes(64)])
def test_no_security_object_is_refused(octets: bytes) -> None:
    with refused(Fault.UNREADABLE):
        shown(replace(shown_passport(), security_object=octets))


def test_an_authority_that_nobody_believes_is_refused() -> None:
    forger = State.founded(NOW)
    with refused(Fault.SIGNER_UNKNOWN):
        shown(signed_by(forger.signer()))
    beside = Manner(certificates=(forger.signer().certificate, forger.authority.certificate))
    with refused(Fault.SIGNER_UNKNOWN):
        shown(signed_by(forger.signer(), beside))


def test_the_security_object_of_other_data_is_refused() -> None:
    other = passport(PIET, signer(), expiry=EXPIRY)
    with refused(Fault.ALTERED):
        shown(replace(shown_passport(), security_object=other.security_object))


@pytest.mark.parametrize("number", [1, 2, 11, 14, 15])
def test_any_data_group_of_another_document_is_refused(number: int) -> None:
    other = passport(PIET, signer(), expiry=EXPIRY).groups[number]
    if other == passport_of_willeke().groups[number]:
        other += b"\x00"
    with refused(Fault.ALTERED):
        shown(with_group(shown_passport(), number, other))


def test_a_data_group_that_was_not_signed_is_refused() -> None:
    with refused(Fault.ALTERED):
        shown(with_group(shown_passport(), 3, tlv(0x63)))


def test_data_groups_in_each_other_s_place_are_refused() -> None:
    groups = shown_passport().groups
    with refused(Fault.ALTERED):
        shown(replace(shown_passport(), groups={**groups, 1: groups[11], 11: groups[1]}))


# Who signed.


def test_a_signer_that_is_over_or_has_not_begun_is_refused() -> None:
    for change in (
        lambda wish: replace(wish, ends=NOW - timedelta(seconds=1)),
        lambda wish: replace(wish, begins=NOW + timedelta(seconds=1)),
    ):
        with refused(Fault.SIGNER_EXPIRED):
            shown(bent_signer(change))


def test_a_signer_that_was_revoked_is_refused() -> None:
    listed = state().revoked(signer().parsed.serial_number)
    with refused(Fault.SIGNER_REVOKED):
        shown(shown_passport(), among=Trust.of([state().authority.certificate], lists=[listed]))


def test_without_a_fresh_list_of_what_was_revoked_nothing_is_believed() -> None:
    root = state().authority.certificate
    for lists in ([], [state().revoked(at=NOW - timedelta(days=91))], [State.founded(NOW).revoked()]):
        with refused(Fault.REVOCATION_UNKNOWN):
            shown(shown_passport(), among=Trust.of([root], lists=lists))


def test_an_authority_that_signs_documents_itself_is_refused() -> None:
    with refused(Fault.SIGNER_NOT_ENTITLED):
        shown(signed_by(state().authority))
    with refused(Fault.SIGNER_NOT_ENTITLED):
        shown(bent_signer(lambda wish: replace(wish, ca=True)))


def test_an_authority_that_may_not_sign_certificates_vouches_for_nobody() -> None:
    wish = replace(authority_wish(NOW, "NL"), usages=frozenset({"crl_sign"}))
    with refused(Fault.SIGNER_NOT_ENTITLED):
        Trust.of([self_signed(elliptic(), wish).certificate])


def test_a_signer_of_another_country_is_refused() -> None:
    other = State.founded(NOW, "BE")
    among = Trust.of(
        [state().authority.certificate, other.authority.certificate],
        lists=[state().revoked(), other.revoked()],
    )
    with refused(Fault.SIGNER_NOT_ENTITLED):
        shown(signed_by(other.signer()), among=among)
    with refused(Fault.SIGNER_NOT_ENTITLED):
        shown(bent_signer(lambda wish: replace(wish, country="BE")))


@pytest.mark.requires("ICAO9303-12-7.1.1.6")
@pytest.mark.parametrize(
    ("types", "may"), [((), False), (("ID",), False), (("I", "V"), False), (("P",), True)]
)
def test_a_signer_signs_its_own_kinds_of_documents_only(types: tuple[str, ...], may: bool) -> None:
    document = bent_signer(lambda wish: replace(wish, types=types))
    if may:
        assert shown(document).issuer == "NLD"
    else:
        with refused(Fault.SIGNER_NOT_ENTITLED):
            shown(document)


# How it was signed.


@pytest.mark.parametrize("name", ["sha1", "sha224"])
def test_old_hashes_are_refused(name: str) -> None:
    with refused(Fault.ALGORITHM):
        shown(signed_by(signer(), Manner(hash=name)))


def test_two_signers_other_content_and_unsigned_attributes_are_refused() -> None:
    for manner in (
        Manner(signers=2),
        Manner(signers=0),
        Manner(content_type="1.2.840.113549.1.7.1"),
        Manner(content_type="2.23.136.1.1.2"),
        Manner(attribute_type="1.2.840.113549.1.7.1"),
        Manner(leave_out=frozenset({"digest"})),
        Manner(leave_out=frozenset({"type", "digest"})),
        Manner(wrong_digest=True),
    ):
        with refused(Fault.NOT_SIGNED):
            shown(signed_by(signer(), manner))


# Too much of it.


def test_more_than_anything_honest_is_refused() -> None:
    document = shown_passport()
    many: Mapping[int, bytes] = dict.fromkeys(range(1, 40), b"")
    for bent in (
        replace(document, security_object=tlv(0x77, bytes(70_000))),
        with_group(document, 2, bytes(LONGEST_FILE + 1)),
        replace(document, groups=many),
        replace(document, chip=bytes(70_000)),
    ):
        with refused(Fault.TOO_LARGE):
            shown(bent)
    with refused(Fault.CHIP_NOT_PROVEN):
        shown(replace(document, active=bytes(2_000)))


@pytest.mark.parametrize("cut", [0, 1, 2, 5, 50])
def test_files_that_are_cut_off_are_refused_though_they_were_signed(cut: int) -> None:
    """A state that signs nonsense gets no further than one that signs nothing."""
    paper = passport_of_willeke()
    for number in (1, 14, 15):
        groups = {**paper.groups, number: paper.groups[number][:cut]}
        document = replace(shown_passport(), groups=groups, security_object=security_object(groups, signer()))
        with refused(Fault.UNREADABLE):
            shown(document)

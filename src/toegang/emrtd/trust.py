"""Whom to believe: the authorities of states, what links an old key to the next, and what was revoked.

Start in `Trust.of`. Which certificates are given to it is the operator's decision; a certificate inside a
document never adds itself.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime

from toegang.emrtd.certificates import Certificate
from toegang.emrtd.faults import Fault, refuse
from toegang.emrtd.policy import SKEW, Policy
from toegang.emrtd.revocation import RevocationList
from toegang.errors import DocumentRefused


@dataclass(frozen=True, slots=True, kw_only=True)
class Trust:
    """The authorities that are believed, and the lists that came from them or say so."""

    authorities: tuple[Certificate, ...] = field(repr=False)
    lists: tuple[RevocationList, ...] = field(default=(), repr=False)

    @classmethod
    def of(
        cls,
        roots: Iterable[bytes],
        links: Iterable[bytes] = (),
        lists: Iterable[bytes] = (),
        *,
        old_hashes: bool = False,
    ) -> Trust:
        """ICAO9303-12-6.1.1: build from certificates that are believed by themselves, links, and lists (DER).

        A link is a certificate of a next key, signed by the one before: it is believed when a believed one
        signed it (ICAO9303-12-4.1.4.3), in whatever order they come.

        Raises:
            DocumentRefused: something that is no authority, or a link to none that is believed.

        """
        known = [Certificate.parse(each) for each in roots]
        for each in known:
            each.check_authority()
        waiting = [Certificate.parse(each) for each in links]
        while waiting:
            linked = [each for each in waiting if _linked(each, known, old=old_hashes)]
            if not linked:
                refuse(Fault.SIGNER_UNKNOWN, "a link to no authority that is believed")
            known += linked
            waiting = [each for each in waiting if each not in linked]
        return cls(authorities=tuple(known), lists=tuple(RevocationList.parse(each) for each in lists))

    def covered(self, policy: Policy, now: datetime) -> frozenset[str]:
        """ICAO9303-12-D.3: the countries of which a list is signed by a believed authority, and fresh."""
        return frozenset(
            each.country for each in self.lists if each.fresh(now) and _believed(each, self, policy)
        )

    def plus(self, certificates: Iterable[Certificate]) -> Trust:
        """Return this with more authorities: those of a master list that was verified."""
        more = [each for each in certificates if each not in self.authorities]
        for each in more:
            each.check_authority()
        return replace(self, authorities=(*self.authorities, *more))


def check_signer(
    certificate: Certificate, trust: Trust, policy: Policy, now: datetime, signed_at: datetime | None = None
) -> Certificate:
    """ICAO9303-12-6.1.2, TR03105-5.1: check who signed, and return the authority that vouches for it.

    1. It is no authority itself, and its key may sign.
    2. Of the believed authorities of its issuer's name one signed it, whose certificate lets it sign others.
    3. Both are within their dates now, and it was when the data was signed, if that is said.
    4. Both are of one country.
    5. The newest lists of that country do not name either.
    The caller must check that the country is the document's, and the kinds of documents.

    Raises:
        DocumentRefused: any of these is otherwise.

    """
    # 1.
    if certificate.ca or "key_cert_sign" in certificate.usages:
        refuse(Fault.SIGNER_NOT_ENTITLED, "an authority that signs documents itself")
    if "digital_signature" not in certificate.usages:
        refuse(Fault.SIGNER_NOT_ENTITLED, "a certificate that lets its key sign nothing")
    # 2.
    authority = _authority_of(certificate, trust, policy)
    # 3.
    for each in (certificate, authority):
        each.check_dates(now)
    if signed_at is not None:
        if signed_at > now + SKEW:
            refuse(Fault.NOT_SIGNED, "a signature from the future")
        certificate.check_dates(signed_at)
    # 4.
    if certificate.country != authority.country:
        refuse(Fault.SIGNER_NOT_ENTITLED, "a signer of another country than its authority")
    # 5.
    _check_not_revoked((certificate, authority), trust, policy, now)
    return authority


def _authority_of(certificate: Certificate, trust: Trust, policy: Policy) -> Certificate:
    found = [each for each in trust.authorities if each.subject == certificate.issuer]
    if not found:
        refuse(Fault.SIGNER_UNKNOWN, "no authority of this name is believed")
    refusals: list[DocumentRefused] = []
    for each in found:
        try:
            each.check_authority()
            each.check_issued(certificate, old=policy.old_hashes)
        except DocumentRefused as refusal:
            refusals.append(refusal)
        else:
            return each
    # Of several keys of one authority at most one fits; what the last says is as good as any.
    if refusals[-1].reason == Fault.NOT_SIGNED:
        refuse(Fault.SIGNER_UNKNOWN, "no believed key of this authority signed the certificate")
    raise refusals[-1]


def _check_not_revoked(
    certificates: tuple[Certificate, Certificate], trust: Trust, policy: Policy, now: datetime
) -> None:
    """ICAO9303-12-6.1.2, D.3: a country has one list, by its newest key, for all keys of its authority.

    Its numbers are unique over all keys and names of that authority (ICAO9303-12-7.1.1.5). A list that is no
    longer fresh still counts against whom it names.
    """
    country = certificates[1].country
    signed = [each for each in trust.lists if each.country == country and _believed(each, trust, policy)]
    revoked = {serial for each in signed for serial in each.serials}
    if any(each.serial in revoked for each in certificates):
        refuse(Fault.SIGNER_REVOKED, "a certificate that its authority took back")
    if policy.revocation and not any(each.fresh(now) for each in signed):
        refuse(Fault.REVOCATION_UNKNOWN, "no fresh list of this country's revoked certificates")


def _believed(found: RevocationList, trust: Trust, policy: Policy) -> bool:
    for each in trust.authorities:
        if each.country == found.country and each.subject == found.issuer:
            try:
                found.check_issued(each, old=policy.old_hashes)
            except DocumentRefused:
                continue
            return True
    return False


def _linked(link: Certificate, known: Iterable[Certificate], *, old: bool) -> bool:
    link.check_authority()
    for each in known:
        if each.country == link.country:
            try:
                each.check_issued(link, old=old)
            except DocumentRefused:
                continue
            return True
    return False

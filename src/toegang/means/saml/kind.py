"""An external SAML identity provider as a login means: from what a login asks to what may be believed."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from hmac import compare_digest
from typing import TYPE_CHECKING

from toegang.catalogue import gate
from toegang.catalogue.values import Text
from toegang.errors import (
    LevelUnreachable,
    LoginElsewhere,
    NotEntitled,
    OneTimeGone,
    ProofInvalid,
    Replayed,
)
from toegang.identity.subject import Represented, Subject
from toegang.means.base import Authentication, Factor, Go
from toegang.means.external import levels
from toegang.means.external.errands import Errand
from toegang.means.external.sessions import Farewell, Known, is_told
from toegang.means.saml.answer import believe
from toegang.means.saml.partner import AskBy, Partner, Speaks, entity_id_of, role_of
from toegang.means.saml.people import Who, handed_on, who_is
from toegang.means.saml.request import Ourselves, request_of
from toegang.saml import writing
from toegang.saml.bearer import Expected
from toegang.saml.bindings import post, redirect
from toegang.saml.bindings.parameters import Carrier
from toegang.saml.encryption import MODERN, PRESCRIBED, decrypt_id
from toegang.saml.messages import EncryptedId, LogoutRequest, NameId
from toegang.saml.names import Binding
from toegang.saml.reading import read_name_id

if TYPE_CHECKING:
    from datetime import datetime

    from toegang.assurance import Level
    from toegang.catalogue.partners.key_uses import KeyUses
    from toegang.catalogue.values import AdmittedMeans
    from toegang.catalogue.watch import Catalogue
    from toegang.ids import Ids
    from toegang.means.base import Ask
    from toegang.means.external.errands import Errands
    from toegang.means.external.linking import Linking
    from toegang.means.external.sessions import ForeignSessions
    from toegang.means.saml.answer import Believed
    from toegang.means.saml.arrival import Arrival, Arrivals
    from toegang.saml.own import OwnKeys
    from toegang.saml.reading import Proof
    from toegang.units import Expiring, Units

LEAVING = "/means/saml/"
CONSUMER = "/saml/acs"
LIFETIME = timedelta(minutes=15)  # of the page that posts our request; the request itself may be asked again
ID_BYTES = 20
MOST_AUTHORITIES = 10
"""Behind an identity provider there are few others; each is told to the service."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaving:
    """A form with which a browser goes to an identity provider; `beyond` is where it may end after that."""

    browser: str = field(repr=False)
    name: Text
    action: str
    beyond: str
    fields: tuple[tuple[str, str], ...] = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Returned:
    """A browser that came back: on which errand, and with what."""

    errand: Errand
    arrival: Arrival


@dataclass(frozen=True, slots=True, kw_only=True)
class SamlMeans:
    """The hub as the service provider of SAML identity providers."""

    ourselves: Ourselves
    catalogue: Catalogue
    keys: OwnKeys
    units: Units
    errands: Errands
    leaving: Expiring[Leaving]
    seen: Expiring[str]
    arrivals: Arrivals
    linking: Linking
    elsewhere: ForeignSessions
    uses: KeyUses
    ids: Ids

    def reach(self, admission: AdmittedMeans) -> Level:
        """Return the highest level that the provider has a name for."""
        return levels.reach(admission)

    def pages(self, admission: AdmittedMeans) -> tuple[str, ...]:
        """Return the addresses of the provider's pages, of which the origins count."""
        entity = self.catalogue.current.entity(entity_id_of(admission))
        role = entity.metadata.identity_provider if entity else None
        return tuple(each.location for each in role.sign_on) if role else ()

    async def proves(self, admission: AdmittedMeans, subject: Subject) -> bool:
        """Tell whether the person has a link with the provider, or it is the same account there."""
        return await self.linking.proves(admission, entity_id_of(admission), subject)

    async def check_usable(self, proven: Authentication, now: datetime) -> None:  # noqa: ARG002 no end date
        """Refuse what was proven by a link that has ended.

        Raises:
            AccountClosed: it may no longer be used.

        """
        await self.linking.check_usable(proven)

    async def start(self, ask: Ask, now: datetime) -> Go:
        """SAMLProf-4.1.3.3: sign a request, remember it, and send the browser along with it.

        Raises:
            LevelUnreachable: the provider has no name for the level.
            PartyClosed, UnknownParty: its metadata is not in force.
            Misconfigured: its settings or metadata are not right.

        """
        if levels.reach(ask.admission) < ask.required:
            raise LevelUnreachable
        partner = Partner.of(ask.admission, self.catalogue.current, now)
        state, id_ = self.ids.token(), f"_{self.ids.secret(ID_BYTES).hex()}"
        request = request_of(ask, partner, self.ourselves, id_, now)
        key = self.keys.signing(now)
        await self.errands.keep(state, Errand.of(ask, partner.entity_id, id_, now), now)
        if partner.ask_by is AskBy.REDIRECT:
            octets = writing.authn_request(request, None)
            return Go(location=redirect.address(partner.sign_on, Carrier.REQUEST, octets, state, key))
        leaving = Leaving(
            browser=ask.browser,
            name=ask.admission.names,
            action=partner.sign_on,
            beyond=ask.destination,
            fields=post.fields(Carrier.REQUEST, writing.authn_request(request, key), state),
        )
        name = self.ids.token()
        async with self.units.begin() as unit:
            await self.leaving.add(unit, name, leaving, now + LIFETIME, now)
        return Go(location=LEAVING + name)

    async def leave(self, name: str, browser: str, now: datetime) -> Leaving:
        """Return the form with which a browser leaves; a reload finds it again.

        Raises:
            OneTimeGone: unknown, or too long ago.
            LoginElsewhere: another browser's.

        """
        found = await self.leaving.find(name, now)
        if found is None:
            raise OneTimeGone
        if not compare_digest(found.browser, browser):
            raise LoginElsewhere
        return found

    async def take(self, arrival: Arrival, browser: str, now: datetime) -> Returned:
        """Find the errand of a browser that came back, once: what it brings is believed by nobody yet.

        Raises:
            OneTimeGone: nothing was asked, it was answered before, or it took too long.
            LoginElsewhere: another browser asked it.

        """
        errand = await self.errands.take(arrival.relay_state or "", browser, now)
        return Returned(errand=errand, arrival=arrival)

    async def prove(self, returned: Returned, now: datetime) -> Authentication:
        """Find out who was proven.

        1. the means and its metadata are open now; 2. the answer, fetched if need be, is believed (S20);
        3. it was not seen before, on any node (S24); 4. its level is what the admission's table says;
        5. it names somebody as was agreed; 6. the person is found by their link.

        Raises:
            PartyClosed, UnknownParty: the means or its metadata was closed meanwhile.
            ProofInvalid: a check fails.
            Replayed: the assertion was seen before.
            MeansDeclined, LevelNotProven: the provider did not log the person in.
            Unavailable: it does not answer.
            LinkedElsewhere: the account is a means of somebody with another BSN.

        """
        errand = returned.errand
        # 1.
        snapshot = self.catalogue.current
        admission = gate.open_means(snapshot, errand.means, now)
        partner = Partner.of(admission, snapshot, now)
        expected = self._expected(errand, posted=returned.arrival.posted)
        # 2.
        document = await self.arrivals.document(returned.arrival, partner, expected, now)
        keys = self.keys.decryption(now)
        believed = believe(document, partner, expected, keys, now)
        # 3.
        await self._remember(believed, now)
        # 4. and 5.
        who = who_is(believed, partner, keys)
        used = (believed.proof.key.fingerprint, believed.proof.opened_by, *who.opened_by)
        await self.uses.note(partner.entity_id, used, now)
        proven = await self._proven(believed, partner, who, now)
        # 6.
        return await self.linking.recognise(proven, who.bsn, now)

    def _expected(self, errand: Errand, *, posted: bool) -> Expected:
        return Expected(
            issuer=errand.party,
            audience=self.ourselves.entity_id,
            recipient=self.ourselves.consumer,
            request=errand.proof,
            asked_at=errand.sent_at,
            posted=posted,
            authenticated_since=errand.sent_at if errand.fresh else None,
        )

    async def _remember(self, believed: Believed, now: datetime) -> None:
        """S24: keep the assertion's id in the durable store for as long as it could be shown again."""
        name = f"{believed.assertion.issuer} {believed.assertion.id}"
        async with self.units.begin() as unit:
            new = await self.seen.add(unit, name, "", believed.until, now)
        if not new:
            raise Replayed

    async def _proven(self, believed: Believed, partner: Partner, who: Who, now: datetime) -> Authentication:
        admission, authn = partner.admission, believed.assertion.authn
        if authn is None:
            message = "an assertion that does not say how somebody logged in"
            raise ProofInvalid(message)
        identifier = self.linking.nameless(who.bsn) if who.bsn and not who.identifier else who.identifier
        return Authentication(
            elsewhere=await self._elsewhere(believed, partner, now),
            subject=Subject(issuer=partner.entity_id, identifier=identifier),
            means=admission.id,
            level=levels.level_of(admission, authn.context_class, now),
            at=min(authn.at, now),
            factors=(Factor.EXTERNAL,),
            represented=await self._represented(who, now),
            authorities=(
                partner.entity_id,
                *(each for each in authn.authorities[:MOST_AUTHORITIES] if each != partner.entity_id),
            ),
            statements=handed_on(believed, partner),
        )

    async def farewell(self, admission: AdmittedMeans, known: Known, now: datetime) -> Farewell:
        """SAMLProf-4.4.3.1: write a request to log out there, for the browser to post.

        Raises:
            NotEntitled: its metadata has no address for it.
            UnknownParty: nothing is pinned of it.

        """
        role = role_of(self.catalogue.current, entity_id_of(admission))
        to = next((each.location for each in role.logout if each.binding == Binding.POST), "")
        if not to:
            message = f"means {admission.id}: nowhere to log out by POST"
            raise NotEntitled(message)
        name = NameId(
            value=known.name,
            format=known.name_format,
            name_qualifier=known.name_qualifier,
            sp_name_qualifier=known.sp_name_qualifier,
        )
        request = LogoutRequest(
            id=f"_{self.ids.secret(ID_BYTES).hex()}",
            issuer=self.ourselves.entity_id,
            issued_at=now,
            subject=name,
            destination=to,
            not_on_or_after=now + LIFETIME,
            session_indexes=(known.index,) if known.index else (),
        )
        octets = writing.logout_request(request, self.keys.signing(now))
        return Farewell(request=request.id, location=to, fields=post.fields(Carrier.REQUEST, octets, None))

    def opened(
        self, admission: AdmittedMeans, name: EncryptedId, proof: Proof, now: datetime
    ) -> tuple[NameId, str]:
        """SAMLCore-2.2.4: open a name that the provider encrypted for us, inside what it signed.

        With it comes the fingerprint of the key that opened it.

        Raises:
            ProofInvalid: it does not open.

        """
        plain = admission.setting("speaks", Speaks.PLAIN.value) == Speaks.PLAIN.value
        methods = MODERN if plain else PRESCRIBED
        found = decrypt_id(name, self.keys.decryption(now), methods, proof)
        return read_name_id(found.octets), found.key

    async def _elsewhere(self, believed: Believed, partner: Partner, now: datetime) -> str:
        """Remember the session there, by what it will call it when it ends."""
        if not is_told(partner.admission):
            return ""
        subject, authn = believed.assertion.subject, believed.assertion.authn
        if isinstance(subject, EncryptedId):
            subject, _ = self.opened(partner.admission, subject, believed.proof, now)
        known = Known(
            name=subject.value,
            index=authn.session_index if authn else "",
            name_format=subject.format,
            name_qualifier=subject.name_qualifier,
            sp_name_qualifier=subject.sp_name_qualifier,
        )
        return await self.elsewhere.keep(partner.admission, partner.entity_id, known, now)

    async def _represented(self, who: Who, now: datetime) -> Represented | None:
        legal = who.legal
        if legal is None:
            return None
        person = None
        if legal.bsn is not None:
            async with self.units.begin() as unit:
                person = (await self.linking.enrolment.enrol(unit, legal.bsn, now)).id
        return Represented(
            kind=legal.kind,
            number=legal.number,
            person=person,
            types=legal.types,
            intermediary=legal.intermediary,
        )

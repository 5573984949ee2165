"""How an answer arrives: in a form that came from another site, or as an artifact that is exchanged.

A browser keeps our cookies back from another site's POST, not from the GET after it. So every form is kept
here for that GET, in which the browser is known; it travels in no address.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from hmac import compare_digest
from typing import TYPE_CHECKING

from toegang.errors import Malformed, OneTimeGone, ProofInvalid, Refusal, Unavailable
from toegang.means.saml.answer import check_failure
from toegang.saml import writing
from toegang.saml.bindings import artifact, post, soap
from toegang.saml.bindings.parameters import Carrier
from toegang.saml.document import enclosed
from toegang.saml.held import held_response, is_signed
from toegang.saml.messages import ArtifactResolve
from toegang.saml.names import SAMLP, SUCCESS
from toegang.saml.reading import read_artifact_response
from toegang.saml.signature import verify

if TYPE_CHECKING:
    from datetime import datetime

    from toegang.ids import Ids
    from toegang.means.saml.partner import Partner
    from toegang.outbound.client import Outbound
    from toegang.saml.bearer import Expected
    from toegang.saml.bindings.artifact import Carried
    from toegang.saml.bindings.post import Posted
    from toegang.saml.document import Unverified
    from toegang.saml.own import OwnKeys
    from toegang.units import Expiring, Units

LIFETIME = timedelta(seconds=90)  # the browser follows at once; a reload still finds it
ID_BYTES = 20
OK = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """What a browser brought: a form with a response, or an artifact; and the state that we gave along."""

    relay_state: str | None = field(repr=False)
    response: Posted | None = field(default=None, repr=False)
    artifact: Carried | None = field(default=None, repr=False)

    @property
    def posted(self) -> bool:
        """Whether the response itself came in the form."""
        return self.response is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrivals:
    """Takes answers; `entity_id` is what we are called."""

    entity_id: str
    units: Units
    kept: Expiring[bytes]
    outbound: Outbound
    keys: OwnKeys
    ids: Ids

    def check(self, octets: bytes) -> None:
        """Refuse what is no form with an answer.

        Raises:
            Malformed, TooLarge: it is none.

        """
        _read_form(octets)

    async def keep(self, octets: bytes, now: datetime) -> str:
        """Keep a form that was checked; return the name to ask it back by."""
        name = self.ids.token()
        async with self.units.begin() as unit:
            await self.kept.add(unit, name, octets, now + LIFETIME, now)
        return name

    async def get(self, name: str, now: datetime) -> Arrival:
        """Return a form that was kept.

        Raises:
            OneTimeGone: unknown, or too long ago.

        """
        octets = await self.kept.find(name, now)
        if octets is None:
            message = "no posted answer of this name"
            raise OneTimeGone(message)
        return _read_form(octets)

    def carried(self, octets: bytes) -> Arrival:
        """SAMLBind-3.6.3: read an artifact out of an address.

        Raises:
            Malformed, TooLarge: there is none.

        """
        found = artifact.parse_carried(octets)
        return Arrival(relay_state=found.relay_state, artifact=found)

    async def document(
        self, arrival: Arrival, partner: Partner, expected: Expected, now: datetime
    ) -> Unverified:
        """Return the response, which nobody has verified yet.

        Raises:
            ProofInvalid: the artifact is another party's, or the answer to it is not signed by this one.
            MeansDeclined, LevelNotProven: the signed answer holds a failure.
            Unavailable: the provider does not answer.

        """
        if arrival.response is not None:
            return arrival.response.document
        if arrival.artifact is None:
            message = "neither a response nor an artifact"
            raise ProofInvalid(message)
        try:
            return await self._resolved(arrival.artifact, partner, expected, now)
        except (Malformed, OneTimeGone) as error:
            message = f"{partner.entity_id}: an answer to an artifact that cannot be read: {error.detail}"
            raise ProofInvalid(message) from error

    async def _resolved(
        self, carried: Carried, partner: Partner, expected: Expected, now: datetime
    ) -> Unverified:
        """SAMLProf-4.1.4.1: exchange an artifact with whom it was asked of (S22).

        1. it is of the provider that was asked; 2. its server answers our signed request; 3. where that
        answer is signed, the signature holds and it is of this request; a failure inside is then told at
        once, by that signature; 4. what it holds must be signed on its own, as everywhere.
        """
        # 1.
        ticket = carried.artifact
        if not compare_digest(ticket.source_id, artifact.source_id(partner.entity_id)):
            message = "an artifact of another party than was asked"
            raise ProofInvalid(message)
        # 2.
        url = partner.resolver(ticket.endpoint_index)
        asked = ArtifactResolve(
            id=f"_{self.ids.secret(ID_BYTES).hex()}",
            issuer=self.entity_id,
            issued_at=now,
            artifact=carried.text,
            destination=url,
        )
        envelope = await self._call(partner, url, asked, now)
        # 3.
        if is_signed(envelope):
            proof = verify(envelope, partner.keys)
            told = read_artifact_response(proof)
            if told.issuer != partner.entity_id or told.in_response_to != asked.id:
                message = "an answer to another question about an artifact"
                raise ProofInvalid(message)
            if told.message is None or told.status.code != SUCCESS:
                message = "there is nothing behind the artifact"
                raise OneTimeGone(message)
            check_failure(held_response(proof), expected, now)
        # 4.
        return enclosed(envelope, (SAMLP, "Response"))

    async def _call(self, partner: Partner, url: str, asked: ArtifactResolve, now: datetime) -> Unverified:
        content = soap.wrap(writing.artifact_resolve(asked, self.keys.signing(now)))
        headers = {"content-type": soap.CONTENT_TYPE, "soapaction": f'"{soap.ACTION}"'}
        answer = await self.outbound.request(
            partner.entity_id, "POST", url, headers=headers, content=content, mutual_tls=True
        )
        if answer.status != OK:
            message = f"{partner.entity_id}: the artifact service answered {answer.status}"
            raise Unavailable(message)
        try:
            return soap.unwrap(answer.body)
        except Refusal as error:
            message = f"{partner.entity_id}: no SOAP: {error.detail}"
            raise ProofInvalid(message) from error


def _read_form(octets: bytes) -> Arrival:
    found = post.parse(octets)
    if found.carrier is not Carrier.RESPONSE:
        message = "a request where an answer is taken"
        raise Malformed(message)
    return Arrival(relay_state=found.relay_state, response=found)

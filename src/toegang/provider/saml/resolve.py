"""The back channel: an artifact becomes the message that it stands for (SAMLProf-5, STSAML-4)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from toegang.errors import Malformed, Refusal
from toegang.provider.saml.received import Arrived, check_moment, open_message, prove
from toegang.provider.saml.status import SUCCESS
from toegang.saml import writing
from toegang.saml.bindings import artifact, soap
from toegang.saml.messages import ArtifactResponse
from toegang.saml.names import Binding
from toegang.saml.reading import read_artifact_resolve
from toegang.saml.signature import Verified

if TYPE_CHECKING:
    from datetime import datetime

    from toegang.catalogue.partners.key_uses import KeyUses
    from toegang.catalogue.watch import Catalogue
    from toegang.keys.presented import PresentedCertificate
    from toegang.provider.saml.fetch import Fetching
    from toegang.provider.saml.letter import Letter
    from toegang.provider.saml.partners import Partner
    from toegang.provider.saml.received import Claimed
    from toegang.provider.saml.unbelieved import Unbelieved
    from toegang.saml.messages import ArtifactResolve

ENDPOINT = "artifact"


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolution:
    """The artifact resolution service; `address` is its own."""

    entity_id: str
    address: str
    catalogue: Catalogue
    fetching: Fetching
    uses: KeyUses
    unbelieved: Unbelieved

    async def resolve(self, octets: bytes, presented: PresentedCertificate | None, now: datetime) -> bytes:
        """SAMLBind-3.6.6: answer a request for the message behind an artifact, as a SOAP envelope.

        1. The partner is open now, presents its certificate where the profile asks it, and its signature
        holds. 2. The request is of now and meant for us, and so is the artifact. 3. Of all who ask the
        first gets the message, if it is for them. An artifact that leads to nothing is answered with
        success and without a message.

        Raises:
            Refusal: who asks did not prove to be a partner, or cannot be understood.

        """
        claimed = open_message(Arrived(binding=Binding.SOAP, octets=octets))
        # 1. and 2.
        try:
            partner, asked, key = self._proven(claimed, presented, now)
        except Refusal as refusal:
            await self.unbelieved.record(claimed, ENDPOINT, refusal, now)
            raise
        await self.uses.note(partner.entity_id, (key,), now)
        # 3.
        message = await self._message(partner, asked.artifact, now)
        issuance = self.fetching.issuance
        answer = ArtifactResponse(
            id=issuance.new_id(),
            issuer=self.entity_id,
            issued_at=now,
            status=SUCCESS,
            in_response_to=asked.id,
            message=message,
        )
        return soap.wrap(writing.artifact_response(answer, issuance.keys.signing(now)))

    def _proven(
        self, claimed: Claimed, presented: PresentedCertificate | None, now: datetime
    ) -> tuple[Partner, ArtifactResolve, str]:
        """Return who asks, what, and the fingerprint of the key that signed it."""
        # 1.
        received = prove(claimed, self.catalogue.current, now)
        received.partner.check_certificate(presented)
        proof = received.proof
        if not isinstance(proof, Verified):
            message = "an envelope holds what came in an address"
            raise Malformed(message)
        asked = read_artifact_resolve(proof)
        received.check_issuer(asked.issuer)
        # 2.
        check_moment(asked.issued_at, now)
        if asked.destination not in {"", self.address}:
            message = "the message was sent to another address than ours"
            raise Malformed(message)
        return received.partner, asked, proof.key.fingerprint

    async def _message(self, partner: Partner, text: str, now: datetime) -> bytes | None:
        connection = partner.connection.id

        def mine(letter: Letter, of: str) -> bool:
            return of == connection and letter.issuer == partner.entity_id

        try:
            ours = artifact.parse(text).source_id == artifact.source_id(self.entity_id)
        except Malformed:
            ours = False
        found = await self.fetching.fetch(text if ours else "", mine, connection, now)
        return found.octets if found else None

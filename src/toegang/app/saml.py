"""The SAML identity provider's doors, filled."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from toegang.app.ground import entity_id, mandates_entity_id
from toegang.app.systems import known_pseudonyms
from toegang.app.tokens import SYSTEMS
from toegang.authzen.discovery import EVALUATION
from toegang.provider.saml.admit import Admission
from toegang.provider.saml.answer import SamlAnswerer
from toegang.provider.saml.fetch import Fetching
from toegang.provider.saml.identifiers import Identifiers
from toegang.provider.saml.issue import Issuance
from toegang.provider.saml.logout import LogoutReplies, SamlLogout
from toegang.provider.saml.metadata import Addresses, TheHub
from toegang.provider.saml.parting import Parting
from toegang.provider.saml.posted import PostedAnswers, PostedMessages
from toegang.provider.saml.register import TheRegister, check_is_there
from toegang.provider.saml.resolve import Resolution
from toegang.provider.saml.returning import LogoutAnswers
from toegang.provider.saml.unbelieved import Unbelieved
from toegang.provider.saml.waiting import Told, Waiting
from toegang.pseudonyms import Pairwise
from toegang.saml.own import OwnKeys
from toegang.storage import ExpiringStore
from toegang.storage.partners import PartnerTables
from toegang.web.rooms import Saml

if TYPE_CHECKING:
    from toegang.app.ground import Ground
    from toegang.app.parts import People, Shared
    from toegang.catalogue.watch import Catalogue
    from toegang.login.flow import Logins
    from toegang.provider.logout.leave import Logouts


@dataclass(frozen=True, slots=True, kw_only=True)
class SamlGround:
    """What both the answerer and the endpoints use."""

    ground: Ground
    catalogue: Catalogue
    known: People
    stores: Shared
    waiting: Waiting
    identifiers: Identifiers
    seen: ExpiringStore[str]
    unbelieved: Unbelieved

    @property
    def answerer(self) -> SamlAnswerer:
        """The role that asks logins for SAML service providers."""
        return SamlAnswerer(
            catalogue=self.catalogue,
            grants=self.stores.grants,
            waiting=self.waiting,
            identifiers=self.identifiers,
            names=known_pseudonyms(self.ground),
            ids=self.ground.ids,
        )


def saml_ground(ground: Ground, catalogue: Catalogue, known: People, stores: Shared) -> SamlGround:
    """Open the stores."""
    return SamlGround(
        ground=ground,
        catalogue=catalogue,
        known=known,
        stores=stores,
        waiting=Waiting(
            entity_id=entity_id(ground.settings),
            refusals=ExpiringStore(ground.database, "saml-refusal", Told),
            ids=ground.ids,
        ),
        identifiers=Identifiers(enrolment=known.enrolment, pairwise=Pairwise(ground.secrets.pairwise)),
        seen=ExpiringStore(ground.database, "saml-seen", str),
        unbelieved=Unbelieved(catalogue=catalogue, units=ground.units, trail=ground.trail),
    )


def register(ground: Ground) -> TheRegister:
    """Open the register of mandates as an entity of its own."""
    settings = ground.settings
    return TheRegister(
        entity_id=mandates_entity_id(settings),
        keys=OwnKeys(ground.mandate_keys),
        hub=entity_id(settings),
        hub_keys=OwnKeys(ground.saml_keys),
        decisions=settings.hub.issuer + SYSTEMS + EVALUATION,
    )


async def know_the_register(ground: Ground) -> None:
    """Remember which key the register of mandates signs with, and refuse to go on where it lost that.

    A key that waits for its day is nothing to miss: until then the hub is who is believed.

    Raises:
        Misconfigured: its keys are gone.

    """
    ring, name = ground.mandate_keys.ring(), mandates_entity_id(ground.settings)
    now, keys = ground.clock.now(), OwnKeys(ground.mandate_keys)
    check_is_there(ring, await PartnerTables(ground.database).seen_keys(name), now)
    if keys.signs(now):
        await ground.key_uses.note(name, (keys.signing(now).name,), now)


def issuance(at: SamlGround, logins: Logins) -> Issuance:
    """Open what signs for partners."""
    ground = at.ground
    return Issuance(
        entity_id=entity_id(ground.settings),
        scope=urlsplit(ground.settings.hub.issuer).hostname or "",
        catalogue=at.catalogue,
        keys=OwnKeys(ground.saml_keys),
        register=register(ground),
        identifiers=at.identifiers,
        population=at.known.population,
        logins=logins,
        ids=ground.ids,
    )


def saml(at: SamlGround, signs: Issuance, logouts: Logouts) -> Saml:
    """Open the doors; `logouts` ends sessions in every protocol."""
    ground, hub, name = at.ground, at.ground.settings.hub, signs.entity_id
    addresses = Addresses.of(hub.issuer, hub.back_channel)
    fetching = Fetching(
        units=ground.units,
        grants=at.stores.grants,
        refusals=at.waiting.refusals,
        issuance=signs,
        stating=signs.logins.ending.stating,
        uses=ground.key_uses,
        trail=ground.trail,
    )
    return Saml(
        metadata=TheHub(entity_id=name, addresses=addresses, keys=signs.keys).metadata(ground.ids),
        register=signs.register.metadata(ground.ids),
        admission=Admission(
            entity_id=name,
            address=addresses.sign_on,
            catalogue=at.catalogue,
            seen=at.seen,
            waiting=at.waiting,
            units=ground.units,
            trail=ground.trail,
            uses=ground.key_uses,
            unbelieved=at.unbelieved,
        ),
        posted=PostedMessages(
            units=ground.units,
            kept=ExpiringStore(ground.database, "saml-posted", bytes),
            ids=ground.ids,
        ),
        answers=PostedAnswers(catalogue=at.catalogue, fetching=fetching),
        resolution=Resolution(
            entity_id=name,
            address=addresses.artifact,
            catalogue=at.catalogue,
            fetching=fetching,
            uses=ground.key_uses,
            unbelieved=at.unbelieved,
        ),
        logout=_logout(at, signs, logouts, addresses),
        logout_answers=LogoutAnswers(
            address=addresses.logout, catalogue=at.catalogue, logouts=logouts, uses=ground.key_uses
        ),
    )


def _logout(at: SamlGround, signs: Issuance, logouts: Logouts, addresses: Addresses) -> SamlLogout:
    return SamlLogout(
        addresses=(addresses.logout, addresses.logout_soap),
        catalogue=at.catalogue,
        seen=at.seen,
        answers=LogoutReplies(entity_id=signs.entity_id, issuance=signs),
        parting=Parting(
            entity_id=signs.entity_id,
            keys=signs.keys,
            grants=at.stores.grants,
            identifiers=at.identifiers,
        ),
        logouts=logouts,
        units=at.ground.units,
        trail=at.ground.trail,
        uses=at.ground.key_uses,
        unbelieved=at.unbelieved,
    )

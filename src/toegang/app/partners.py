"""The doors to partners in SAML: their metadata, their keys, and who is warned."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from toegang.app.client_certificate import certificate_shown
from toegang.app.ground import entity_id, mandates_entity_id
from toegang.app.metrics import NEWEST
from toegang.app.saml import register
from toegang.catalogue.partners.bringing import MetadataImport, Takeover
from toegang.catalogue.partners.cockpit import Further
from toegang.catalogue.partners.door import Cockpit
from toegang.catalogue.partners.reading import DocumentReader
from toegang.catalogue.partners.refresh import MetadataRefresh
from toegang.catalogue.partners.uploads import HeldUpload, Uploads
from toegang.catalogue.partners.warnings import BELIEVED, OWN, CertificateWarnings
from toegang.catalogue.write import CatalogueEditor
from toegang.means.card.terminals import dates_in
from toegang.means.document.trusting import dates_in as authorities_in
from toegang.provider.saml.metadata import ID_BYTES, Addresses, OwnMetadata, TheHub
from toegang.provider.saml.published import published
from toegang.saml.own import OwnKeys
from toegang.saml.service_catalogue import write_service_catalogue
from toegang.storage import ExpiringStore
from toegang.storage.catalogue import CatalogueTables
from toegang.storage.partners import PartnerTables

if TYPE_CHECKING:
    from toegang.app.ground import Ground
    from toegang.catalogue.watch import Catalogue
    from toegang.config import Settings

CARD_TERMINAL = "card-terminal"
"""What our certificates for cards are for, in a warning."""

AUTHORITIES = ("travel-authority", "licence-authority", "card-authority")
"""What authorities are believed of: travel documents, driving licences, cards with an e-function."""


def reader(ground: Ground) -> DocumentReader:
    """Open the reader of documents; where http is allowed at localhost, it is there too."""
    settings = ground.settings
    return DocumentReader(
        plain_http="localhost" in settings.outbound.plain_http,
        own=frozenset({entity_id(settings), mandates_entity_id(settings)}),
    )


def importing(ground: Ground) -> MetadataImport:
    """Open what the commands bring metadata in by."""
    return MetadataImport(
        catalogue=CatalogueTables(ground.database), takeover=_takeover(ground), units=ground.units
    )


def uploads(ground: Ground, cockpit: Cockpit) -> Uploads:
    """Open what operators upload metadata at."""
    return Uploads(
        cockpit=cockpit,
        reader=reader(ground),
        takeover=_takeover(ground),
        held=ExpiringStore(ground.database, "partner-upload", HeldUpload),
        units=ground.units,
        trail=ground.trail,
        ids=ground.ids,
    )


def _takeover(ground: Ground) -> Takeover:
    return Takeover(
        editor=CatalogueEditor(store=CatalogueTables(ground.database), trail=ground.trail),
        store=PartnerTables(ground.database),
        trail=ground.trail,
    )


def refreshing(ground: Ground, catalogue: Catalogue) -> MetadataRefresh:
    """Open what fetches metadata again."""
    return MetadataRefresh(
        catalogue=catalogue,
        editor=CatalogueEditor(store=CatalogueTables(ground.database), trail=ground.trail),
        store=PartnerTables(ground.database),
        units=ground.units,
        outbound=ground.outbound,
        trail=ground.trail,
        reader=reader(ground),
    )


def warnings(ground: Ground, catalogue: Catalogue) -> CertificateWarnings:
    """Open what warns of certificates that end."""

    def tell(days: int, count: int) -> None:
        about = "Certificates that end within so many days; 0: that have ended."
        ground.metrics.gauge("toegang_certificates_ending", about, NEWEST, days=str(days)).set(count)

    return CertificateWarnings(
        catalogue=catalogue,
        keys=ground.saml_keys,
        declaring=ground.mandate_keys,
        shown=certificate_shown(ground.settings),
        store=PartnerTables(ground.database),
        units=ground.units,
        trail=ground.trail,
        tell=tell,
        further=partial(further, ground.settings),
    )


def further(settings: Settings) -> tuple[Further, ...]:
    """Read the certificates in folders: by which cards know us, and of whom we believe what.

    One that is believed of more than one kind is there for each.
    """
    documents, cards = settings.documents, settings.cards
    folders = zip(AUTHORITIES, (documents.travel_trust, documents.licence_trust, cards.trust), strict=True)
    ours = dates_in(cards.terminal) if cards.terminal else ()
    return (
        *(Further(owner=OWN, purpose=CARD_TERMINAL, dates=each) for each in ours),
        *(
            Further(owner=BELIEVED, purpose=purpose, dates=each)
            for purpose, folder in folders
            for each in (authorities_in(folder) if folder else ())
        ),
    )


def cockpit(ground: Ground, catalogue: Catalogue) -> Cockpit:
    """Open what operators look at."""
    return Cockpit(
        catalogue=catalogue,
        keys=ground.saml_keys,
        declaring=ground.mandate_keys,
        store=PartnerTables(ground.database),
        further=partial(further, ground.settings),
    )


def own_metadata(ground: Ground) -> OwnMetadata:
    """Open our own metadata, for the command that prints it."""
    hub = ground.settings.hub
    ourselves = TheHub(
        entity_id=entity_id(ground.settings),
        addresses=Addresses.of(hub.issuer, hub.back_channel),
        keys=OwnKeys(ground.saml_keys),
    )
    return ourselves.metadata(ground.ids)


def mandates_metadata(ground: Ground) -> OwnMetadata:
    """Open the metadata of our register of mandates, for the command that prints it."""
    return register(ground).metadata(ground.ids)


def service_catalogue(ground: Ground, catalogue: Catalogue) -> bytes:
    """ETD-1.13: write the catalogue of services as the business scheme publishes it, signed.

    Raises:
        Misconfigured: there is no key that signs, or one without a certificate.

    """
    settings, now = ground.settings, ground.clock.now()
    environment = "demo" if settings.hub.demo else "production"
    described = published(catalogue.current, settings.saml.oin, environment, now)
    identity = f"_{ground.ids.secret(ID_BYTES).hex()}"
    return write_service_catalogue(described, identity, OwnKeys(ground.saml_keys).signing(now))

"""What happens with the keys and the metadata of partners in SAML."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from toegang.audit.event import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class MetadataEvent(Event):
    """What every event about a partner's metadata says.

    `source` is the address that it came from, or the name of the file.
    """

    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MetadataPinned(MetadataEvent):
    """An operator said by whose word metadata is believed from now on.

    `pins` are the SHA-256 of the certificates of who signs it, or of the document itself; `entities` how
    many were taken over by it. `by` is the command and whose account on the machine ran it, or the id that an
    operator who uploaded it has in the catalogue.
    """

    name: ClassVar[str] = "metadata:pinned"

    pins: tuple[str, ...]
    entities: int
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class UploadedEntity:
    """One entity of an upload, and what became of it: `new` or `changed`."""

    entity_id: str
    what: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MetadataUploaded(MetadataEvent):
    """An operator uploaded metadata at the cockpit, saw what it would change, and took it over.

    `sha256` is of the document; `entities` are those that are new or were changed. With `anew` they could
    take the place of what was believed by other pins, or came from elsewhere. `by` is the operator's id in
    the catalogue; no field says which person that is.
    """

    name: ClassVar[str] = "metadata:uploaded"

    sha256: str
    entities: tuple[UploadedEntity, ...]
    anew: bool
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MetadataRefreshed(MetadataEvent):
    """Metadata that was fetched again said something new, and was taken over.

    `added` and `changed` count entities. `foreign` are those that it named though they came from elsewhere:
    they stayed as they were. `missing` are those that it no longer names: they stay until their own end.
    """

    name: ClassVar[str] = "metadata:refreshed"

    added: int = 0
    changed: int = 0
    foreign: int = 0
    missing: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class MetadataRefused(MetadataEvent):
    """Metadata could not be fetched, or not be believed; what was known stays until its own end.

    `code` is the stable code of the refusal. Of what is fetched it is recorded when it begins and when the
    code changes; of what an operator uploads each time, with `why` it is refused and `by` whom it was
    uploaded, their id in the catalogue.
    """

    name: ClassVar[str] = "metadata:refused"

    code: str
    why: str = ""
    by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateExpiring(Event):
    """A certificate ends soon; recorded once for each of 90, 30 and 7 days, and when it has ended (0).

    `owner` is the partner's entity id, `own` for one of ours, or `believed` for an authority whose documents
    or cards we believe. `purpose` says what it is for (`signing`, `encryption`, `both`, `metadata` for who
    signs that, `mandates` for what our register of mandates signs with, `tls` for what we show to partners,
    `card-terminal` for what we show to cards, `travel-authority`, `licence-authority` or `card-authority` for
    what is believed); `fingerprint` is its SHA-256. It ends at `ends_at`, and was warned of at `days` before
    that.
    """

    name: ClassVar[str] = "certificate:expiring"

    owner: str
    purpose: str
    fingerprint: str
    ends_at: datetime
    days: int

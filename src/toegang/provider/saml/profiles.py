"""The four kinds of connection toward service providers, as one table (STSAML-4, LegacySAML-3, ETD-1.13).

A connection has the profile that the catalogue gives it. What differs between them is a value here, and no
other file asks by name which profile it has.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import timedelta
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from toegang.assurance import Scheme
from toegang.catalogue.values import Attribute
from toegang.saml import names
from toegang.saml.bindings.parameters import RELAY_LIMIT
from toegang.saml.encryption import DEPLOYED, PRESCRIBED, Methods
from toegang.saml.messages import Comparison
from toegang.saml.names import Binding

if TYPE_CHECKING:
    from collections.abc import Mapping


LONGEST_RELAY: Final = 2048
"""Bytes of the longest RelayState that any profile takes."""


class Naming(enum.Enum):
    """What the subject's NameID is."""

    SESSION = "session"  # another name at every login, the same as the session's index
    SECTOR = "sector"  # a sector's code and the number
    ASKED = "asked"  # transient or persistent, as the request asks


@dataclass(frozen=True, slots=True, kw_only=True)
class SubjectNames:
    """What the attributes that say who acts for whom are called, and the kinds of name in them.

    `pseudonym` is the qualifier of our own pseudonyms; empty means that the hub's own name qualifies
    them (SAMLCore-8.3.7).
    """

    acting: str
    legal: str
    service_uuid: str
    intermediate: str = ""
    service_id: str = ""
    representation: str = ""
    bsn: str = names.GDI_LEGACY_BSN
    kvk: str = names.ETD_KVK
    rsin: str = names.ETD_RSIN
    pseudonym: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """How one kind of connection is spoken with.

    requests             bindings that a request may come by
    answers              bindings that an answer may go by, the usual one first
    logout               bindings that a wish to log out may come by
    told                 the partner is told when others log out (STSAML-4.1: it only asks)
    mutual_tls           the back channel asks the partner's certificate
    comparisons          how a request may compare levels; empty when it may name none
    unsaid               what a comparison means that is not written
    scheme               whose names for levels are answered
    below_catalogue      a request may ask a lower level than the catalogue has (ETD-LoA)
    substantial_asked    substantial is told as such only where it is asked (LegacySAML-3)
    consumer_by_index    the return address is named by its index and in no other way
    service_named        the request says which service
    naming               what the NameID is
    subjects             the attributes with names in them; None when the NameID says it all
    attributes           what the attributes are called that a service is granted besides
    encryption           how names and assertions are encrypted
    encrypts_assertion   the whole assertion is encrypted for who has a key for that, as its metadata lists
    signs_response       the response is signed too, not only what is around it and in it
    relay_limit          bytes that a RelayState may have (80 by SAMLBind-3.4.3; plain deployments send more)
    """

    name: str
    requests: frozenset[Binding]
    answers: tuple[Binding, ...]
    logout: frozenset[Binding]
    told: bool = True
    mutual_tls: bool
    comparisons: frozenset[Comparison]
    unsaid: Comparison = Comparison.EXACT
    scheme: Scheme
    below_catalogue: bool = False
    substantial_asked: bool = False
    consumer_by_index: bool = False
    service_named: bool = False
    naming: Naming
    subjects: SubjectNames | None
    attributes: Mapping[Attribute, str]
    encryption: Methods
    encrypts_assertion: bool = False
    signs_response: bool = False
    relay_limit: int = RELAY_LIMIT


ARTIFACT_LIFETIME: Final = timedelta(minutes=5)
"""At most 15 minutes (STSAML-4.1); a server fetches what it was told of at once."""

CONFIRMED_FOR: Final = timedelta(minutes=2)
"""STSAML-4.1: from issue until the service must have used it."""

SKEW: Final = timedelta(seconds=60)
"""By how much clocks may differ."""

REQUEST_LIFETIME: Final = timedelta(minutes=5)
"""How old a request may be."""

REMEMBERED_FOR: Final = timedelta(hours=12)
"""How long a service can log out somebody whom it logged in."""

# What ETD-1.13 calls attributes; the scheme for access takes them over unchanged (STSAML-4.3).
_DUTCH: Final = MappingProxyType(
    {
        Attribute.GIVEN_NAMES: "urn:etoegang:1.9:attribute:FirstName",
        Attribute.FAMILY_NAME: "urn:etoegang:1.9:attribute:FamilyName",
        Attribute.BIRTH_DATE: "urn:etoegang:1.9:attribute:DateOfBirth",
        Attribute.AGE_OVER_18: "urn:etoegang:1.9:attribute:18OrOlder",
    }
)
# SAML-X500-2: attributes of directories by their object identifiers; the last has none.
_INTERNATIONAL: Final = MappingProxyType(
    {
        Attribute.GIVEN_NAMES: "urn:oid:2.5.4.42",
        Attribute.FAMILY_NAME: "urn:oid:2.5.4.4",
        Attribute.BIRTH_DATE: "urn:oid:1.3.6.1.5.5.7.9.1",
        Attribute.AGE_OVER_18: "urn:etoegang:1.9:attribute:18OrOlder",
    }
)

_FRONT: Final = frozenset({Binding.POST, Binding.REDIRECT})

ST_SAML: Final = Profile(
    name="st-saml",
    requests=frozenset({Binding.POST}),
    answers=(Binding.ARTIFACT,),
    logout=frozenset({Binding.POST}),
    told=False,
    mutual_tls=True,
    comparisons=frozenset(),
    scheme=Scheme.EIDAS,
    consumer_by_index=True,
    service_named=True,
    naming=Naming.SESSION,
    subjects=SubjectNames(
        acting=names.GDI_ACTING_SUBJECT,
        legal=names.GDI_LEGAL_SUBJECT,
        service_uuid=names.GDI_SERVICE_UUID,
        # The scheme for access has no name of its own, and passes those of the business scheme on unchanged.
        intermediate=names.ETD_INTERMEDIATE_SUBJECT,
        representation=names.GDI_REPRESENTATION_TYPE,
    ),
    attributes=_DUTCH,
    encryption=PRESCRIBED,
)
DIGID_3: Final = Profile(
    name="digid3",
    requests=_FRONT,
    answers=(Binding.ARTIFACT,),
    logout=frozenset({Binding.REDIRECT, Binding.SOAP}),
    mutual_tls=True,
    comparisons=frozenset({Comparison.MINIMUM}),
    unsaid=Comparison.MINIMUM,
    scheme=Scheme.CLASSES,
    substantial_asked=True,
    naming=Naming.SECTOR,
    subjects=None,
    attributes=_DUTCH,
    encryption=PRESCRIBED,
)
ETD: Final = Profile(
    name="etd",
    requests=_FRONT,
    answers=(Binding.ARTIFACT, Binding.POST),
    logout=_FRONT,
    mutual_tls=True,
    comparisons=frozenset({Comparison.MINIMUM, Comparison.EXACT}),
    unsaid=Comparison.MINIMUM,
    scheme=Scheme.ETD,
    below_catalogue=True,
    naming=Naming.SESSION,
    subjects=SubjectNames(
        acting=names.ETD_ACTING_SUBJECT,
        legal=names.ETD_LEGAL_SUBJECT,
        service_uuid=names.ETD_SERVICE_UUID,
        intermediate=names.ETD_INTERMEDIATE_SUBJECT,
        service_id=names.ETD_SERVICE_ID,
        pseudonym=names.ETD_PSEUDONYM,
    ),
    attributes=_DUTCH,
    encryption=PRESCRIBED,
)
SAML2INT: Final = Profile(
    name="saml2int",
    requests=_FRONT,
    answers=(Binding.POST, Binding.ARTIFACT),
    logout=frozenset({*_FRONT, Binding.SOAP}),
    mutual_tls=False,
    comparisons=frozenset({Comparison.EXACT, Comparison.MINIMUM}),
    scheme=Scheme.EIDAS,
    naming=Naming.ASKED,
    subjects=None,
    attributes=_INTERNATIONAL,
    encryption=DEPLOYED,
    encrypts_assertion=True,
    signs_response=True,
    relay_limit=LONGEST_RELAY,
)

PROFILES: Final[Mapping[str, Profile]] = MappingProxyType(
    {each.name: each for each in (ST_SAML, DIGID_3, ETD, SAML2INT)}
)

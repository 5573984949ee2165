"""The names that SAML and the Dutch schemes give to things, each written once."""

from __future__ import annotations

import enum
from typing import Final

# Namespaces (SAMLCore-1.1, SAMLMeta-2.1, XMLDSIG-1.3, XMLENC-1.3, SOAP-4).
SAML: Final = "urn:oasis:names:tc:SAML:2.0:assertion"
SAMLP: Final = "urn:oasis:names:tc:SAML:2.0:protocol"
MD: Final = "urn:oasis:names:tc:SAML:2.0:metadata"
MDATTR: Final = "urn:oasis:names:tc:SAML:metadata:attribute"
DS: Final = "http://www.w3.org/2000/09/xmldsig#"
XENC: Final = "http://www.w3.org/2001/04/xmlenc#"
XENC11: Final = "http://www.w3.org/2009/xmlenc11#"
SOAP: Final = "http://schemas.xmlsoap.org/soap/envelope/"
XS: Final = "http://www.w3.org/2001/XMLSchema"
XSI: Final = "http://www.w3.org/2001/XMLSchema-instance"

PREFIXES: Final = {"saml": SAML, "samlp": SAMLP, "md": MD, "ds": DS, "xenc": XENC, "xs": XS, "xsi": XSI}


class Binding(enum.StrEnum):
    """How a message travels (SAMLBind-3)."""

    REDIRECT = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect"
    POST = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST"
    ARTIFACT = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Artifact"
    SOAP = "urn:oasis:names:tc:SAML:2.0:bindings:SOAP"


class NameFormat(enum.StrEnum):
    """What kind of name a NameID holds (SAMLCore-8.3)."""

    UNSPECIFIED = "urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified"
    PERSISTENT = "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent"
    TRANSIENT = "urn:oasis:names:tc:SAML:2.0:nameid-format:transient"
    ENTITY = "urn:oasis:names:tc:SAML:2.0:nameid-format:entity"


URI_NAMES: Final = "urn:oasis:names:tc:SAML:2.0:attrname-format:uri"
BASIC_NAMES: Final = "urn:oasis:names:tc:SAML:2.0:attrname-format:basic"
BEARER: Final = "urn:oasis:names:tc:SAML:2.0:cm:bearer"
UNSPECIFIED_CONTEXT: Final = "urn:oasis:names:tc:SAML:2.0:ac:classes:unspecified"

# Status codes (SAMLCore-3.2.2.2).
_STATUS = "urn:oasis:names:tc:SAML:2.0:status:"
SUCCESS: Final = _STATUS + "Success"
REQUESTER: Final = _STATUS + "Requester"
RESPONDER: Final = _STATUS + "Responder"
VERSION_MISMATCH: Final = _STATUS + "VersionMismatch"
AUTHN_FAILED: Final = _STATUS + "AuthnFailed"
INVALID_NAME_ID_POLICY: Final = _STATUS + "InvalidNameIDPolicy"
NO_AUTHN_CONTEXT: Final = _STATUS + "NoAuthnContext"
NO_AVAILABLE_IDP: Final = _STATUS + "NoAvailableIDP"
NO_PASSIVE: Final = _STATUS + "NoPassive"
NO_SUPPORTED_IDP: Final = _STATUS + "NoSupportedIDP"
PARTIAL_LOGOUT: Final = _STATUS + "PartialLogout"
PROXY_COUNT_EXCEEDED: Final = _STATUS + "ProxyCountExceeded"
REQUEST_DENIED: Final = _STATUS + "RequestDenied"
REQUEST_UNSUPPORTED: Final = _STATUS + "RequestUnsupported"
UNKNOWN_PRINCIPAL: Final = _STATUS + "UnknownPrincipal"
UNSUPPORTED_BINDING: Final = _STATUS + "UnsupportedBinding"

# The scheme for access (STSAML-4).
GDI_INTENDED_AUDIENCE: Final = "urn:nl-eid-gdi:1.0:IntendedAudience"
GDI_SERVICE_UUID: Final = "urn:nl-eid-gdi:1.0:ServiceUUID"
GDI_ACTING_SUBJECT: Final = "urn:nl-eid-gdi:1.0:ActingSubjectID"
GDI_LEGAL_SUBJECT: Final = "urn:nl-eid-gdi:1.0:LegalSubjectID"
GDI_REPRESENTATION_TYPE: Final = "urn:nl-eid-gdi:1.1:RepresentationType"
GDI_IDP_ASSERTION: Final = "urn:nl-eid-gdi:1.0:IdpAssertion"
GDI_LEGACY_BSN: Final = "urn:nl-eid-gdi:1.0:id:legacy-BSN"
GDI_POLYMORPHIC_BSN: Final = "urn:nl-eid-gdi:1.0:id:BSN"
GDI_POLYMORPHIC_PSEUDONYM: Final = "urn:nl-eid-gdi:1.0:id:Pseudonym"

# What our own register of mandates declares besides.
AUTHZEN: Final = "https://openid.net/specs/authorization-api-1_0.html"
"""The binding by which our register of mandates is asked what it decides."""
DECLARED_BASIS: Final = "urn:toegang:representation:basis"
DECLARED_BESIDE: Final = "urn:toegang:representation:beside"
DECLARED_LEVEL: Final = "urn:toegang:representation:level"
DECLARED_STATEMENT: Final = "urn:toegang:representation:statement"

# The business scheme (ETD-1.13).
ETD_ACTING_SUBJECT: Final = "urn:etoegang:core:ActingSubjectID"
ETD_LEGAL_SUBJECT: Final = "urn:etoegang:core:LegalSubjectID"
ETD_INTERMEDIATE_SUBJECT: Final = "urn:etoegang:core:IntermediateSubjectID"
ETD_SERVICE_ID: Final = "urn:etoegang:core:ServiceID"
ETD_SERVICE_UUID: Final = "urn:etoegang:core:ServiceUUID"
ETD_KVK: Final = "urn:etoegang:1.9:EntityConcernedID:KvKnr"
ETD_RSIN: Final = "urn:etoegang:1.9:EntityConcernedID:RSIN"
ETD_PSEUDONYM: Final = "urn:etoegang:1.9:EntityConcernedID:Pseudo"
ETD_POLYMORPHIC_BSN: Final = "urn:etoegang:1.12:EntityConcernedID:BSN"
ETD_POLYMORPHIC_PSEUDONYM: Final = "urn:etoegang:1.12:EntityConcernedID:PseudoID"

# Plain deployments (SAML-SubjectID-2.3): one identifier everywhere, or another at each service.
SUBJECT_ID: Final = "urn:oasis:names:tc:SAML:attribute:subject-id"
PAIRWISE_ID: Final = "urn:oasis:names:tc:SAML:attribute:pairwise-id"
CERTIFICATION: Final = "urn:oasis:names:tc:SAML:attribute:assurance-certification"

# The older citizen connections: a sector's code before the number (LegacySAML-3).
SECTOR_BSN: Final = "s00000000"

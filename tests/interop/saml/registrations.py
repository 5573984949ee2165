"""How the SAML service providers stand in the hub's catalogue."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml
from lxml import etree

from tests.interop.saml.service_providers import COMPANY_LEVEL, COMPANY_SERVICE, OIN

BASIC_SERVICE = "019a0000-0000-7000-8000-0000000000f6"
LOW_SERVICE = "019a0000-0000-7000-8000-0000000000f7"
BSN_SERVICE = "019a0000-0000-7000-8000-0000000000f8"
PLAIN_SERVICE = "019a0000-0000-7000-8000-0000000000fa"
MEMBER_SERVICE = "019a0000-0000-7000-8000-0000000000f9"
BASIC, LOW = "http://eid.logius.nl/LoA/basic", "http://eidas.europa.eu/LoA/low"
PROVINCE, PRACTICE, SUPPLIER = "provincie-de-toets", "huisarts-de-toets", "softwarehuis-de-keten"


def write_registrations(path: Path, told: Mapping[str, bytes]) -> None:
    """Write catalogue entries for connections with these ids; `told` is the metadata of each."""
    entities = {id_: str(etree.fromstring(octets).get("entityID")) for id_, octets in told.items()}
    province = _organisation(PROVINCE, "Provincie De Toets", "De Toets Province", "province", OIN) | {
        "kind": "public",
        "services": [
            _service(BASIC_SERVICE, "Vergunning bekijken", "See a permit", "basic"),
            _service(LOW_SERVICE, "Subsidie aanvragen", "Apply for a subsidy", "low"),
            _service(BSN_SERVICE, "Bezwaar maken", "Object to a decision", "low") | {"identity": "bsn"},
            _service(COMPANY_SERVICE, "Bouwen", "Build", "substantial")
            | {"identity": "rsin", "attributes": []},
            # Nobody needs to be known here: any account will do.
            _service(PLAIN_SERVICE, "Meepraten", "Join in", "low") | {"attributes": []},
        ],
        "connections": [_connection(id_, name) for id_, name in entities.items() if id_ not in CLUSTER],
    }
    practice = _organisation(PRACTICE, "Huisarts De Toets", "De Toets Practice", "health", _oin(11)) | {
        "kind": "private",
        "services": [_service(MEMBER_SERVICE, "Herhaalrecept vragen", "Ask a prescription", "basic")],
    }
    supplier = _organisation(SUPPLIER, "Softwarehuis De Keten", "De Keten Ltd", "software", _oin(12)) | {
        "kind": "private",
        "supplier": True,
        "connections": [_cluster(entities[CLUSTER_MEMBER])] if CLUSTER_MEMBER in entities else [],
    }
    organisations = [province, practice, supplier]
    path.write_text(yaml.safe_dump({"organisations": organisations}, sort_keys=False), encoding="utf-8")


CLUSTER_MEMBER = "mellon"
CLUSTER = frozenset({CLUSTER_MEMBER})
SERVICES: Mapping[str, str] = {
    "django-digid": BSN_SERVICE,
    "django-eherkenning": COMPANY_SERVICE,
    "insurer": PLAIN_SERVICE,
    "python3-saml": LOW_SERVICE,
}
LEVELS: Mapping[str, str] = defaultdict(lambda: BASIC, {"insurer": LOW, "python3-saml": LOW})
ORGANISATIONS: Mapping[str, str] = defaultdict(lambda: PROVINCE, {CLUSTER_MEMBER: PRACTICE})
PROFILES: Mapping[str, dict[str, Any]] = {
    "django-digid": {
        "profile": "digid3",
        "profile_reason": "django-digid-eherkenning 0.24 speaks DigiD's older interface.",
        "single_logout": True,
    },
    "django-eherkenning": {"profile": "etd"},
}


def _organisation(id_: str, nl: str, en: str, sector: str, oin: str) -> dict[str, Any]:
    return {"id": id_, "names": _text(nl, en), "sector": sector, "oin": oin}


def _oin(number: int) -> str:
    return f"000000099999999900{number}"


def _service(id_: str, nl: str, en: str, level: str) -> dict[str, Any]:
    purpose = _text("Om u bij uw naam te noemen.", "To call you by your name.")
    return {
        "id": id_,
        "names": _text(nl, en),
        "descriptions": _text(nl, en),
        "level": level,
        "attributes": [{"attribute": "family_name", "purpose": purpose}],
        # The hub keeps a session only where it may be used again; that is what people log out of there.
        "single_sign_on": {"allowed": True, "max_age": 900},
    }


def _connection(id_: str, entity_id: str) -> dict[str, Any]:
    return {
        "id": id_,
        "names": _text(id_, id_),
        "entity_id": entity_id,
        "profile": "saml2int",
        "services": [SERVICES.get(id_, BASIC_SERVICE)],
        "single_logout": True,
    } | PROFILES.get(id_, {})


def _cluster(member: str) -> dict[str, Any]:
    """One technical connection, whose member asks by its own name and with its own key."""
    return {
        "id": "de-keten",
        "names": _text("De Keten", "De Keten"),
        "entity_id": "https://keten.example/cluster",
        "profile": "saml2int",
        "services": [MEMBER_SERVICE],
        "members": [{"organisation": PRACTICE, "entity_id": member}],
        "single_logout": True,
    }


def _text(nl: str, en: str) -> dict[str, str]:
    return {"nl": nl, "en": en}


BANK, CAMPUS, BROKER = "bankmiddel", "campuspas", "herkenning"
BANK_LEVEL = "https://bank.example/assurance/2"
CAMPUS_LEVEL = "https://campus.example/assurance/two-factors"


def write_means(path: Path, bank: Mapping[str, str], campus: str, broker: str) -> None:
    """Write catalogue entries for means: settings of the bank, entity ids of those that speak SAML."""
    organisations = [
        _organisation(f"{id_}-bv", f"{id_} BV", f"{id_} Ltd", "means", _oin(number)) | {"kind": "private"}
        for number, id_ in enumerate((BANK, CAMPUS, BROKER), start=13)
    ]
    means = [
        _means(BANK, "oidc", "Bankmiddel", "low", bank, BANK_LEVEL),
        _means(
            CAMPUS, "saml", "Campuspas", "low", {"entity_id": campus, "request_by": "redirect"}, CAMPUS_LEVEL
        ),
        _means(
            BROKER, "saml", "Herkenning", "substantial", {"entity_id": broker, "speaks": "etd"}, COMPANY_LEVEL
        )
        | {"gives_organisation": True},
    ]
    document = {"organisations": organisations, "means": means}
    path.write_text(yaml.safe_dump(document, sort_keys=False), encoding="utf-8")


def _means(
    id_: str, kind: str, name: str, level: str, settings: Mapping[str, str], called: str
) -> dict[str, Any]:
    return {
        "id": id_,
        "kind": kind,
        "organisation": f"{id_}-bv",
        "names": _text(name, name),
        "ceiling": level,
        "levels": [{"name": called, "level": level}],
        "settings": dict(settings),
    }

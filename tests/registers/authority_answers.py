"""Answers of the registers of courts, estates and organisations as they should be, to bend in tests."""

from __future__ import annotations

from typing import Any

PERSON = "999990019"
OTHER = "999990032"
THIRD = "999990056"
KVK = "90000013"
OTHER_KVK = "90000025"

MEASURE: dict[str, Any] = {
    "number": "2024-EB-017",
    "about": PERSON,
    "kind": "bewind",
    "spheres": ["property"],
    "whole": True,
    "pronounced": "2024-03-01",
    "since": "2024-03-02",
    "until": None,
    "needed": None,
    "representatives": [{"party": {"kvk": KVK}, "since": "2024-03-02", "until": None}],
    "recordedAt": "2024-03-05T10:00:00+01:00",
}

ESTATE: dict[str, Any] = {
    "deceased": PERSON,
    "diedOn": "2026-05-04",
    "will": "made",
    "kin": [
        {"party": {"bsn": OTHER}, "kinship": "child", "choice": "accepted"},
        {
            "party": {"bsn": THIRD},
            "kinship": "descendant",
            "choice": "open",
            "inPlaceOf": {"bsn": "999990081"},
        },
    ],
    "executors": [{"party": {"kvk": KVK}, "since": "2026-06-01"}],
    "executorsNeeded": 1,
    "certificate": {"number": "N-1", "issued": "2026-06-20", "heirs": [{"bsn": OTHER}]},
    "authorised": [{"party": {"bsn": OTHER}, "services": ["tax"], "since": "2026-07-01", "number": "A-1"}],
}

ORGANISATION: dict[str, Any] = {
    "kvk": KVK,
    "rsin": "900000004",
    "name": "Voorbeeld B.V.",
    "form": "private-company",
    "registeredOn": "2019-01-07",
    "standing": "active",
    "standingSince": "2019-01-07",
    "officials": [
        {
            "party": {"bsn": PERSON},
            "role": "director",
            "representing": "together",
            "since": "2019-01-07",
            "needed": 2,
        },
        {"party": {"kvk": OTHER_KVK}, "role": "director", "representing": "alone", "since": "2020-01-01"},
    ],
    "proxies": [
        {
            "party": {"bsn": OTHER},
            "full": True,
            "since": "2021-01-01",
            "most": 5_000_00,
            "branch": "000000000001",
        }
    ],
    "branches": [{"number": "000000000001", "name": "Hoofdkantoor", "main": True}],
}

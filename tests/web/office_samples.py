"""Values for the pages of officers and of the help desk, and what is wrong on those of the cockpit."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from tests.web.mandate_samples import ANOTHER, AT, EDGE, PROVIDER, SERVICE, SERVICES
from toegang.assurance import Level
from toegang.catalogue.values import Role
from toegang.mandates.office import Cause
from toegang.mandates.proposing import BY_TWO
from toegang.mandates.why import Why
from toegang.web.forms import Form

NAME = "vC0bB1J0Yc5dXy7n2cW1o4yJxE9qf3Zk8mVhTgS6aUs"
PROPOSAL: Mapping[str, Any] = {
    "name": "K7QM-4TXB-29PR",
    "act": "void",
    "cause": "court",
    "decision": "C/13/2027.41",
    "by": "S. van der Wolkenbreuk-Hottentottententententoonstelling",
    "at": AT,
    "until": AT + timedelta(days=7),
    "mine": False,
    "late": False,
    "gone": False,
}

OFFICE_SAMPLES: Mapping[str, Mapping[str, object]] = {
    "cockpit/not_operator": {"own_name": NAME, "role": Role.MANDATE_OFFICER.value},
    "cockpit/mandates": {
        "waiting": [
            {**PROPOSAL, "edge": EDGE},
            {**PROPOSAL, "edge": ANOTHER, "mine": True},
            {**PROPOSAL, "edge": ANOTHER, "by": "", "gone": True},
            {**PROPOSAL, "edge": ANOTHER, "late": True},
        ],
        "more": True,
    },
    "cockpit/mandate": {
        "id": EDGE,
        "version": "3",
        "state": "active",
        "since": AT,
        "over": False,
        "kind": "voluntary",
        "source": "assisted",
        "begins": AT,
        "ends": AT,
        "worth": Level.SUBSTANTIAL,
        "services": SERVICES,
        "uses": [
            {"at": AT, "names": SERVICE, "statement": ANOTHER},
            {"at": AT, "names": None, "statement": EDGE},
        ],
        "more_uses": True,
        "proposal": PROPOSAL,
        "orders": ["suspend"],
        "by_two": [each.value for each in BY_TWO],
        "causes": [each.value for each in Cause],
    },
    "cockpit/explain": {
        "found": [
            {"id": EDGE, "names": SERVICE, "owner": PROVIDER},
            {"id": ANOTHER, "names": SERVICE, "owner": None},
        ],
        "levels": [int(each) for each in Level],
    },
    "cockpit/explained": {
        "service": SERVICE,
        "level": Level.LOW,
        "answer": "refused",
        "worth": None,
        "until": None,
        "other_rules": AT,
        "whys": [Why.LEVEL_TOO_LOW.value, Why.REGISTER_SILENT.value],
        "paths": [
            {
                "links": [
                    {"basis": "employee", "edge": EDGE, "worth": Level.LOW, "until": AT},
                    {"basis": "curatele", "edge": "", "worth": Level.HIGH, "until": None},
                ],
                "why": Why.LEVEL_TOO_LOW.value,
            },
            {"links": [{"basis": "desk", "edge": EDGE, "worth": Level.LOW, "until": AT}], "why": ""},
        ],
    },
}

OFFICE_ERRORS: Mapping[str, Form] = {
    "cockpit/metadata": Form(
        csrf="c",
        values={"signer": "-----BEGIN", "sha256": "5d:0c", "organisation": "niemand", "anew": "yes"},
        errors={
            "metadata": ("file-missing",),
            "signer": ("certificate-invalid",),
            "sha256": ("sha256-invalid",),
            "organisation": ("organisation-unknown",),
        },
    ),
    "cockpit/mandates": Form(
        csrf="c", values={"office_reference": "x"}, errors={"office_reference": ("office-unknown",)}
    ),
    "cockpit/mandate": Form(
        csrf="c",
        values={"office_order": "suspend", "office_decision": "her son"},
        errors={"office_cause": ("choose-one",), "office_decision": ("office-ground",)},
    ),
    "cockpit/explain": Form(
        csrf="c",
        values={"explain_actor": "12", "explain_words": "zorg"},
        errors={"explain_actor": ("bsn-invalid",), "explain_service": ("choose-one",)},
    ),
}

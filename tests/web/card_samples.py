"""Values for the pages of logging in with a card, and of the cards in My account."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime

from tests.web.app_samples import READ
from toegang.assurance import Level
from toegang.catalogue.values import Text

AT = datetime(2027, 3, 1, 12, 0, tzinfo=UTC)
WAY = READ | {"level": Level.HIGH, "state": "/means/card/1/state", "advice": "card-blocked"}
CARDS = [
    {
        "id": f"{at:064x}",
        "kind": kind,
        "ending": ending,
        "status": status,
        "until": date(2031, 6, 25) if ending else None,
        "used_at": AT if status == "active" else None,
        "may_stop": status in {"active", "issued", "unknown"},
        "pin": status in {"active", "issued", "stopped"},
        "ready": status in {"issued", "stopped"},
    }
    for at, (kind, ending, status) in enumerate(
        (
            ("identity-card", "027", "active"),
            ("driving-licence", "111", "stopped"),
            ("driving-licence", "112", "blocked"),
            ("identity-card", "028", "issued"),
            ("identity-card", "029", "reported"),
            ("identity-card", "", "unknown"),
        )
    )
]
CARD_SAMPLES: Mapping[str, Mapping[str, object]] = {
    "card/start": WAY,
    "card/code": WAY | {"stage": "waiting"},
    "card/busy": WAY | {"stage": "taken"},
    "card/accepted": WAY | {"stage": "accepted"},
    "card/refused": WAY | {"stage": "refused"},
    "account/cards": {"cards": CARDS, "may_ready": True, "may_pin": True},
    "account/card_new": {},
    "account/card_ready": {},
    "account/card_pin": {"cards": CARDS[:2], "asked": False},
}
ROLLOUT = [
    {"name": Text(nl="Identiteitskaart", en="Identity card"), "numbers": (1_200_000, 340_000, 98_760)},
    {"name": Text(nl="Rijbewijs", en="Driving licence"), "numbers": (10, 0, 0)},
]

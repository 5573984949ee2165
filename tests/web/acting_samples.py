"""Values for the pages on which a person says for whom they log in."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

from toegang.assurance import Level
from toegang.catalogue.representation import EdgeKind
from toegang.catalogue.values import Text
from toegang.mandates.legal.authority import Basis
from toegang.mandates.names import Shown
from toegang.mandates.party import PartyKind
from toegang.web.forms import Form

LAST_DAY = datetime(2031, 12, 31, 22, 59, 59, tzinfo=UTC)
CHILD = Shown(kind=PartyKind.PERSON, name="Mies-Anne van der Voorbeeld-Zonneschijn")
FIRM = Shown(
    kind=PartyKind.ORGANISATION, name="Administratiekantoor Arbeidsongeschiktheidsverzekeringsadviseurs"
)
NAMELESS = Shown(kind=PartyKind.ORGANISATION)

CHOICES = [
    {"id": f"sealed-{number}", "name": name, "basis": basis, "via": via, "last_day": last_day}
    for number, (name, basis, via, last_day) in enumerate(
        [
            *((CHILD, basis, None, None) for basis in Basis),
            *((CHILD, kind, FIRM, LAST_DAY) for kind in EdgeKind),
            (NAMELESS, EdgeKind.EMPLOYEE, None, LAST_DAY),
        ]
    )
]
_WAY: Mapping[str, object] = {
    "service": Text(nl="Parkeervergunning aanvragen", en="Apply for a parking permit"),
    "provider": Text(nl="Gemeente Zandvoort aan de Zee", en="Municipality of Zandvoort aan de Zee"),
    "level": Level.LOW,
}
_PURPOSE = Text(nl="om te zien of u een vergunning mag hebben", en="to see if you may have a permit")
CONFIRMING: Mapping[str, object] = {
    **_WAY,
    "means": Text(nl="Gebruikersnaam en wachtwoord", en="User name and password"),
    "shared": [
        {"attribute": "bsn", "purpose": None},
        {"attribute": "pseudonym", "purpose": None},
        {"attribute": "birth_date", "purpose": _PURPOSE},
    ],
    "for_whom": CHILD,
    "seen": "sealed",
    "may_choose": True,
}
CHOOSING: Mapping[str, object] = {
    **_WAY,
    "offered": CHOICES,
    "more": "?after=sealed",
    "more_names": "sealed",
    "named": False,
    "suggested_at": "/login/x/names",
    "further": False,
    "takes": None,
    "can_climb": False,
    "can_change_means": True,
    "only_another": False,
    "for_organisation": False,
    "lost": True,
}
ACTING_SAMPLES: Mapping[str, Mapping[str, object]] = {
    "login/choose_represented": CHOOSING,
    "login/confirm": CONFIRMING,
}
ACTING_ERRORS: Mapping[str, Form] = {
    "login/choose_represented": Form(csrf="c", errors={"number_for": ("nobody-to-act-for",)})
}

"""Why a register's facts give authority, give none, or leave it undetermined: each rule with its ground.

The names stand in the reasons of an authority and in what a derivation says beside it, for whoever must
explain a decision. They are stable; docs/authority.md tells them in words.
"""

from __future__ import annotations

import enum
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping


class Rule(enum.StrEnum):
    """What was decided on, for measures by a court, estates and organisations."""

    # Of every register.
    SOURCE_SILENT = "source-silent"
    SOURCE_DISPUTES = "source-disputes"
    # Measures by a court.
    COURT_APPOINTED = "court-appointed"
    COURT_EACH_ALONE = "court-each-alone"
    COURT_JOINTLY = "court-jointly"
    COURT_REPLACED = "court-replaced"
    COURT_CURATELE_TAKES_OVER = "court-curatele-takes-over"
    COURT_PROVISIONAL_ENDED = "court-provisional-ended"
    COURT_SUCCESSOR_ENDED = "court-successor-ended"
    COURT_CONCURRENT = "court-concurrent"
    COURT_PART_OF_GOODS = "court-part-of-goods"
    COURT_NOBODY_APPOINTED = "court-nobody-appointed"
    COURT_QUORUM_GONE = "court-quorum-gone"
    COURT_ENDED_BY_DEATH = "court-ended-by-death"
    # Estates.
    ESTATE_NOT_OPEN = "estate-not-open"
    ESTATE_SETTLED = "estate-settled"
    ESTATE_LIQUIDATOR = "estate-liquidator"
    ESTATE_EXECUTOR = "estate-executor"
    ESTATE_EXECUTOR_WITHOUT_WILL = "estate-executor-without-will"
    ESTATE_EXECUTOR_UNPROVEN = "estate-executor-unproven"
    ESTATE_EXECUTORS_GONE = "estate-executors-gone"
    ESTATE_CERTIFICATE = "estate-certificate"
    ESTATE_HEIR_UNKNOWN = "estate-heir-unknown"
    ESTATE_HEIR_GONE = "estate-heir-gone"
    ESTATE_WILL_WITHOUT_CERTIFICATE = "estate-will-without-certificate"
    ESTATE_WILL_UNKNOWN = "estate-will-unknown"
    ESTATE_KIN = "estate-kin"
    ESTATE_PLACE_UNCLEAR = "estate-place-unclear"
    ESTATE_NO_KIN = "estate-no-kin"
    ESTATE_DIVIDED_BY_LAW = "estate-divided-by-law"
    ESTATE_HEIRS_TOGETHER = "estate-heirs-together"
    ESTATE_AUTHORISED = "estate-authorised"
    ESTATE_AUTHORISED_STRANGER = "estate-authorised-stranger"
    ESTATE_AUTHORISED_EXCLUDED = "estate-authorised-excluded"
    ESTATE_ONE_PARTY = "estate-one-party"
    # Organisations.
    ORGANISATION_UNREGISTERED = "organisation-unregistered"
    ORGANISATION_DISSOLVED = "organisation-dissolved"
    ORGANISATION_INSOLVENT = "organisation-insolvent"
    ORGANISATION_MERGED = "organisation-merged"
    ORGANISATION_MORATORIUM = "organisation-moratorium"
    ORGANISATION_OWN_STATUTE = "organisation-own-statute"
    ORGANISATION_ROLE_UNFIT = "organisation-role-unfit"
    ORGANISATION_LISTED_TWICE = "organisation-listed-twice"
    ORGANISATION_ALONE = "organisation-alone"
    ORGANISATION_LIMITED = "organisation-limited"
    ORGANISATION_TOGETHER = "organisation-together"
    ORGANISATION_THROUGH_HOLDING = "organisation-through-holding"
    ORGANISATION_QUORUM_GONE = "organisation-quorum-gone"
    ORGANISATION_NOT_REPRESENTING = "organisation-not-representing"
    ORGANISATION_PROXY = "organisation-proxy"
    ORGANISATION_PROXY_DESCRIBED = "organisation-proxy-described"


R = Rule
GROUNDS: Final[Mapping[Rule, str]] = MappingProxyType(
    {
        R.SOURCE_SILENT: "who does not answer proves nothing",
        R.SOURCE_DISPUTES: "the register itself looks into it",
        R.COURT_APPOINTED: "BW-1:383, BW-1:435, BW-1:452",
        R.COURT_EACH_ALONE: "BW-1:383, BW-1:437, BW-1:452",
        R.COURT_JOINTLY: "BW-1:383, BW-1:437, BW-1:452",
        R.COURT_REPLACED: "a later order that names the earlier one",
        R.COURT_CURATELE_TAKES_OVER: "BW-1:449, BW-1:462",
        R.COURT_PROVISIONAL_ENDED: "BW-1:380",
        R.COURT_SUCCESSOR_ENDED: "whether the earlier order revives is for the court to say",
        R.COURT_CONCURRENT: "the law gives no order of precedence",
        R.COURT_PART_OF_GOODS: "BW-1:431: which goods a service is about is not known here",
        R.COURT_NOBODY_APPOINTED: "BW-1:435",
        R.COURT_QUORUM_GONE: "the court said that they act together",
        R.COURT_ENDED_BY_DEATH: "BW-1:449, BW-1:462",
        R.ESTATE_NOT_OPEN: "an estate begins with the death",
        R.ESTATE_SETTLED: "BW-3:178: what is divided is no estate",
        R.ESTATE_LIQUIDATOR: "BW-4:211",
        R.ESTATE_EXECUTOR: "BW-4:142, BW-4:145",
        R.ESTATE_EXECUTOR_WITHOUT_WILL: "BW-4:142",
        R.ESTATE_EXECUTOR_UNPROVEN: "BW-4:188",
        R.ESTATE_EXECUTORS_GONE: "BW-4:142, BW-4:149",
        R.ESTATE_CERTIFICATE: "BW-4:188",
        R.ESTATE_HEIR_UNKNOWN: "a certificate and a register that do not agree",
        R.ESTATE_HEIR_GONE: "an heir died or rejected: who follows is not in this register",
        R.ESTATE_WILL_WITHOUT_CERTIFICATE: "BW-4:188: a will is read by a notary",
        R.ESTATE_WILL_UNKNOWN: "BW-4:1",
        R.ESTATE_KIN: "BW-4:10",
        R.ESTATE_PLACE_UNCLEAR: "BW-4:12",
        R.ESTATE_NO_KIN: "BW-4:189",
        R.ESTATE_DIVIDED_BY_LAW: "BW-4:13",
        R.ESTATE_HEIRS_TOGETHER: "BW-3:170",
        R.ESTATE_AUTHORISED: "BW-3:60",
        R.ESTATE_AUTHORISED_STRANGER: "BW-3:60: only who inherits can be authorised, or an organisation",
        R.ESTATE_AUTHORISED_EXCLUDED: "BW-4:145, BW-4:211",
        R.ESTATE_ONE_PARTY: "the policy of the service",
        R.ORGANISATION_UNREGISTERED: "HRW-25",
        R.ORGANISATION_DISSOLVED: "BW-2:19, BW-2:23a",
        R.ORGANISATION_INSOLVENT: "Fw-23, Fw-68",
        R.ORGANISATION_MERGED: "BW-2:311",
        R.ORGANISATION_MORATORIUM: "Fw-228",
        R.ORGANISATION_OWN_STATUTE: "BW-2:1, BW-2:2: its own law says who acts",
        R.ORGANISATION_ROLE_UNFIT: "its form does not know the role",
        R.ORGANISATION_LISTED_TWICE: "two registrations of one party that do not agree",
        R.ORGANISATION_ALONE: "BW-2:45, BW-2:130, BW-2:240, BW-2:292",
        R.ORGANISATION_LIMITED: "HRW-25",
        R.ORGANISATION_TOGETHER: "BW-2:45, BW-2:130, BW-2:240, BW-2:292",
        R.ORGANISATION_THROUGH_HOLDING: "BW-2:240: an organisation acts by its own directors",
        R.ORGANISATION_QUORUM_GONE: "the statutes say what happens then",
        R.ORGANISATION_NOT_REPRESENTING: "registered without the power to represent",
        R.ORGANISATION_PROXY: "BW-3:60, HRW-25",
        R.ORGANISATION_PROXY_DESCRIBED: "BW-3:60: the described part is text",
    }
)
"""The ground of each rule: an article of law, or the reason where the law leaves it open."""

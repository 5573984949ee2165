"""Rules of campaigns: what they must hold to, so that an invitation helps and never misleads."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from toegang.assurance import Step
from toegang.catalogue.campaign import Campaign
from toegang.catalogue.rules import Finding, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from toegang.catalogue.rules import World
    from toegang.catalogue.values import Record

LONGEST_TITLE, LONGEST_TEXT = 80, 600
_ADDRESS = re.compile(
    r"[a-z][a-z0-9+.-]*:/|www\.|[\w.+-]+@[\w-]+\.|\b[\w-]+\.(?:nl|com|org|net|eu|info|app)\b", re.IGNORECASE
)
_DIRECTIONS = {"RLO", "LRO", "RLE", "LRE", "PDF", "RLI", "LRI", "FSI", "PDI"}


def campaign_leads_up(record: Record, _: World) -> Iterator[Finding]:
    """Demand that a campaign is for somebody, and that its step is above where they stand."""
    if not isinstance(record, Campaign):
        return
    if not record.steps:
        yield Finding(field="steps", what="the campaign is for nobody", remedy="name at least one step")
    for step in record.steps:
        if step.reaches(record.leads_to):
            yield Finding(
                field="leads_to",
                what=f"`{record.leads_to.value}` is no step up from `{step.value}`",
                remedy="name a higher step, or leave that one out of `steps`",
            )
    if record.leads_to is Step.PASSWORD:
        yield Finding(field="leads_to", what="nobody is invited to a password", remedy="name another step")


def campaign_text_is_plain(record: Record, _: World) -> Iterator[Finding]:
    """Demand words alone: who reads them must never learn that the hub sends people to an address."""
    if not isinstance(record, Campaign):
        return
    for field, text, most in (
        ("title", record.title, LONGEST_TITLE),
        ("text", record.text, LONGEST_TEXT),
        ("names", record.names, LONGEST_TITLE),
    ):
        for words in (text.nl, text.en):
            if len(words) > most:
                yield Finding(field=field, what=f"more than {most} characters", remedy="shorten it")
            if _ADDRESS.search(words):
                yield Finding(
                    field=field,
                    what="an address stands in the text",
                    remedy="leave it out: the button leads to the step of `leads_to`",
                )
            if "<" in words or ">" in words:
                yield Finding(field=field, what="`<` or `>` stands in the text", remedy="write plain words")
            if any(unicodedata.bidirectional(each) in _DIRECTIONS for each in words):
                yield Finding(
                    field=field,
                    what="the text has marks that turn the direction of reading",
                    remedy="leave them out",
                )


CAMPAIGN_RULES: tuple[Rule, ...] = (campaign_leads_up, campaign_text_is_plain)

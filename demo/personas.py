"""The made-up people, read from personas.yaml."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import yaml

from demo.families import born

FILE = Path(__file__).parent / "personas.yaml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """The account that a persona has from the start; `telephone` is empty at the lower level.

    Who is `operator` works for the hub too, who is `clerk` at the desk of the municipality.
    """

    user_name: str
    password: str
    telephone: str
    blocked: bool
    operator: bool
    clerk: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Persona:
    """One made-up person: the story, what the population register knows, and the account if any."""

    id: str
    title: str
    title_en: str
    story_nl: str
    story_en: str
    bsn: str
    record: dict[str, Any]
    telephone: str
    account: Account | None

    @property
    def full_name(self) -> str:
        """The name as the register writes it out."""
        return str(self.record["names"]["full"])


def read_personas() -> tuple[Persona, ...]:
    """Read all of them, in the order of the file; who turns 11 today has a date of birth that says so."""
    return tuple(_persona(each) for each in yaml.safe_load(FILE.read_text())["personas"])


def _persona(found: dict[str, Any]) -> Persona:
    account = found.get("account")
    record = found["register"]
    today = datetime.now(ZoneInfo("Europe/Amsterdam")).date()
    return Persona(
        id=found["id"],
        title=found["title"]["nl"],
        title_en=found["title"]["en"],
        story_nl=found["story"]["nl"],
        story_en=found["story"]["en"],
        bsn=record["bsn"],
        record=record | {"birthDate": born(record["birthDate"], today)},
        telephone=found.get("telephone", ""),
        account=account
        and Account(
            user_name=account["user_name"],
            password=account["password"],
            telephone=account.get("telephone", ""),
            blocked=account.get("blocked", False),
            operator=account.get("operator", False),
            clerk=account.get("clerk", False),
        ),
    )

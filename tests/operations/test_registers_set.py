"""Settings of the registers that tell the law: what cannot be meant is said, before anything rests on it."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

import pytest

from tests.operations.test_config_check import sound
from toegang.app.examine import examine
from toegang.app.mandates import check_registers
from toegang.config import Register
from toegang.errors import Misconfigured

if TYPE_CHECKING:
    from pathlib import Path

COURTS = "https://courts.example"


def test_a_hub_without_registers_is_allowed_since_each_counts_as_silent(tmp_path: Path) -> None:
    check_registers(sound(tmp_path))


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"families": {"url": COURTS}, "custody": {"url": COURTS}}, "families.url or custody.url, not both"),
        ({"courts": {"url": f"{COURTS}/"}}, "courts.url must be without a slash at the end"),
        ({"estates": {"token_file": "estates.token"}}, "estates.token_file is set and estates.url is not"),
        ({"representation": {"registers_within": 0}}, "representation.registers_within must be 1 to 30"),
        ({"representation": {"names_within": 31}}, "representation.names_within must be 1 to 30"),
        ({"representation": {"law_remembered": -1}}, "representation.law_remembered must be 0 to 900"),
        ({"representation": {"law_remembered": 901}}, "representation.law_remembered must be 0 to 900"),
    ],
)
async def test_what_cannot_be_meant_is_said(
    tmp_path: Path, changes: dict[str, dict[str, Any]], said: str
) -> None:
    settings = sound(tmp_path)
    for name, changed in changes.items():
        section = getattr(settings, name)
        if isinstance(section, Register) and "token_file" in changed:
            changed["token_file"] = tmp_path / changed["token_file"]
        settings = dataclasses.replace(settings, **{name: dataclasses.replace(section, **changed)})
    with pytest.raises(Misconfigured, match=said.replace(".", r"\.")):
        check_registers(settings)
    assert "representation" in [each.setting for each in await examine(settings)]


async def test_a_secret_of_a_register_that_cannot_be_read_is_said(tmp_path: Path) -> None:
    settings = sound(tmp_path)
    courts = dataclasses.replace(settings.courts, url=COURTS, token_file=tmp_path / "nothing.token")
    found = await examine(dataclasses.replace(settings, courts=courts))
    assert "courts.token_file" in [each.setting for each in found]

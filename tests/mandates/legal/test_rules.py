"""Every rule has its ground, and the page that explains them names them all."""

from __future__ import annotations

import re
from pathlib import Path

from toegang.mandates.legal.rules import GROUNDS, Rule

PAGE = Path(__file__).parents[3] / "docs" / "authority.md"


def test_every_rule_has_a_ground_and_stands_on_the_page() -> None:
    assert set(GROUNDS) == set(Rule)
    assert set(Rule) == set(re.findall(r"`((?:source|court|estate|organisation)-[a-z-]+)`", PAGE.read_text()))

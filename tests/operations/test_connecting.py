"""The commands on the pages for partners, word for word: a partner is there after them."""

from __future__ import annotations

import shlex
import shutil
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.operations.hub import ROOT, Block, blocks
from tests.operations.test_metadata_command import SIGNER, toegang
from tests.saml.described import HUB_ITSELF, KEY, provider
from toegang.saml.metadata.values import EntityMetadata
from toegang.saml.metadata.write import write_metadata

DOCS = ROOT / "docs"
FAR = datetime(2099, 1, 1, tzinfo=UTC)
PAGES: dict[str, tuple[str, str, EntityMetadata]] = {
    "for-service-providers.md": (
        "2. What to send",
        "service-providers.yaml",
        replace(provider(1), entity_id="urn:nl-eid-gdi:1.0:DV:00000009999999990012:entities:0001"),
    ),
    "for-means-providers.md": (
        "3. What stands in the catalogue",
        "means-providers.yaml",
        replace(HUB_ITSELF, entity_id="https://idp.buurland.example/metadata", service_provider=None),
    ),
}


@pytest.mark.parametrize("page", PAGES)
def test_who_follows_the_page_has_a_partner_whose_metadata_is_pinned(folder: Path, page: str) -> None:
    section, example, entity = PAGES[page]
    shutil.copy(DOCS / "examples" / example, folder)
    (folder / "partner.xml").write_bytes(write_metadata(replace(entity, valid_until=FAR), "_one", KEY))
    lines = [line for block in blocks(DOCS / page, section) for line in commands(block)]
    assert len(lines) == 3
    for line in lines:
        told = [each if not each.startswith("https:") else "partner.xml" for each in shlex.split(line)[1:]]
        if "--signer" in told:
            (folder / told[told.index("--signer") + 1]).write_text(SIGNER.pem)
        done = toegang(folder, *told, answer="y\n")
        assert done.exit_code == 0, (line, done.output)
    shown = toegang(folder, "metadata", "show", entity.entity_id)
    assert "believed by the word of" in shown.output


def commands(block: Block) -> list[str]:
    return [line for line in block.text.splitlines() if line.startswith("toegang ")]

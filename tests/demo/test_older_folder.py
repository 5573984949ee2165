"""A demo that is started on the folder of an older version has all that this one has."""

from __future__ import annotations

from shutil import rmtree
from typing import TYPE_CHECKING

from demo.hub import make_keys, write_settings
from demo.places import Places
from toegang.keys.files import RING_FILE, load

if TYPE_CHECKING:
    from pathlib import Path


def test_where_the_hub_signed_for_the_register_of_mandates_that_one_gets_a_key_of_its_own(
    tmp_path: Path,
) -> None:
    places = Places(home=tmp_path, port_base=8700)
    places.prepare()
    said: list[str] = []
    settings, keys = write_settings(places), tmp_path / "hub" / "keys"
    make_keys(places, said.append, settings)
    rmtree(keys / "mandates")
    said.clear()
    before = [(keys / ring / RING_FILE).read_text() for ring in ("oidc", "saml")]
    make_keys(places, said.append, settings)
    assert said == ["making keys ...", "making the key of the register of mandates ..."]
    (key,) = load(keys / "mandates", certified=True).keys
    assert key.certificate is not None
    assert key.active_from == key.published_from
    assert [(keys / ring / RING_FILE).read_text() for ring in ("oidc", "saml")] == before

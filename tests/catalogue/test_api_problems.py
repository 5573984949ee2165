"""What a client's systems may ask: every mistake in it is refused."""

from __future__ import annotations

import pytest

from tests.catalogue import builders as b
from toegang.catalogue.api import Api, ApiScope
from toegang.catalogue.client_rules import (
    login_client_has_services_and_an_address,
    system_proves_itself_by_a_key,
)
from toegang.catalogue.rules import World
from toegang.catalogue.snapshot import Snapshot
from toegang.oidc.profile import ClientAuthentication

WORLD = World(after=Snapshot.of([]), before=Snapshot.of([]), now=b.NOW)
KEYED = {"authentication": ClientAuthentication.PRIVATE_KEY_JWT, "secret_hashes": ()}
ALL = Api(scopes=tuple(ApiScope), events_uri="https://portal.duinrand.example/events")


@pytest.mark.parametrize(
    ("api", "more", "told"),
    [
        (ALL, {}, "a system does not ask by client_secret_basic"),
        (Api(scopes=()), KEYED, "it may ask nothing"),
        (ALL, KEYED | {"services": ()}, "there is no service to ask for"),
        (Api(scopes=(ApiScope.SEARCH,), events_uri=ALL.events_uri), KEYED, "may also ask that"),
    ],
)
def test_a_mistake_is_told(api: Api, more: dict[str, object], told: str) -> None:
    found = list(system_proves_itself_by_a_key(b.client(api=api, **more), WORLD))
    assert [each for each in found if told in each.what], found


@pytest.mark.parametrize("method", [ClientAuthentication.PRIVATE_KEY_JWT, ClientAuthentication.TLS])
def test_a_system_that_proves_itself_well_needs_no_return_address(method: ClientAuthentication) -> None:
    good = b.client(api=ALL, authentication=method, secret_hashes=(), redirect_uris=())
    assert list(system_proves_itself_by_a_key(good, WORLD)) == []
    assert list(login_client_has_services_and_an_address(good, WORLD)) == []

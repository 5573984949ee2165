"""How the foreign clients stand in the hub's catalogue: each in the strictest profile that it can keep."""

from __future__ import annotations

import json
from hashlib import sha256
from pathlib import Path
from typing import Any

import yaml
from joserfc.jwk import ECKey

from demo.places import Party, Places

APACHE, NODE, DJANGO = "mod-auth-openidc", "openid-client", "mozilla-django-oidc"
# The same client on another Node, at another address: a port that was just left cannot be had again.
OTHER_NODE = "openid-client-on-another-node"
FOREIGN = (APACHE, NODE, DJANGO, OTHER_NODE)
LOW_SERVICE = "019a0000-0000-7000-8000-0000000000f1"
BASIC_SERVICE = "019a0000-0000-7000-8000-0000000000f2"
BASIC, LOW = "http://eid.logius.nl/LoA/basic", "http://eidas.europa.eu/LoA/low"
APACHE_SECRET = "obviously-not-a-secret-apache"
DJANGO_SECRET = "obviously-not-a-secret-django"


def url_of(places: Places, name: str) -> str:
    """Return the address of a foreign client: its port comes after those of the parties."""
    return f"http://localhost:{port_of(places, name)}"


def port_of(places: Places, name: str) -> int:
    """Return the port of a foreign client."""
    return places.port_base + len(Party) + FOREIGN.index(name)


def folder_of(places: Places, name: str) -> Path:
    """Return where the files of a foreign client are."""
    folder = places.home / name
    folder.mkdir(exist_ok=True)
    return folder


def write_registrations(places: Places) -> Path:
    """Make the keys of the clients, and write the catalogue entries that name them; return the file."""
    organisation = {
        "id": "waterschap-de-proef",
        "names": _text("Waterschap De Proef", "De Proef Water Board"),
        "kind": "public",
        "sector": "water",
        "oin": "00000009999999990009",
        "services": [
            # The hub keeps a session only where it may be used again; that is what people log out of there.
            _service(LOW_SERVICE, "Mijn waterschapsbelasting", "My water board tax", "low")
            | {"single_sign_on": {"allowed": True, "max_age": 900}},
            _service(BASIC_SERVICE, "Melding doen", "Report a problem", "basic"),
        ],
        "clients": [_apache(places), _node(places), _django(places)],
    }
    path = places.home / "foreign.yaml"
    path.write_text(yaml.safe_dump({"organisations": [organisation]}, sort_keys=False), encoding="utf-8")
    return path


def _service(id_: str, nl: str, en: str, level: str) -> dict[str, Any]:
    purpose = _text("Om u bij uw naam te noemen.", "To call you by your name.")
    return {
        "id": id_,
        "names": _text(nl, en),
        "descriptions": _text(nl, en),
        "level": level,
        "attributes": [{"attribute": "family_name", "purpose": purpose}],
    }


def _apache(places: Places) -> dict[str, Any]:
    url = url_of(places, APACHE)
    return _client(APACHE) | {
        "profile": "basic",
        "profile_reason": "mod_auth_openidc 2.4.12 of Debian 12 crashes when it signs a private_key_jwt.",
        "redirect_uris": [f"{url}/protected/callback"],
        "post_logout_redirect_uris": [f"{url}/"],
        "backchannel_logout_uri": f"{url}/protected/callback?logout=backchannel",
        "authentication": "client_secret_basic",
        "secret_hashes": [sha256(APACHE_SECRET.encode()).hexdigest()],
    }


def _node(places: Places) -> dict[str, Any]:
    urls = [url_of(places, name) for name in (NODE, OTHER_NODE)]
    key = ECKey.generate_key("P-256", parameters={"use": "sig", "alg": "ES256"}, auto_kid=True)
    private = json.dumps(key.as_dict(private=True))
    (folder_of(places, NODE) / "key.json").write_text(private)
    return _client(NODE) | {
        "profile": "fapi2",
        "redirect_uris": [f"{url}/callback" for url in urls],
        "post_logout_redirect_uris": [f"{url}/" for url in urls],
        "authentication": "private_key_jwt",
        "jwks": {"keys": [key.as_dict(private=False)]},
        "id_token_alg": "ES256",
        "userinfo_signed_alg": "ES256",
        "refresh_tokens": True,
        "dpop_required": True,
    }


def _django(places: Places) -> dict[str, Any]:
    url = url_of(places, DJANGO)
    return _client(DJANGO) | {
        "profile": "basic",
        "profile_reason": "mozilla-django-oidc 5 has no private_key_jwt.",
        "redirect_uris": [f"{url}/oidc/callback/"],
        "post_logout_redirect_uris": [f"{url}/"],
        "authentication": "client_secret_basic",
        "secret_hashes": [sha256(DJANGO_SECRET.encode()).hexdigest()],
    }


def _client(name: str) -> dict[str, Any]:
    return {"id": name, "names": _text(name, name), "services": [LOW_SERVICE, BASIC_SERVICE]}


def _text(nl: str, en: str) -> dict[str, str]:
    return {"nl": nl, "en": en}

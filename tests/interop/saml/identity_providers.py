"""The foreign identity providers: each function furnishes a folder and tells how to run what is in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field

import yaml

from tests.interop.saml.peers import Peer, furnish, write_site
from tests.interop.saml.service_providers import PYTHON, Wanted, simplesaml_server, site_command
from tests.parts import program, venv_python


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """Somebody whom an identity provider knows: what it calls them, at which level, and what it tells.

    `names` are attributes whose value is a name: its qualifier and value (pysaml2 only).
    """

    id: str
    name_id: str
    level: str
    attributes: dict[str, list[str]] = field(default_factory=dict)
    names: dict[str, dict[str, str]] = field(default_factory=dict)


def pysaml2(wanted: Wanted, people: Sequence[Known]) -> Peer:
    """pysaml2: asks nothing but who somebody is."""
    program("xmlsec1")
    furnish(wanted.home, wanted.partner)
    write_site(wanted.home, home=wanted.url, people=[asdict(one) for one in people])
    command = site_command("saml-peers", "pysaml2_idp", wanted)
    return Peer(name=wanted.name, home=wanted.home, port=wanted.port, commands=[command], environment=PYTHON)


def simplesaml(wanted: Wanted, people: Sequence[Known]) -> Peer:
    """SimpleSAMLphp: user name and password are both the person's id; all have the level of the first."""
    told = "".join(
        f"'{one.id}:{one.id}' => {_php({'uid': [one.name_id]} | one.attributes)}, " for one in people
    )
    values = {"level": people[0].level, "partner": "", "people": f"[{told}]", "idp": "true"}
    peer = simplesaml_server(wanted, "/simplesaml/saml2/idp/metadata.php", values)
    if wanted.partner is None:
        (wanted.home / "partner.xml").write_text(
            '<EntitiesDescriptor xmlns="urn:oasis:names:tc:SAML:2.0:metadata"/>'
        )
    return peer


def _php(attributes: dict[str, list[str]]) -> str:
    listed = {name: ", ".join(f"'{value}'" for value in values) for name, values in attributes.items()}
    return "[" + ", ".join(f"'{name}' => [{values}]" for name, values in listed.items()) + "]"


def nanoidp(wanted: Wanted, people: Sequence[Known], client: Mapping[str, object]) -> Peer:
    """nanoidp: OpenID Connect and SAML; the password is the person's id."""
    furnish(wanted.home, wanted.partner)
    # The hub calls it too: by a name that it takes without TLS in a demo.
    url = f"http://localhost:{wanted.port}"
    settings = {
        "config_version": 1,
        "server": {"host": "127.0.0.1", "port": wanted.port},
        "session": {
            "require_ui_login": True,
            "enforce_password_check": True,
            "secret_key": "obviously-not-a-secret",
        },
        "oauth": {"issuer": url, "audience": wanted.name, "require_pkce": True, "clients": [dict(client)]},
        # Else it makes its keys where it was started.
        "jwt": {"keys_dir": str(wanted.home / "keys")},
        "saml": {"default_acs_url": f"{url}/nowhere"},
    }
    users = {
        one.id: {
            "password": one.id,
            "email": f"{one.id}@example.org",
            "attributes": {"acr": one.level} | {name: values[0] for name, values in one.attributes.items()},
        }
        for one in people
    }
    for name, content in (("settings", settings), ("users", {"config_version": 1, "users": users})):
        (wanted.home / f"{name}.yaml").write_text(yaml.safe_dump(content), "utf-8")
    program_ = str(venv_python("nanoidp").with_name("nanoidp"))
    return Peer(
        name=wanted.name,
        home=wanted.home,
        port=wanted.port,
        commands=[(program_, "--config", str(wanted.home), "--strict-config")],
        metadata_path="/saml/metadata",
    )

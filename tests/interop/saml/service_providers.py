"""The foreign service providers: each function furnishes a folder and tells how to run what is in it.

`partner` is the metadata of the identity provider, `level` the class that is asked of it as a minimum.
"""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from lxml import etree

from tests import machine
from tests.interop.saml.peers import (
    Peer,
    copy,
    fill_in,
    furnish,
    url_of,
    write_site,
)
from tests.parts import needed, node, node_modules, program, venv_python

PYTHON = {"PYTHONPATH": str(machine.ROOT)}
REDIRECT = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect"
COMPANY_LEVEL = "urn:etoegang:core:assurance-class:loa3"
COMPANY_SERVICE = "019a0000-0000-7000-8000-0000000000f5"
COMPANY_INDEX = "9052"
OIN = "00000009999999990009"
_NAMES = {"md": "urn:oasis:names:tc:SAML:2.0:metadata", "ds": "http://www.w3.org/2000/09/xmldsig#"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a peer is made of: a folder that is not there yet, two ports from `port`, a partner, a level."""

    name: str
    home: Path
    port: int
    partner: bytes | None
    level: str
    authority: str = ""  # the file of a certificate that it trusts to vouch for other servers

    @property
    def url(self) -> str:
        """Its address for browsers."""
        return url_of(self.port)

    @property
    def partner_id(self) -> str:
        """The partner's entity id."""
        return str(etree.fromstring(self.partner or b"").get("entityID"))


def pysaml2(wanted: Wanted) -> Peer:
    """pysaml2, in the library's own environment."""
    return _python(wanted, "saml-peers", "pysaml2_sp", xmlsec=program("xmlsec1"))


def python3_saml(wanted: Wanted) -> Peer:
    """python3-saml, in the library's own environment."""
    return _python(wanted, "saml-peers", "python3_saml_sp")


def _python(wanted: Wanted, environment: str, site: str, **more: str) -> Peer:
    furnish(wanted.home, wanted.partner)
    write_site(wanted.home, home=wanted.url, name=wanted.name, level=wanted.level, **more)
    command = site_command(environment, site, wanted)
    return Peer(name=wanted.name, home=wanted.home, port=wanted.port, commands=[command], environment=PYTHON)


def site_command(environment: str, site: str, wanted: Wanted) -> tuple[str, ...]:
    """Return how to run a site of sites/ in an environment of its own."""
    module = f"tests.interop.saml.sites.{site}"
    return (str(venv_python(environment)), "-m", module, str(wanted.port), str(wanted.home))


def django_digid(wanted: Wanted) -> Peer:
    """django-digid-eherkenning: DigiD and eHerkenning on one site, each with metadata of its own."""
    furnish(wanted.home, wanted.partner)
    write_site(
        wanted.home,
        home=wanted.url,
        name=wanted.name,
        partner=wanted.partner_id,
        company_level=COMPANY_LEVEL,
        company_service=COMPANY_SERVICE,
        company_index=COMPANY_INDEX,
        oin=OIN,
        wants_assertions_signed=True,
    )
    command = site_command("django-digid-eherkenning", "django_digid_site", wanted)
    trusted = {"REQUESTS_CA_BUNDLE": wanted.authority} if wanted.authority else {}
    return Peer(
        name=wanted.name,
        home=wanted.home,
        port=wanted.port,
        commands=[command],
        login="/digid/login/",
        logout="/digid/logout/",
        metadata_path="/metadata/digid",
        environment=PYTHON | trusted,
    )


def node_saml(wanted: Wanted) -> Peer:
    """node-saml; it reads no metadata, so that what it needs of it is read for it."""
    furnish(wanted.home, wanted.partner)
    described = etree.fromstring(wanted.partner or b"")

    def at(service: str) -> str:
        (found,) = described.findall(f"md:IDPSSODescriptor/md:{service}[@Binding='{REDIRECT}']", _NAMES)
        return str(found.get("Location"))

    keys = described.xpath(
        "md:IDPSSODescriptor/md:KeyDescriptor[not(@use='encryption')]//ds:X509Certificate", namespaces=_NAMES
    )
    assert isinstance(keys, list)
    partner = {
        "entity": wanted.partner_id,
        "login": at("SingleSignOnService"),
        "logout": at("SingleLogoutService"),
        "certificates": ["".join(key.itertext()).strip() for key in keys if isinstance(key, etree._Element)],
    }
    write_site(wanted.home, home=wanted.url, level=wanted.level, partner=partner)
    script = node_modules().parent / "node-saml.mjs"
    command = (str(node()), str(script), str(wanted.port), str(wanted.home))
    return Peer(name=wanted.name, home=wanted.home, port=wanted.port, commands=[command])


def mellon(wanted: Wanted) -> Peer:
    """Apache with mod_auth_mellon."""
    module = needed("mod_auth_mellon", machine.find("mod_auth_mellon.so"))
    command = _apache(wanted, module, "mellon.conf")
    return Peer(
        name=wanted.name,
        home=wanted.home,
        port=wanted.port,
        commands=[command],
        login="/protected/",
        logout=f"/mellon/logout?ReturnTo={wanted.url}/",
        metadata_path="/mellon/metadata",
    )


def shibboleth(wanted: Wanted) -> Peer:
    """Apache with mod_shib, and its shibd, on a socket of their own."""
    module = needed("mod_shib", machine.find("mod_shib.so"))
    daemon = needed("shibd", next(iter(Path("/usr/sbin").glob("shibd")), None))
    command = _apache(wanted, module, "shibboleth.conf")
    values = _values(wanted, module) | {"partner": wanted.partner_id}
    fill_in("shibboleth2.xml", wanted.home / "shibboleth2.xml", values)
    copy("attribute-map.xml", wanted.home / "attribute-map.xml")
    for name in ("shibd", "native"):
        (wanted.home / f"{name}.logger").write_text(
            "log4j.rootCategory=INFO, out\n"
            "log4j.appender.out=org.apache.log4j.ConsoleAppender\n"
            "log4j.appender.out.layout=org.apache.log4j.BasicLayout\n",
            "utf-8",
        )
    settings, pid = str(wanted.home / "shibboleth2.xml"), str(wanted.home / "shibd.pid")
    return Peer(
        name=wanted.name,
        home=wanted.home,
        port=wanted.port,
        commands=[(str(daemon), "-F", "-f", "-c", settings, "-p", pid), command],
        login="/protected/",
        logout=f"/Shibboleth.sso/Logout?return={wanted.url}/",
        metadata_path="/Shibboleth.sso/Metadata",
    )


def _values(wanted: Wanted, module: Path) -> dict[str, str]:
    return {
        "folder": str(wanted.home),
        "host": "127.0.0.1",
        "port": str(wanted.port),
        "home": wanted.url,
        "user": "User www-data\nGroup www-data" if os.geteuid() == 0 else "",
        "modules": str(module.parent),
        "level": wanted.level,
        "mpm": "event",
    }


def _apache(wanted: Wanted, module: Path, conf: str, more: dict[str, str] | None = None) -> tuple[str, ...]:
    server = needed("apache2", machine.find("apache2"))
    furnish(wanted.home, wanted.partner)
    values = _values(wanted, module) | (more or {})
    fill_in("apache.conf", wanted.home / "apache.conf", values)
    fill_in(conf, wanted.home / "module.conf", values)
    for place, title in (("", "Open"), ("protected/", "Mine"), ("refused/", "Refused")):
        page = wanted.home / "pages" / place / "index.html"
        page.parent.mkdir(exist_ok=True, parents=True)
        page.write_text(f"<!doctype html><title>{title}</title><h1>{title}</h1><pre><!--#printenv --></pre>")
    return (str(server), "-DFOREGROUND", "-f", str(wanted.home / "apache.conf"))


def simplesaml(wanted: Wanted) -> Peer:
    """Apache with SimpleSAMLphp, over TLS."""
    values = {"level": wanted.level, "partner": wanted.partner_id, "people": "[]", "idp": "false"}
    return simplesaml_server(wanted, "/simplesaml/module.php/saml/sp/metadata.php/default-sp", values)


def simplesaml_server(wanted: Wanted, metadata_path: str, values: dict[str, str]) -> Peer:
    """Furnish a folder for SimpleSAMLphp and Apache."""
    installed = needed("simplesamlphp", machine.find("simplesamlphp")).parent
    php = needed("PHP for Apache", machine.find("libphp.so"))
    home = url_of(wanted.port, "https")
    values |= {"home": home, "name": wanted.name, "spare": str(wanted.port + 1), "installed": str(installed)}
    values |= {"php": php.name, "mpm": "prefork"}
    command = _apache(wanted, php, "simplesaml.conf", values)
    for folder in ("temporary", "sessions"):
        (wanted.home / folder).mkdir()
    values |= {"folder": str(wanted.home)}
    for each in ("config", "authsources"):
        fill_in(f"simplesaml-{each}.php", wanted.home / "config" / f"{each}.php", values)
    (wanted.home / "metadata").mkdir()
    if values["idp"] == "true":
        fill_in("simplesaml-idp.php", wanted.home / "metadata" / "saml20-idp-hosted.php", values)
    copy("simplesaml.php", wanted.home / "site" / "index.php")
    if os.geteuid() == 0:
        for name in ("key.pem", "temporary", "sessions"):
            shutil.chown(wanted.home / name, "www-data", "www-data")
    return Peer(
        name=wanted.name,
        home=wanted.home,
        port=wanted.port,
        commands=[command],
        metadata_path=metadata_path,
        scheme="https",
        ready_port=wanted.port + 1,
    )

"""Clients that prove themselves by a certificate, what tokens are bound to, and what discovery says of it."""

from __future__ import annotations

import base64
import json
from dataclasses import replace
from pathlib import Path

import pytest

from tests.authorities import END, LONG_AGO, Issued, issue
from tests.jose.keyrings import NOW
from tests.oidc.clients import CLIENT, ISSUER, KEY, assertion, basic, proof
from toegang import config
from toegang.app.mutual_tls import mutual_tls
from toegang.errors import ClientNotProven, Malformed, Misconfigured, ProtocolRefusal
from toegang.jose.certificates import certificates_in
from toegang.keys.jwk import public_members
from toegang.keys.presented import CertificateName, PresentedCertificate
from toegang.oidc.binding import Binding, Confirmation, token_type
from toegang.oidc.client_assertion import ASSERTION_TYPE
from toegang.oidc.client_certificate import RegisteredCertificate, check_certificate
from toegang.oidc.discovery import Endpoints, ProviderMetadata, metadata_document
from toegang.oidc.dpop import ProvenRequest, check_proof
from toegang.oidc.profile import ClientAuthentication
from toegang.oidc.token_request import PresentedLine, parse_client

TLS, PINNED = ClientAuthentication.TLS, ClientAuthentication.SELF_SIGNED_TLS
OWN, OTHER = issue("own", "own.example"), issue("other", "other.example")
NAME = CertificateName.parse("dns:own.example")


def shown(issued: Issued = OWN, *, trusted: bool = True) -> PresentedCertificate:
    return PresentedCertificate.parse(issued.pem.encode(), trusted=trusted)


def registered(method: ClientAuthentication, name: CertificateName | None = NAME) -> RegisteredCertificate:
    return RegisteredCertificate(method=method, name=name, thumbprints=(OWN.thumbprint,))


@pytest.mark.requires("RFC8705-2.1")
def test_a_certificate_of_an_authority_counts_by_its_name() -> None:
    check_certificate(shown(), registered(TLS), now=NOW)
    again = issue("renewed", "own.example")
    check_certificate(shown(again), registered(TLS), now=NOW)


@pytest.mark.parametrize(
    ("certificate", "name"),
    [
        (shown(trusted=False), NAME),
        (shown(OTHER), NAME),
        (shown(), None),
        (shown(issue("own", "own.example", until=LONG_AGO)), NAME),
    ],
    ids=["nobody vouches", "another name", "no name registered", "expired"],
)
def test_another_certificate_proves_nothing(
    certificate: PresentedCertificate, name: CertificateName | None
) -> None:
    with pytest.raises(ClientNotProven):
        check_certificate(certificate, registered(TLS, name), now=NOW)


@pytest.mark.requires("RFC8705-2.2")
def test_a_pinned_certificate_counts_whoever_signed_it_and_only_that_one() -> None:
    check_certificate(shown(trusted=False), registered(PINNED), now=NOW)
    for wrong in (shown(OTHER), shown(issue("own", "own.example"))):
        with pytest.raises(ClientNotProven):
            check_certificate(wrong, registered(PINNED), now=NOW)
    with pytest.raises(ClientNotProven):
        check_certificate(shown(), registered(PINNED), now=END.replace(year=2121))


def jwk(issued: Issued, chain: object) -> dict[str, object]:
    return {**public_members(issued.key.public_key()), "use": "sig", "x5c": chain}


def in_set(issued: Issued) -> list[str]:
    return [base64.b64encode(issued.der).decode()]


@pytest.mark.requires("RFC7517-4.7", "RFC8705-2.2.2")
def test_the_first_certificate_of_a_registered_key_is_pinned_and_holds_that_key() -> None:
    assert certificates_in({"keys": []}) == frozenset()
    assert certificates_in({"keys": [KEY.jwk]}) == frozenset()
    both = {"keys": [jwk(OWN, in_set(OWN) + in_set(OTHER)), jwk(OTHER, in_set(OTHER))]}
    assert certificates_in(both) == {OWN.thumbprint, OTHER.thumbprint}
    for chain in (in_set(OTHER), [], "x", ["*"], ["AAAA"], [1], [OWN.pem]):
        with pytest.raises(Malformed):
            certificates_in({"keys": [jwk(OWN, chain)]})


@pytest.mark.requires("RFC8705-2")
def test_the_line_counts_where_nothing_else_is_shown() -> None:
    certificate = shown()
    line = PresentedLine(client_id=CLIENT, certificate=certificate)
    assert parse_client(None, {"client_id": CLIENT}, certificate) == line
    assert not isinstance(parse_client(basic(CLIENT, "s"), {}, certificate), PresentedLine)
    signed = {"client_assertion": assertion(), "client_assertion_type": ASSERTION_TYPE}
    assert not isinstance(parse_client(None, signed, certificate), PresentedLine)
    for parameters, held in (({}, certificate), ({"client_id": ""}, certificate), ({"client_id": "x"}, None)):
        with pytest.raises(ClientNotProven):
            parse_client(None, parameters, held)


@pytest.mark.requires("RFC8705-3.1", "RFC9449-6.1")
def test_a_binding_is_kept_as_text_and_told_as_cnf() -> None:
    by_key = Binding(Confirmation.KEY, KEY.kid)
    by_certificate = Binding(Confirmation.CERTIFICATE, OWN.thumbprint)
    assert (str(by_key), Binding.parse(KEY.kid)) == (KEY.kid, by_key)  # as grants of before have it
    assert Binding.parse(str(by_certificate)) == by_certificate
    assert Binding.parse("") is None
    assert by_certificate.cnf == {"x5t#S256": OWN.thumbprint}
    assert [token_type(each) for each in (by_key, by_certificate, None)] == ["DPoP", "Bearer", "Bearer"]


@pytest.mark.requires("RFC9449-4.3", "RFC8705-5")
def test_a_proof_of_possession_may_be_about_the_address_that_asks_for_certificates() -> None:
    about = ProvenRequest(
        method="POST", url=f"{ISSUER}/oidc/token", alias="https://clients.example/oidc/token"
    )
    for url in (about.url, about.alias):
        check_proof([proof(about, htu=url)], about, nonces=None, now=NOW)
    for other in ("https://clients.example/oidc/par", "https://other.example/oidc/token"):
        with pytest.raises(ProtocolRefusal):
            check_proof([proof(about, htu=other)], about, nonces=None, now=NOW)


def metadata(**more: object) -> dict[str, object]:
    places = {
        name: f"{ISSUER}/oidc/{name}" for name in ("authorization", "pushed", "token", "userinfo", "jwks")
    }
    places |= {name: f"{ISSUER}/oidc/{name}" for name in ("introspection", "revocation", "end_session")}
    made: dict[str, object] = {
        "issuer": ISSUER,
        "endpoints": Endpoints(**places),
        **dict.fromkeys(("scopes", "claims", "acr_values", "ui_locales", "subject_types"), ()),
        **dict.fromkeys(("signing_algorithms", "encryption_algorithms"), ()),
    }
    return metadata_document(ProviderMetadata(**(made | more)))  # type: ignore[arg-type]


@pytest.mark.requires("RFC8705-3.3", "RFC8705-5")
def test_discovery_tells_of_certificates_where_they_are_asked_for_only() -> None:
    assert "tls" not in json.dumps(metadata())
    found = metadata(client_certificates=True, back_channel="https://clients.example")
    assert {"tls_client_auth", "self_signed_tls_client_auth"} <= set(
        found["token_endpoint_auth_methods_supported"]  # type: ignore[call-overload]
    )
    assert found["tls_client_certificate_bound_access_tokens"] is True
    assert found["mtls_endpoint_aliases"] == {
        "pushed_authorization_request_endpoint": "https://clients.example/oidc/pushed",
        "token_endpoint": "https://clients.example/oidc/token",
        "userinfo_endpoint": "https://clients.example/oidc/userinfo",
        "introspection_endpoint": "https://clients.example/oidc/introspection",
        "revocation_endpoint": "https://clients.example/oidc/revocation",
    }
    assert "mtls_endpoint_aliases" not in metadata(client_certificates=True)


def settings(folder: Path, *, socket: bool, certificates: bool, address: str) -> config.Settings:
    nowhere = config.Party(url="https://nowhere.example")
    names = ("seal", "find", "pairwise", "tokens", "passwords")
    hub = config.Hub(issuer=ISSUER, account_service="", back_channel=address)
    listen = config.Listen(client_certificates=certificates)
    return config.Settings(
        hub=hub,
        secrets=config.Secrets(**dict.fromkeys(names, folder)),
        keys=config.Keys(oidc=folder, trail=folder),
        population=config.Population(url="https://nowhere.example"),
        sms=config.Sms(url="https://nowhere.example"),
        letters=nowhere,
        listen=replace(listen, socket=folder / "door") if socket else listen,
    )


@pytest.mark.parametrize(
    ("socket", "certificates", "address", "told"),
    [
        (False, True, "", "unix socket only"),
        (True, False, "https://clients.example", "needs listen.client_certificates"),
        (True, True, "http://clients.example", "https address"),
        (True, True, "https://clients.example/", "without a path or a slash"),
        (True, True, "clients.example", "https address"),
    ],
)
def test_settings_that_would_believe_anybody_or_lead_nowhere_are_refused(
    tmp_path: Path, socket: bool, certificates: bool, address: str, told: str
) -> None:
    with pytest.raises(Misconfigured, match=told):
        mutual_tls(settings(tmp_path, socket=socket, certificates=certificates, address=address))


def test_settings_that_hold(tmp_path: Path) -> None:
    found = mutual_tls(
        settings(tmp_path, socket=True, certificates=True, address="https://clients.example:8443")
    )
    assert (found.offered, found.back_channel) == (True, "https://clients.example:8443")
    assert not mutual_tls(settings(tmp_path, socket=False, certificates=False, address="")).offered

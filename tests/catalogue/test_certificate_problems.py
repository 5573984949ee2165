"""What is wrong with how a client's certificate is registered: where, what, how to mend it."""

from __future__ import annotations

import pytest

from tests.catalogue.test_problems import changed, judged

CERTIFICATE_NAME = (
    "certificate_name: dn:CN=cases.duinrand.example,serialNumber=00000009999999990002,O=Duinrand,C=NL"
)

MISTAKES = {
    "certificate without a name": (
        f"        {CERTIFICATE_NAME}\n",
        "",
        "tls_client_auth needs the name of a certificate; add `certificate_name:`",
    ),
    "certificate of no kind of name": (
        "certificate_name: dn:CN=",
        "certificate_name: cn:",
        "write one of dn:, dns",
    ),
    "certificate name with a wildcard": (
        CERTIFICATE_NAME,
        'certificate_name: "dns:*.duinrand.example"',
        "not the name of a certificate",
    ),
    "certificate name that nobody looks at": (
        "authentication: tls_client_auth # by",
        "authentication: private_key_jwt # by",
        "looks at no name of a certificate",
    ),
    "certificate that is not pinned": (
        "\n          - ZxOYNLVh1BnlpsdyNePgEZ7PZqtXJ4emNN5rPkWwCHU",
        " []",
        "self_signed_tls_client_auth needs a certificate",
    ),
    "pinned certificate that is not used": (
        "authentication: self_signed_tls_client_auth",
        "authentication: tls_client_auth",
        "uses no pinned certificate",
    ),
    "half a thumbprint": ("- ZxOYNLVh1BnlpsdyNePgEZ7P", "- ZxOY", "not the thumbprint of a certificate"),
    "pinned certificate under the Dutch profile": (
        "profile: fapi2 # tokens",
        "profile: nlgov # tokens",
        "nlgov needs private_key_jwt or tls_client_auth",
    ),
    "certificate of another key": (
        "              kid: cases-reads\n",
        "              kid: cases-reads\n              x5c: [AAAA]\n",
        "the certificate cannot be read",
    ),
}


@pytest.mark.requires("RFC8705-2.1.2", "RFC8705-2.2.2")
@pytest.mark.parametrize(("before", "after", "told"), MISTAKES.values(), ids=MISTAKES.keys())
def test_a_mistake_is_told_with_its_remedy(before: str, after: str, told: str) -> None:
    checked = judged(changed(before, after))
    assert any(told in str(problem) for problem in checked.problems), [str(p) for p in checked.problems]
    assert not checked.changes
    assert all(problem.remedy for problem in checked.problems)

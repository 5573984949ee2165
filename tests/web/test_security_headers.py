"""The headers that keep a page what we made it."""

from __future__ import annotations

import pytest

from toegang.errors import Misconfigured
from toegang.web.security_headers import app_headers, data_headers, page_headers, worker_headers


def policy(*targets: str) -> str:
    return dict(page_headers(https=True, form_targets=targets))[b"content-security-policy"].decode()


@pytest.mark.parametrize(
    "address",
    [
        "https://a.example; script-src *",
        "https://a.example'unsafe-inline'",
        "https://a.example, b",
        "//a.example/x",
        "",
        "https://ü.example/",
    ],
)
def test_an_address_that_would_break_out_of_the_policy_is_refused(address: str) -> None:
    host_cut = address.replace(" ", "")
    for attempt in {address, host_cut}:
        with pytest.raises(Misconfigured):
            page_headers(https=True, form_targets=(attempt,))


@pytest.mark.requires("CSP3-6.4.1")
def test_a_page_sends_forms_only_to_us_and_to_the_named_origins() -> None:
    wanted = "form-action 'self' http://localhost:8101 https://a.example nl.gemeente.app:;"
    targets = (
        "https://a.example/cb?x=1",
        "http://localhost:8101/cb",
        "nl.gemeente.app:/cb",
        "https://a.example/",
    )
    assert wanted in policy(*targets)
    assert "form-action 'self';" in policy()


def test_a_page_runs_no_foreign_or_inline_script_and_stands_in_no_frame() -> None:
    assert policy().startswith("default-src 'none'")
    assert "script-src 'self';" in policy()
    assert "style-src 'self';" in policy()
    assert "unsafe" not in policy()
    assert "frame-ancestors 'none'" in policy()
    assert "base-uri 'none'" in policy()


def test_a_page_is_kept_nowhere_and_tells_no_address_to_others() -> None:
    headers = dict(page_headers(https=False))
    assert headers[b"cache-control"] == b"no-store"
    assert headers[b"referrer-policy"] == b"same-origin"
    assert headers[b"x-content-type-options"] == b"nosniff"
    assert headers[b"cross-origin-opener-policy"] == b"same-origin"


@pytest.mark.requires("RFC6797-7.2")
def test_strict_transport_is_said_over_https_only() -> None:
    for make in (page_headers, data_headers, app_headers, worker_headers):
        assert b"strict-transport-security" in dict(make(https=True))
        assert b"strict-transport-security" not in dict(make(https=False))

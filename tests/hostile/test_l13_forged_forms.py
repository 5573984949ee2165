"""L13, L14, L15: every form wants its proof, every answer its headers, and no header moves where we are."""

from __future__ import annotations

import pytest

from tests.hostile.test_fuzz_http import seeds
from tests.hostile.wire import Sent, call
from tests.journeys.house import ISSUER, House

# Posted by services, apps and other parties, which prove themselves in another way; or begun by anybody.
NO_FORM = ("/oidc/", "/saml/", "/decisions/", "/means/oidc/logout/", "/app/v1/", "/reader/v1/", "/access/v1/")
EVIL = b"evil.example"


def forms(sent: list[Sent]) -> list[Sent]:
    """Return the requests that send a form of ours."""
    return [each for each in sent if each.method == "POST" and not each.target.startswith(_no_form())]


def _no_form() -> tuple[bytes, ...]:
    return tuple(path.encode() for path in NO_FORM)


def with_header(sent: Sent, name: bytes, value: bytes) -> Sent:
    kept = tuple(header for header in sent.headers if header[0] != name)
    return sent.but(headers=(*kept, (name, value)))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        (b"origin", b"https://evil.example"),
        (b"origin", b"http://localhost:8000.evil.example"),
        (b"origin", b"http://localhost:8001"),
        (b"sec-fetch-site", b"cross-site"),
        (b"sec-fetch-site", b"same-site"),
        (b"cookie", b""),
        (b"cookie", b"toegang-browser=planted"),
    ],
)
async def test_every_form_of_another_site_is_refused(lone_house: House, name: bytes, value: bytes) -> None:
    sent = forms(await seeds(lone_house))
    assert len(sent) > 10
    for each in sent:
        answer = await call(lone_house.web, with_header(each, name, value))
        assert answer.status == 403, each.target


async def test_every_form_without_its_proof_or_with_half_of_it_is_refused(lone_house: House) -> None:
    for each in forms(await seeds(lone_house)):
        proof = each.body.partition(b"csrf=")[2][:64]
        for bent in (b"", proof[:-1], proof[::-1], proof + b"0", proof + b"&csrf=" + proof):
            answer = await call(lone_house.web, each.but(body=each.body.replace(proof, bent)))
            assert answer.status in {400, 403}, each.target


async def test_every_answer_carries_the_headers_that_keep_it_ours(lone_house: House) -> None:
    for each in await seeds(lone_house):
        answer = await call(lone_house.web, each)
        policy = answer.header(b"content-security-policy")
        assert b"default-src 'none'" in policy, each.target
        assert b"frame-ancestors 'none'" in policy, each.target
        assert b"base-uri 'none'" in policy, each.target
        assert b"unsafe" not in policy, each.target
        assert answer.header(b"referrer-policy") in {b"no-referrer", b"same-origin"}, each.target
        if answer.header(b"content-type").startswith(b"text/html"):
            assert answer.header(b"cache-control") == b"no-store", each.target
            assert answer.header(b"x-frame-options") == b"DENY", each.target
            assert answer.header(b"cross-origin-opener-policy") == b"same-origin", each.target


@pytest.mark.parametrize(
    ("name", "value"),
    [
        (b"host", EVIL),
        (b"host", b"localhost:8000@evil.example"),
        (b"host", b"[::1"),
        (b"x-forwarded-host", EVIL),
        (b"x-forwarded-proto", b"https"),
        (b"x-forwarded-prefix", b"/evil.example"),
        (b"forwarded", b"host=evil.example;proto=https"),
        (b"x-forwarded-for", b"a"),
        (b"x-original-url", b"/evil.example"),
    ],
)
async def test_no_header_moves_the_issuer_or_a_link(lone_house: House, name: bytes, value: bytes) -> None:
    for each in await seeds(lone_house):
        answer = await call(lone_house.web, with_header(each, name, value))
        assert EVIL not in answer.said, each.target
        assert answer.status < 500, each.target
    metadata = Sent(target=b"/.well-known/openid-configuration")
    told = await call(lone_house.web, with_header(metadata, name, value))
    assert f'"issuer":"{ISSUER}"'.encode() in told.body


async def test_a_planted_session_is_not_taken_over_and_a_new_one_has_a_new_secret(lone_house: House) -> None:
    for each in await seeds(lone_house):
        planted = with_header(each, b"cookie", b"toegang-session=planted.planted; toegang-account=planted")
        answer = await call(lone_house.web, planted)
        assert b"planted" not in answer.said, each.target

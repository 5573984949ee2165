"""Every endpoint under octets that nobody honest sends: no 5xx, no hang, no insides, no secret echoed.

A request that would succeed is taken and bent in one to three places. The run is repeatable by its seed;
`./toegang test --full` takes the long form. TOEGANG_FUZZ_REQUESTS overrules the number of requests.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable
from random import Random
from urllib.parse import quote, urlencode

import pytest

from tests.hostile.wire import Answer, Headers, Sent, call, faults_of
from tests.journeys.house import BENCH, LOW_MEANS, SECRET, TOWN_CLIENT, House, means
from tests.journeys.party import TOWN_PARTY, VERIFIER, follow
from tests.volumes import Counting, volume
from tests.web.citizens import CITIZEN
from toegang.assurance import Level
from toegang.web.routes import ROUTES

REQUESTS = int(os.environ.get("TOEGANG_FUZZ_REQUESTS", volume(2_000, 100_000)))
# Secrets that a request brings in its headers or its body; none may come back.
CANARIES = tuple(
    f"canary-{name}-8f31c2".encode()
    for name in ("password", "secret", "code", "token", "verifier", "cookie", "bearer")
)
CANARY = {name.split(b"-")[1].decode(): name.decode() for name in CANARIES}
FORM = (b"content-type", b"application/x-www-form-urlencoded")
METHODS = (
    "GET",
    "POST",
    "HEAD",
    "PUT",
    "DELETE",
    "PATCH",
    "OPTIONS",
    "TRACE",
    "CONNECT",
    "get",
    "PROPFIND",
    "",
)
NASTY = (
    b"\x00",
    b"\xff\xfe",
    b"\xed\xa0\x80",
    b"\xf0\x9f\x92\xa9",
    b"%00",
    b"%ff",
    b"%",
    b"%zz",
    b"%ed%a0%80",
    b"'",
    b'"><script>alert(1)</script>',
    b"{{7*7}}",
    b"\r\nset-cookie: a=b",
    b"../../../../etc/passwd",
    b"A" * 5_000,
    b"9" * 400,
    b"-1",
    b"NaN",
    b"1e999",
    b"[" * 900,
    b'{"a":' * 200,
    b"&&==&",
    b"http://[::1",
    b"//evil.example",
    b"javascript:alert(1)",
    b"eyJhbGciOiJub25lIn0.e30.",
    b"eyJhbGciOiJIUzI1NiIsImp3ayI6e319.eyJpc3MiOjF9.AAAA",
    b"....",
    b"urn:ietf:params:oauth:request_uri:x",
    "\u202e\u0000\ufeff".encode(),
)
HEADERS = (
    b"host", b"origin", b"referer", b"cookie", b"authorization", b"dpop", b"content-type", b"accept",
    b"accept-language", b"accept-encoding", b"x-forwarded-for", b"x-forwarded-host", b"x-forwarded-proto",
    b"forwarded", b"sec-fetch-site", b"range", b"if-none-match", b"transfer-encoding", b"content-length",
    b"expect", b"upgrade", b"x-http-method-override", b"x-client-certificate",
)  # fmt: skip
MEDIA = (
    b"application/json",
    b"multipart/form-data; boundary=x",
    b"text/xml",
    b"",
    b"application/jwt",
    b";;;",
)

Mutation = Callable[[Random, Sent], Sent]


async def seeds(house: House) -> list[Sent]:
    """Return a request for every route, most of which would succeed as they are."""
    await house.put(means(LOW_MEANS, Level.LOW), CITIZEN)
    browser = house.browser()
    page = await browser.get((await browser.get(TOWN_PARTY.url())).headers["location"])
    proof = page.text.split('name="csrf" value="')[1].split('"')[0]
    login = page.url.path.rsplit("/", 1)[1]
    cookies = "; ".join(f"{name}={value}" for name, value in browser.cookies.items())
    headers = (
        (b"host", b"localhost:8000"),
        (b"cookie", f"{cookies}; other={CANARY['cookie']}".encode()),
    )
    found = []
    for method, path, _ in ROUTES:
        target = path
        for name in ("login", "ticket", "application", "recovery", "change", "reference", "figure", "posted"):
            target = target.replace("{" + name + "}", login if name == "login" else f"x-{name}")
        target, form = _filled(target, proof)
        sent = Sent(method=method, target=target.encode(), headers=headers)
        if method == "POST":
            body = urlencode(form).encode()
            bearer = (b"authorization", b"Bearer " + CANARY["bearer"].encode())
            more: Headers = (bearer, FORM) if "userinfo" in path else (FORM,)
            sent = sent.but(headers=(*headers, *more), body=body)
        found.append(sent)
    return found


def _filled(target: str, proof: str) -> tuple[str, dict[str, str]]:
    """Return the target with a query, and a form, that suit it."""
    client = {"client_id": TOWN_CLIENT, "client_secret": CANARY["secret"]}
    basic = {"client_id": TOWN_CLIENT, "client_secret": SECRET}
    forms: dict[str, dict[str, str]] = {
        "/oidc/token": {
            **client,
            "grant_type": "authorization_code",
            "code": CANARY["code"],
            "redirect_uri": TOWN_PARTY.redirect_uri,
            "code_verifier": VERIFIER[:20] + CANARY["verifier"],
        },
        "/oidc/par": {**basic, "response_type": "code", "scope": "openid", "request": CANARY["token"]},
        "/oidc/introspect": {**basic, "token": CANARY["token"]},
        "/oidc/revoke": {**basic, "token": CANARY["token"]},
        "/oidc/userinfo": {"access_token": CANARY["token"]},
        "/oidc/authorize": {"client_id": TOWN_CLIENT, "redirect_uri": TOWN_PARTY.redirect_uri},
    }
    # A page repeats the user name that was typed. No secret stands beside it: with the "&" between them bent,
    # the secret would be part of that name.
    page_form = {
        "user_name": "sanne88",
        "csrf": proof,
        "do": "confirm",
        "means": BENCH,
        "password": CANARY["password"],
        "new_password": CANARY["password"],
        "repeat_password": CANARY["password"],
        "code": CANARY["code"],
        "birth_date": "12-04-1988",
    }
    queries = {
        "/oidc/authorize": TOWN_PARTY.url(
            claims='{"id_token":{"acr":{"essential":true,"values":["a"]}}}', max_age="10", ui_locales="nl en"
        ),
        "/oidc/logout": "/oidc/logout?id_token_hint=a.b.c&state=s",
        "/account/history": "/account/history?before=2027-01-01",
    }
    return queries.get(target, target), forms.get(target, page_form)


def _method(random: Random, sent: Sent) -> Sent:
    return sent.but(method=random.choice(METHODS))


def _cut(random: Random, octets: bytes) -> bytes:
    at = random.randrange(len(octets) + 1)
    return octets[:at] + random.choice(NASTY) + octets[at + random.randrange(4) :]


def _target(random: Random, sent: Sent) -> Sent:
    return sent.but(target=b"/" + _cut(random, sent.target[1:]))


def _body(random: Random, sent: Sent) -> Sent:
    return sent.but(body=_cut(random, sent.body))


def _flip(random: Random, sent: Sent) -> Sent:
    octets = bytearray(sent.body or sent.target[1:])
    for _ in range(random.randrange(1, 6)):
        if octets:
            octets[random.randrange(len(octets))] = random.randrange(256)
    return sent.but(body=bytes(octets)) if sent.body else sent.but(target=b"/" + bytes(octets))


def _header(random: Random, sent: Sent) -> Sent:
    name = random.choice(HEADERS)
    value = random.choice((*NASTY, *MEDIA, b"Bearer a.b.c", b"Basic !!!", b"Basic dG93bjo6", b"DPoP x"))
    kept = sent.headers if random.random() < 0.4 else tuple(h for h in sent.headers if h[0] != name)
    return sent.but(headers=(*kept, (name, value)))


def _parameter(random: Random, sent: Sent) -> Sent:
    """Change, repeat, drop or rename one parameter, in the form or in the query."""
    path, mark, query = sent.target.partition(b"?")
    pairs = (sent.body or query).split(b"&")
    at = random.randrange(len(pairs))
    name, _, value = pairs[at].partition(b"=")
    nasty = quote(random.choice(NASTY)).encode() if random.random() < 0.7 else random.choice(NASTY)
    changed = random.choice(
        (
            [name + b"=" + nasty],
            [pairs[at], pairs[at]],
            [pairs[at], name + b"=" + nasty],
            [],
            [name + b"[]=" + value],
            [nasty + b"=" + value],
            [name + b"=" + value.swapcase()],
            [name],
        )
    )
    octets = b"&".join([*pairs[:at], *changed, *pairs[at + 1 :]])
    return sent.but(body=octets) if sent.body else sent.but(target=path + (mark or b"?") + octets)


def _huge(random: Random, sent: Sent) -> Sent:
    much = random.choice((b"a=b&" * 3_000, b"x" * 70_000, b"a=" + b"%41" * 12_000, b"[" * 40_000))
    return sent.but(body=sent.body + b"&" + much, method="POST")


def _media(random: Random, sent: Sent) -> Sent:
    kept = tuple(h for h in sent.headers if h[0] != b"content-type")
    return sent.but(headers=(*kept, (b"content-type", random.choice(MEDIA))))


MUTATIONS: tuple[Mutation, ...] = (
    _method, _target, _body, _flip, _header, _header, _parameter, _parameter, _parameter, _huge, _media
)  # fmt: skip


def bent(random: Random, sent: Sent) -> Sent:
    """Return the request, bent in one to three places."""
    for _ in range(random.randrange(1, 4)):
        sent = random.choice(MUTATIONS)(random, sent)
    return sent


def shown(sent: Sent, answer: Answer, wrong: list[str]) -> str:
    """Tell about one finding, enough to repeat it."""
    kept = sent.but(target=sent.target[:300], body=sent.body[:300])
    return f"{wrong} by {kept} > {answer.status} {answer.body[:200]!r}"


@pytest.mark.timeout(7200)
async def test_no_request_breaks_an_endpoint_or_learns_what_it_may_not(
    lone_house: House, counting: Counting
) -> None:
    random = Random(REQUESTS)  # noqa: S311 bending requests is no secret
    taken = await seeds(lone_house)
    found, statuses = [], Counter[int]()
    for at in counting("requests", REQUESTS):
        sent = bent(random, taken[at % len(taken)])
        answer = await call(lone_house.web, sent)
        statuses[answer.status] += 1
        if wrong := faults_of(answer, CANARIES):
            found.append(shown(sent, answer, wrong))
    assert found[:20] == []
    assert len(statuses) > 5, statuses


async def test_every_route_answers_its_own_seed_without_trouble(lone_house: House) -> None:
    for sent in await seeds(lone_house):
        answer = await call(lone_house.web, sent)
        assert faults_of(answer, CANARIES) == [], shown(sent, answer, faults_of(answer, CANARIES))


@pytest.mark.parametrize("method", ["TRACE", "PUT", "DELETE", "PATCH", "OPTIONS", "CONNECT", "PROPFIND"])
async def test_a_method_that_no_route_has_is_refused_everywhere(lone_house: House, method: str) -> None:
    for sent in await seeds(lone_house):
        answer = await call(lone_house.web, sent.but(method=method))
        assert (answer.status, faults_of(answer, CANARIES)) == (405, []), sent


async def test_the_same_requests_break_nothing_on_another_engine(house: House) -> None:
    random = Random(7)  # noqa: S311 bending requests is no secret
    taken = await seeds(house)
    for at in range(len(taken) * 3):
        sent = bent(random, taken[at % len(taken)])
        answer = await call(house.web, sent)
        assert faults_of(answer, CANARIES) == [], shown(sent, answer, faults_of(answer, CANARIES))
    assert (await follow(house.browser(), TOWN_PARTY.url())).status_code in {200, 303}

"""Every entry at which a person is let in, or something that they proved is used: one function for each.

An entry returns whether it let somebody in. `rests` says what it stands on: a state that closes any of
that closes the entry (states.py).
"""

from __future__ import annotations

import enum
from base64 import b64decode
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from demo.app_device import Refused
from demo.app_push import Pushes
from tests.hostile.matrix.scene import MINE, SAML, Prepared, letters, to_password
from tests.journeys.house import RESULTS
from tests.journeys.party import CLINIC_PARTY, TOWN_PARTY
from tests.journeys.saml_party import form_of, ticket
from tests.means.bureau import OTHER
from tests.means.keyholders import options_of, send
from tests.means.telephones import CALLED_PAGE, OTHER_PIN, PIN, page_number_on
from tests.web.linked import code_of

PUSH_SERVICE = "https://push.example"
BEYOND = {200, 303, 400, 403, 404, 410}
"""What a page of My account answers who is inside: a form that is incomplete, or what is not theirs, too."""
TURNED_AWAY = (b"form-expired", b"party-closed", b"account-closed", b"account-held")
"""The codes on a page of an error that comes instead of a login."""
NEW = {"new_password": OTHER, "repeat_password": OTHER}


class On(enum.Enum):
    """What an entry rests on."""

    ACCOUNT = "an account that is in use"
    ACCOUNT_MEANS = "the account as a means that is admitted"
    EARLIER = "something that was proven before"
    LOW = "a login at level low"
    RECOVERY = "an account that its person may open again"
    PERSON = "a person who may have an account"
    APP = "an app that was added"
    APP_MEANS = "the app as a means that is admitted"
    PASSKEY = "a passkey that was added"
    PASSKEY_MEANS = "passkeys as a means that is admitted"
    DOCUMENT = "a document that was not reported"


@dataclass(frozen=True, slots=True)
class Entry:
    """One way in: what it is tried with, what it rests on, and whether others come after it.

    What is `last` changes the account where it lets in, so it is tried after all others.
    """

    act: Callable[[Prepared], Awaitable[bool]]
    rests: frozenset[On]
    last: int = 0

    @property
    def name(self) -> str:
        """What it is called in a failure."""
        return self.act.__name__

    async def admits(self, at: Prepared) -> bool:
        """Try it."""
        try:
            return await self.act(at)
        except Refused:
            return False


async def authorize(at: Prepared) -> bool:
    browser = at.town.browser()
    page = await to_password(browser, CLINIC_PARTY.for_service(RESULTS))
    page = await at.town.sign_in(browser, page)
    if page.title != "Fill in the code from the text message":
        return False
    page = await browser.send(page, code=await at.town.bureau.texted_code(), do="confirm")
    return bool(code_of(page))


async def password(at: Prepared) -> bool:
    browser, page = at.logins.password
    page = await at.town.sign_in(browser, page)
    return page.title == "Fill in the code from the text message"


async def sms_code(at: Prepared) -> bool:
    browser, page, code = at.logins.code
    return bool(code_of(await browser.send(page, code=code, do="confirm")))


async def confirm(at: Prepared) -> bool:
    browser, page = at.logins.confirm
    return bool(code_of(await browser.send(page, do="confirm")))


async def single_sign_on(at: Prepared) -> bool:
    return bool(code_of(await at.logins.shared.open(CLINIC_PARTY.for_service(RESULTS))))


async def redeem(at: Prepared) -> bool:
    return (await CLINIC_PARTY.redeem(at.town.browser().http, at.answers.grant)).status_code == 200


async def refresh(at: Prepared) -> bool:
    token = at.logins.tokens["refresh_token"]
    answer = await CLINIC_PARTY.refresh(at.town.browser().http, token)
    if answer.status_code == 200:
        at.logins.tokens = answer.json()
    return answer.status_code == 200


async def userinfo(at: Prepared) -> bool:
    bearer = {"authorization": f"Bearer {at.logins.tokens['access_token']}"}
    return (await at.town.browser().http.get("/oidc/userinfo", headers=bearer)).status_code == 200


async def introspect(at: Prepared) -> bool:
    token = at.logins.tokens["access_token"]
    told = await CLINIC_PARTY.post(at.town.browser().http, "/oidc/introspect", token=token)
    return bool(told.json()["active"])


async def saml_single_sign_on(at: Prepared) -> bool:
    came_back = await at.logins.shared.http.get(SAML.in_address(SAML.request(at.house)))
    if "SAMLart=" not in came_back.headers.get("location", ""):
        return False
    return await _resolved(at, ticket(came_back)["SAMLart"])


async def saml_artifact(at: Prepared) -> bool:
    return await _resolved(at, at.answers.artifact)


async def saml_answer(at: Prepared) -> bool:
    page = await at.logins.shared.http.get(at.answers.posted)
    return page.status_code == 200 and b"Assertion" in b64decode(form_of(page)[1]["SAMLResponse"])


async def _resolved(at: Prepared, artifact: str) -> bool:
    answer = await SAML.call(at.house, "/saml/artifact", SAML.resolving(at.house, artifact))
    return b"Assertion" in answer.content


async def ask_recovery(at: Prepared) -> bool:
    await letters(at.town)
    browser = at.town.browser()
    await browser.send(await browser.open("/account/forgotten"), **MINE)
    return await letters(at.town) > 0


async def recovery_letter(at: Prepared) -> bool:
    browser, page, code = at.ways.letter
    return (await browser.send(page, activation_code=code, **MINE)).address.endswith("/code")


async def recovery_code(at: Prepared) -> bool:
    browser, page, code = at.ways.code
    page = await browser.send(page, code=code)
    return (await browser.send(page, **NEW)).title == "You have a new password"


async def recovery_password(at: Prepared) -> bool:
    browser, page = at.ways.password
    return (await browser.send(page, **NEW)).title == "You have a new password"


async def apply(at: Prepared) -> bool:
    await letters(at.town)
    browser, page = at.ways.application
    await browser.send(page, do="skip")
    return await letters(at.town) > 0


async def activate_account(at: Prepared) -> bool:
    browser, page, code = at.ways.activation
    return (await browser.send(page, activation_code=code)).address == "/account"


async def app_contact(at: Prepared) -> bool:
    return bool((await at.apps.new.open_contact()).code)


async def app_choose(at: Prepared) -> bool:
    return (await at.phones.to_login(at.town.browser())).title == "Where is your app?"


async def app_scan(at: Prepared) -> bool:
    return bool((await at.apps.new.scan(at.apps.contact, number=at.apps.number)).id)


async def app_confirm(at: Prepared) -> bool:
    browser, page = at.apps.waiting_page
    await at.apps.device.confirm(at.apps.waiting, PIN)
    return bool(code_of(await browser.send(page, do="on")))


async def app_prove(at: Prepared) -> bool:
    browser, page = at.apps.confirmed
    return bool(code_of(await browser.send(page, do="on")))


async def app_come_back(at: Prepared) -> bool:
    browser, address = at.apps.back
    return bool(code_of(await browser.open(address)))


async def app_subscribe(at: Prepared) -> bool:
    await at.apps.device.subscribe(**Pushes(endpoint=f"{PUSH_SERVICE}/send/1").told())
    return True


async def app_change_pin(at: Prepared) -> bool:
    await at.apps.device.change_pin(PIN, OTHER_PIN)
    return True


async def app_waits(at: Prepared) -> bool:
    return bool((await at.apps.device.waiting()).id)


async def app_match(at: Prepared) -> bool:
    """Try another number than the page shows: whoever is not let in does not hear that it is wrong."""
    session, shown = at.apps.summoned, page_number_on(at.apps.called)
    try:
        await at.apps.device.match(session, "100" if shown != "100" else "101")
    except Refused as refused:
        return refused.code == "credentials-wrong"
    return False


async def app_call(at: Prepared) -> bool:
    """Call it while another login does: whoever is not let in does not hear that either."""
    page = await at.phones.call(at.apps.knowing)
    return page.wrong == [""] or page.title == CALLED_PAGE


async def app_single_sign_on(at: Prepared) -> bool:
    return bool(code_of(await at.apps.shared.open(TOWN_PARTY.url())))


async def app_add(at: Prepared) -> bool:
    page = await at.apps.inside.open("/account/apps/new")
    return (await at.apps.inside.send(page, do="begin")).title == "Where is your app?"


async def app_activate(at: Prepared) -> bool:
    device, session = at.apps.keying
    return bool((await device.activate(session, OTHER_PIN))["status"] == "active")


async def passkey_login(at: Prepared) -> bool:
    holders = at.passkeys.holders
    page = await holders.to_login(at.town.browser())
    return page.title == "Log in with a passkey"


async def passkey_answer(at: Prepared) -> bool:
    browser, page = at.passkeys.asked
    return bool(code_of(await send(browser, page, at.passkeys.device.use(options_of(page)))))


async def enter(at: Prepared) -> bool:
    browser, ticket = at.answers.ticket
    await browser.open(ticket)
    return (await browser.open("/account")).title == "My account"


def own_page(method: str, path: str, *rests: On, file: bool = False) -> Entry:
    """Make the entry of a page of My account, or of a form with a file there.

    Whoever is not let in is sent to a login, or told why not. No third thing counts as either.
    """

    async def act(at: Prepared) -> bool:
        browser, form = at.apps.inside, {"csrf": at.apps.proof}
        files = {"file": ("numbers.txt", b"")} if file else None
        sent = browser.http.get(path) if method == "GET" else browser.http.post(path, data=form, files=files)
        response = await sent
        if response.headers.get("location", "").startswith(("/login/", "/means/")):
            return False
        if b'action="/login/' in response.content:
            return False
        assert response.status_code in BEYOND, (method, path, response.status_code)
        return not any(code in response.content for code in TURNED_AWAY)

    act.__name__ = f"{method} {path}"
    return Entry(act, INSIDE | {*rests})


BY_ACCOUNT = frozenset({On.ACCOUNT, On.ACCOUNT_MEANS})
FRESH = BY_ACCOUNT | {On.LOW}
PROVEN = FRESH | {On.EARLIER}
INSIDE = BY_ACCOUNT | {On.EARLIER}
WITH_APP = frozenset({On.ACCOUNT, On.LOW, On.APP, On.APP_MEANS})

AUTHORIZE = Entry(authorize, FRESH)
PASSWORD = Entry(password, BY_ACCOUNT)
SMS_CODE = Entry(sms_code, PROVEN)
CONFIRM = Entry(confirm, PROVEN)
SINGLE_SIGN_ON = Entry(single_sign_on, PROVEN)
REDEEM = Entry(redeem, PROVEN)
REFRESH = Entry(refresh, PROVEN)
USERINFO = Entry(userinfo, PROVEN)
INTROSPECT = Entry(introspect, PROVEN)
SAML_SINGLE_SIGN_ON = Entry(saml_single_sign_on, PROVEN)
SAML_ARTIFACT = Entry(saml_artifact, PROVEN)
SAML_ANSWER = Entry(saml_answer, PROVEN)
ASK_RECOVERY = Entry(ask_recovery, frozenset({On.RECOVERY}), last=1)
RECOVERY_LETTER = Entry(recovery_letter, frozenset({On.RECOVERY}))
APPLY = Entry(apply, frozenset({On.PERSON}))
APP_CONTACT = Entry(app_contact, frozenset({On.APP_MEANS}))
APP_CHOOSE = Entry(app_choose, frozenset({On.APP_MEANS, On.LOW}))
APP_SCAN = Entry(app_scan, frozenset({On.APP_MEANS}))
APP_CONFIRM = Entry(app_confirm, WITH_APP)
APP_PROVE = Entry(app_prove, WITH_APP | {On.EARLIER})
APP_COME_BACK = Entry(app_come_back, WITH_APP | {On.EARLIER})
APP_SINGLE_SIGN_ON = Entry(app_single_sign_on, WITH_APP | {On.EARLIER})
APP_SUBSCRIBE = Entry(app_subscribe, WITH_APP - {On.LOW})
APP_CHANGE_PIN = Entry(app_change_pin, WITH_APP - {On.LOW}, last=1)
APP_WAITS = Entry(app_waits, frozenset({On.APP, On.APP_MEANS}), last=1)
APP_MATCH = Entry(app_match, WITH_APP - {On.LOW})
APP_CALL = Entry(app_call, WITH_APP)
ENTER = Entry(enter, INSIDE)
APP_ADD = Entry(app_add, PROVEN | {On.APP_MEANS})
APP_ACTIVATE = Entry(app_activate, frozenset({On.ACCOUNT, On.EARLIER, On.APP_MEANS}))
PASSKEY_LOGIN = Entry(passkey_login, frozenset({On.LOW, On.PASSKEY_MEANS}))
PASSKEY_ANSWER = Entry(passkey_answer, frozenset({On.ACCOUNT, On.LOW, On.PASSKEY, On.PASSKEY_MEANS}))
RECOVERY_CODE = Entry(recovery_code, frozenset({On.RECOVERY}), last=2)
RECOVERY_PASSWORD = Entry(recovery_password, frozenset({On.RECOVERY}), last=3)
ACTIVATE_ACCOUNT = Entry(activate_account, frozenset({On.PERSON, On.ACCOUNT_MEANS}), last=4)

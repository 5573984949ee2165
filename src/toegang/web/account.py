"""My account: look, change the password or the number, forget devices, report misuse, suspend, end.

Who is inside is found by staying.py. A change withdraws what was proven before it, so it ends the stay:
its last page leads to a new login.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from toegang.catalogue.values import Role
from toegang.errors import (
    CredentialsWrong,
    NumberNotUsable,
    OneTimeGone,
    PasswordTooWeak,
    Refusal,
    TooManyTries,
)
from toegang.login.decision import Wanted
from toegang.means.citizen.own_account import NewPassword
from toegang.web import (
    asking_many,
    ending_mandates,
    giving_help,
    giving_mandates,
    giving_on,
    giving_whom,
    history,
    limiting,
    mandate_files,
    mandate_jobs,
    mandate_services,
    mandates_of,
    mandates_used,
    misuse,
    own_data,
    own_level,
    own_mail,
    own_mandates,
    own_means,
    own_notices,
    own_teams,
    staying,
    team_lists,
    team_names,
    team_views,
)
from toegang.web.answers import redirect
from toegang.web.sheets import Sheet, new_password
from toegang.web.staying import HOME, changing, inside

if TYPE_CHECKING:
    from starlette.responses import Response

    from toegang.web.sheets import Desk
    from toegang.web.staying import Here

LETTER = HOME + "/number/letter"

PASSWORD = Sheet(
    name="citizen/new_password",
    places={
        CredentialsWrong: ("current_password", "password-wrong"),
        PasswordTooWeak: ("new_password", "password-guessable"),
        TooManyTries: ("current_password", "too-many-tries"),
    },
    signed_in=True,
)
NUMBER = Sheet(
    name="account/change_number",
    places={
        NumberNotUsable: ("telephone", "number-not-usable"),
        TooManyTries: ("telephone", "too-many-tries"),
    },
    kept=("telephone",),
    signed_in=True,
)
NUMBER_CODE = Sheet(
    name="citizen/sms_code",
    places={
        CredentialsWrong: ("code", "code-wrong"),
        OneTimeGone: ("code", "code-expired"),
        TooManyTries: ("code", "too-many-tries"),
    },
    signed_in=True,
)
NUMBER_LETTER = Sheet(
    name="account/number_letter",
    places={
        CredentialsWrong: ("letter_code", "code-wrong"),
        OneTimeGone: ("letter_code", "number-letter-gone"),
    },
    signed_in=True,
)
END = Sheet(name="account/end_account", signed_in=True)
SUSPEND = Sheet(name="account/suspend_account", signed_in=True)
NOT_SURE = {"sure": ("not-confirmed",)}


async def overview(here: Here) -> Response:
    """Show the account."""
    seen = await here.rooms.citizen.own.overview(here.signed_in, here.visit.visitor, here.now)
    recent = await history.logins_of(here, Wanted(limit=history.LATELY, before=here.now))
    offered = here.rooms.passkeys.own.offered(here.now)
    return here.page(
        "account/overview",
        level=seen.reach,
        number_end=seen.number_ending,
        since=seen.activated_at,
        recent=history.rows(recent),
        operator=here.rooms.operators.works(here.stay, here.now),
        officer=here.rooms.operators.works(here.stay, here.now, Role.MANDATE_OFFICER),
        help_desk=here.rooms.operators.works(here.stay, here.now, Role.HELP_DESK),
        apps=here.rooms.apps.own.offered(here.now),
        passkeys=offered,
        offer_passkey=offered and not await here.rooms.passkeys.own.passkeys(here.signed_in),
        cards=here.rooms.cards is not None,
        hand_overs=await own_mandates.hand_overs(here),
    )


async def show_password(here: Here) -> Response:
    """Ask for the present and the new password."""
    return here.desk(proof="current_password").show(PASSWORD)


async def change_password(here: Here) -> Response:
    """Change the password."""
    own = here.rooms.citizen.own
    try:
        typed = NewPassword(old=here.form.get("current_password", ""), new=new_password(here.form))
        await own.change_password(here.signed_in, here.visit.visitor, typed, here.now)
    except Refusal as refusal:
        return here.desk(proof="current_password").refuse(PASSWORD, refusal)
    return await here.leave(here.page("citizen/password_changed", next=HOME))


async def show_number(here: Here) -> Response:
    """Ask for the new number."""
    return (await _number_desk(here)).show(NUMBER)


async def give_number(here: Here) -> Response:
    """Send a code to the new number."""
    own, typed = here.rooms.citizen.own, here.form.get("telephone", "")
    try:
        change = await own.give_number(here.signed_in, here.visit.visitor, typed, here.now)
    except Refusal as refusal:
        return (await _number_desk(here)).refuse(NUMBER, refusal)
    return redirect(here.rooms, f"{HOME}/number/{change}", here.visit)


async def show_number_code(here: Here) -> Response:
    """Ask for the code that was sent to the new number."""
    kept = await _change(here)
    return here.desk(number_end=kept, purpose="phone").show(NUMBER_CODE)


async def confirm_number(here: Here) -> Response:
    """Take the code, send another, or take another number."""
    own, visitor, change = here.rooms.citizen.own, here.visit.visitor, here.request.path_params["change"]
    ending, wish = await _change(here), here.form.get("do", "")
    if wish == "back":
        return redirect(here.rooms, HOME + "/number", here.visit)
    try:
        if wish == "resend":
            again = await own.send_again(here.signed_in, visitor, change, here.now)
            return redirect(here.rooms, f"{HOME}/number/{again}", here.visit)
        works = await own.confirm_number(here.signed_in, visitor, change, here.form.get("code", ""), here.now)
    except Refusal as refusal:
        return here.desk(number_end=ending, purpose="phone").refuse(NUMBER_CODE, refusal)
    if not works:
        return redirect(here.rooms, LETTER, here.visit)
    return await here.leave(here.page("account/number_changed", number_end=ending))


async def show_number_letter(here: Here) -> Response:
    """Say that a letter comes, and ask for its code."""
    return (await _number_desk(here)).show(NUMBER_LETTER)


async def add_number(here: Here) -> Response:
    """Take the code of the letter: the number counts from now on."""
    typed = here.form.get("letter_code", "")
    try:
        await here.rooms.citizen.own.add_number(here.signed_in, here.visit.visitor, typed, here.now)
    except Refusal as refusal:
        return (await _number_desk(here)).refuse(NUMBER_LETTER, refusal)
    seen = await here.rooms.citizen.own.overview(here.signed_in, here.visit.visitor, here.now)
    return here.page("account/number_added", number_end=seen.number_ending)


async def show_suspend(here: Here) -> Response:
    """Say what suspending means, and ask whether the person is sure."""
    return here.desk().show(SUSPEND)


async def suspend(here: Here) -> Response:
    """Suspend the account."""
    if here.form.get("sure") != "yes":
        return here.desk().wrong(SUSPEND, NOT_SURE)
    await here.rooms.citizen.own.suspend(here.signed_in, here.now)
    return await here.leave(here.page("account/suspended"))


async def show_end(here: Here) -> Response:
    """Say what ending means, and ask whether the person is sure."""
    return here.desk().show(END)


async def end(here: Here) -> Response:
    """End the account."""
    if here.form.get("sure") != "yes":
        return here.desk().wrong(END, NOT_SURE)
    await here.rooms.citizen.own.end(here.signed_in, here.now)
    return await here.leave(here.page("account/ended", at=here.now))


async def _number_desk(here: Here) -> Desk:
    seen = await here.rooms.citizen.own.overview(here.signed_in, here.visit.visitor, here.now)
    return here.desk(
        number_end=seen.number_ending,
        rests_until=seen.number_rests_until,
        waiting=seen.number_waiting,
    )


async def _change(here: Here) -> str:
    """Return the last digits of the number that waits for its code."""
    change = here.request.path_params["change"]
    own = here.rooms.citizen.own
    return (await own.find_change(here.signed_in, here.visit.visitor, change, here.now)).number_ending


ROUTES = (
    *staying.ROUTES,
    *history.ROUTES,
    *own_level.ROUTES,
    *own_means.ROUTES,
    *own_data.ROUTES,
    *misuse.ROUTES,
    *own_notices.ROUTES,
    *own_mail.ROUTES,
    *own_mandates.ROUTES,
    *ending_mandates.ROUTES,
    *giving_whom.ROUTES,
    *giving_mandates.ROUTES,
    *giving_help.ROUTES,
    *mandates_used.ROUTES,
    *giving_on.ROUTES,
    *limiting.ROUTES,
    *mandate_services.ROUTES,
    *mandate_files.ROUTES,
    *team_views.ROUTES,
    *mandate_jobs.ROUTES,
    *own_teams.ROUTES,
    *team_lists.ROUTES,
    *team_names.ROUTES,
    *mandates_of.ROUTES,
    *asking_many.ROUTES,
    ("GET", HOME, inside(overview)),
    ("GET", HOME + "/password", changing(show_password)),
    ("POST", HOME + "/password", changing(change_password)),
    ("GET", HOME + "/number", changing(show_number)),
    ("POST", HOME + "/number", changing(give_number)),
    ("GET", LETTER, changing(show_number_letter)),
    ("POST", LETTER, changing(add_number)),
    ("GET", HOME + "/number/{change}", changing(show_number_code)),
    ("POST", HOME + "/number/{change}", changing(confirm_number)),
    ("GET", HOME + "/suspend", changing(show_suspend)),
    ("POST", HOME + "/suspend", changing(suspend)),
    ("GET", HOME + "/end", changing(show_end)),
    ("POST", HOME + "/end", changing(end)),
)

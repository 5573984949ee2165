"""The mail address in My account: given, confirmed with a code, changed, removed. Only notices go there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from toegang.errors import CredentialsWrong, OneTimeGone, PartyClosed, Refusal, TooManyTries
from toegang.means.citizen.standing import check_open
from toegang.post.mail_address import MailAddress
from toegang.web.answers import redirect
from toegang.web.sheets import Fields, Sheet
from toegang.web.staying import HOME, changing

if TYPE_CHECKING:
    from starlette.responses import Response

    from toegang.web.sheets import Desk
    from toegang.web.staying import Here

MAIL = HOME + "/mail"
SHEET = Sheet(
    name="account/mail",
    places={TooManyTries: ("mail", "too-many-tries"), PartyClosed: ("mail", "no-mail-here")},
    kept=("mail",),
    signed_in=True,
)
CODE = Sheet(
    name="account/mail_code",
    places={
        CredentialsWrong: ("mail_code", "code-wrong"),
        OneTimeGone: ("mail_code", "code-expired"),
        TooManyTries: ("mail_code", "too-many-tries"),
    },
    signed_in=True,
)


async def show(here: Here) -> Response:
    """Show the address of now, and ask for another."""
    return (await _desk(here)).show(SHEET)


async def give(here: Here) -> Response:
    """Mail a code to the address, or forget the one of now."""
    own = here.rooms.citizen.own_notices
    if here.form.get("do") == "remove":
        await own.remove_mail(here.signed_in, here.now)
        return here.page("account/mail_set", mail="")
    fields = Fields(here.form)
    mail = fields.read("mail", MailAddress.parse, "mail-not-usable")
    if mail is None:
        return (await _desk(here)).wrong(SHEET, fields.errors)
    try:
        change = await own.give_mail(here.signed_in, here.visit.visitor, mail, here.now)
    except Refusal as refusal:
        return (await _desk(here)).refuse(SHEET, refusal)
    return redirect(here.rooms, f"{MAIL}/{change}", here.visit)


async def show_code(here: Here) -> Response:
    """Ask for the code that was mailed."""
    return here.desk(mail=await _waiting(here)).show(CODE)


async def confirm(here: Here) -> Response:
    """Take the code, or another address."""
    own, change = here.rooms.citizen.own_notices, here.request.path_params["change"]
    hint = await _waiting(here)
    if here.form.get("do") == "back":
        return redirect(here.rooms, MAIL, here.visit)
    typed = here.form.get("mail_code", "")
    try:
        await own.confirm_mail(here.signed_in, here.visit.visitor, change, typed, here.now)
    except Refusal as refusal:
        return here.desk(mail=hint).refuse(CODE, refusal)
    return here.page("account/mail_set", mail=hint)


async def _desk(here: Here) -> Desk:
    desk = here.rooms.citizen.own.desk
    mail = desk.kept_mail_of(check_open(await desk.accounts.find(here.signed_in.account)))
    return here.desk(mail=mail.hint if mail else "", mails=desk.posting.mails is not None)


async def _waiting(here: Here) -> str:
    """Return what is shown of the address that waits for its code."""
    change, visitor = here.request.path_params["change"], here.visit.visitor
    kept = await here.rooms.citizen.own_notices.find_change(here.signed_in, visitor, change, here.now)
    return kept.hint


ROUTES = (
    ("GET", MAIL, changing(show)),
    ("POST", MAIL, changing(give)),
    ("GET", MAIL + "/{change}", changing(show_code)),
    ("POST", MAIL + "/{change}", changing(confirm)),
)

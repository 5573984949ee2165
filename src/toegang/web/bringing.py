"""Bringing a partner's metadata in, for operators: upload it, see what it would change, take it over."""

from __future__ import annotations

from typing import TYPE_CHECKING

from toegang.catalogue.partners.bringing import SIGNER, Document, name_of_file, named_pins
from toegang.catalogue.partners.uploads import LARGEST, MOST, Uploader
from toegang.errors import ValueRefused
from toegang.login.transaction import browser_hash
from toegang.web.answers import redirect
from toegang.web.cockpit import address_of
from toegang.web.sheets import Sheet
from toegang.web.staying import BRINGING, operating, uploading

if TYPE_CHECKING:
    from starlette.responses import Response

    from toegang.catalogue.partners.takeover import Pins
    from toegang.web.staying import Here

UPLOAD = Sheet(name="cockpit/metadata", kept=("signer", "sha256", "organisation", "anew"), signed_in=True)
BESIDES = 65_536  # octets of a form beside the document: certificates, short fields, what parts them


async def show_form(here: Here) -> Response:
    """Ask for the document, and by whose word it is to be believed."""
    return here.desk(largest=LARGEST, most=MOST).show(UPLOAD)


async def upload(here: Here) -> Response:
    """Read the document, and keep it while the operator looks at what it would change."""
    try:
        name = await here.rooms.uploads.hold(_uploader(here), _document(here), here.now)
    except ValueRefused as refusal:
        return here.desk(largest=LARGEST, most=MOST).refuse(UPLOAD, refusal)
    return redirect(here.rooms, f"{BRINGING}/{name}", here.visit)


async def preview(here: Here) -> Response:
    """Show what would change."""
    found = await here.rooms.uploads.preview(here.request.path_params["upload"], _uploader(here), here.now)
    return here.page("cockpit/metadata_preview", preview=found)


async def confirm(here: Here) -> Response:
    """Take it over, or leave it."""
    uploads, name, uploader = here.rooms.uploads, here.request.path_params["upload"], _uploader(here)
    if here.form.get("do") != "take-over":
        await uploads.drop(name, uploader, here.now)
        return redirect(here.rooms, BRINGING, here.visit)
    judged = await uploads.confirm(name, uploader, here.form.get("mark", ""), here.now)
    done = [{"entity_id": each.found.entity_id, "taken": each.taken} for each in judged]
    return here.page(
        "cockpit/metadata_done", done=[row | {"address": address_of(str(row["entity_id"]))} for row in done]
    )


def _uploader(here: Here) -> Uploader:
    holder = here.rooms.operators.check(here.stay, here.now)
    browser = browser_hash(here.visit.browser.secret or "")
    return Uploader(operator=holder.id, subject=holder.subject, browser=browser)


def _document(here: Here) -> Document:
    """Read the form.

    Raises:
        ValueRefused: a field is missing or cannot be read.

    """
    sent = here.files.get("metadata")
    if sent is None or not sent.octets:
        field = "metadata"
        raise ValueRefused(field, "file-missing")
    return Document(
        octets=sent.octets,
        source=name_of_file(sent.name),
        pins=_pins(here),
        organisation=here.form.get("organisation", "").strip(),
        anew=here.form.get("anew") == "yes",
    )


def _pins(here: Here) -> Pins:
    pasted, file = here.form.get("signer", "").strip(), here.files.get("signer_file")
    signers = [octets for octets in (pasted.encode(), file.octets if file else b"") if octets]
    try:
        found = named_pins(signers, here.form.get("sha256", ""))
    except ValueRefused as refusal:
        field = "signer_file" if refusal.field == SIGNER and not pasted else refusal.field
        raise ValueRefused(field, refusal.reason, refusal.detail) from refusal
    if found is None:
        field = "signer_file"
        raise ValueRefused(field, "pin-missing")
    return found


ROUTES = (
    ("GET", BRINGING, operating(show_form)),
    ("POST", BRINGING, uploading(upload, LARGEST + BESIDES)),
    ("GET", BRINGING + "/{upload}", operating(preview)),
    ("POST", BRINGING + "/{upload}", operating(confirm)),
)

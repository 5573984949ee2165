"""Checks of identity documents, wired: the register, and whom to believe of which documents."""

from __future__ import annotations

from typing import TYPE_CHECKING

from toegang.app.ground import read_text
from toegang.app.life import reports
from toegang.emrtd.data_groups import Application
from toegang.errors import Misconfigured
from toegang.means.document.check import DocumentCheck
from toegang.means.document.trusting import TrustFolder
from toegang.registers.documents_http import HttpDocuments

if TYPE_CHECKING:
    from toegang.app.ground import Ground
    from toegang.config import Settings
    from toegang.means.app.apps import Apps


def trust_folders(settings: Settings) -> dict[Application, TrustFolder]:
    """Return whom the settings say to believe, by the layout of the documents; nothing is read yet."""
    documents = settings.documents
    folders = {Application.TRAVEL: documents.travel_trust, Application.LICENCE: documents.licence_trust}
    return {which: TrustFolder(path=path) for which, path in folders.items() if path is not None}


def offers_checks(settings: Settings) -> bool:
    """Tell whether documents are checked here.

    Raises:
        Misconfigured: there is a register and nobody to believe.

    """
    if not settings.documents.register:
        return False
    if not trust_folders(settings):
        message = "set documents.travel_trust, documents.licence_trust or both"
        raise Misconfigured(message)
    return True


def document_check(ground: Ground, apps: Apps) -> DocumentCheck | None:
    """Open the check of documents; None where there is none.

    Raises:
        Misconfigured: whom to believe cannot be read.

    """
    settings = ground.settings
    if not offers_checks(settings):
        return None
    trusts = trust_folders(settings)
    for each in trusts.values():
        each.trust(ground.clock.now())
    return DocumentCheck(
        desk=apps.meeting.desk,
        documents=HttpDocuments(
            outbound=ground.outbound,
            clock=ground.clock,
            url=settings.documents.register,
            secret=read_text(settings.documents.token_file),
        ),
        trusts=trusts,
        reports=reports(ground),
    )

"""Reader sessions, wired: what is kept of them, and what they are for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from toegang.app.documents import document_check
from toegang.keys.secret import SealingKey
from toegang.means.document.check import PURPOSE as DOCUMENT
from toegang.means.document.checks import Checks
from toegang.means.reader.keeping import Talks
from toegang.means.reader.policy import ReaderPolicy
from toegang.means.reader.readers import ReaderMemory, Readers
from toegang.means.reader.sessions import ReaderSession
from toegang.storage import ExpiringStore

if TYPE_CHECKING:
    from collections.abc import Mapping

    from toegang.app.ground import Ground
    from toegang.means.app.apps import Apps
    from toegang.means.reader.conversation import Conversation


def checks_with(ground: Ground, apps: Apps, others: Mapping[str, Conversation]) -> Checks:
    """Open checks of documents, and the reader sessions that they and `others` are held in."""
    check = document_check(ground, apps)
    conversations = {**({DOCUMENT: check} if check else {}), **others}
    return Checks(
        desk=apps.meeting.desk,
        readers=readers(ground, apps, conversations),
        reader=ground.settings.documents.reader,
    )


def readers(ground: Ground, apps: Apps, conversations: Mapping[str, Conversation]) -> Readers:
    """Open reader sessions for these purposes; who waits for one is told as who waits for an app."""
    database, desk = ground.database, apps.meeting.desk
    return Readers(
        units=ground.units,
        ids=ground.ids,
        memory=ReaderMemory(
            sessions=ExpiringStore(database, "reader-session", ReaderSession),
            codes=ExpiringStore(database, "reader-code", str),
            readers=ExpiringStore(database, "reader-secret", str),
            talks=Talks(
                kept=ExpiringStore(database, "reader-talk", bytes),
                sealing=SealingKey.derive({1: ground.secrets.seal}, "reader"),
            ),
        ),
        watcher=desk.watcher,
        tallies=desk.account.tallies,
        conversations=conversations,
        policy=ReaderPolicy(),
    )

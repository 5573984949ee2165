"""Mail, wired: the server that takes it, who it comes from, and the mailbox of operators."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from toegang.app.ground import read_text, wire_of
from toegang.errors import Misconfigured
from toegang.outbound.smtp import MailServer, MailWire, Security
from toegang.post.mail import MailCarrier, MailPost
from toegang.post.mail_address import MailAddress

if TYPE_CHECKING:
    from toegang.app.ground import Ground
    from toegang.config import Settings

PORTS = range(1, 65_536)


def mail_post(ground: Ground) -> MailPost | None:
    """Open the door for mail; None where no mail server is set."""
    if not ground.settings.mail.host:
        return None
    return MailPost(outbox=ground.outbox, ids=ground.ids, host=_host(ground.settings))


def mail_carrier(settings: Settings) -> MailCarrier | None:
    """Open who brings mail to the server; None where none is set.

    Raises:
        Misconfigured: what is wrong with the settings.

    """
    mail = settings.mail
    if not mail.host:
        return None
    try:
        security = Security(mail.security)
    except ValueError as error:
        message = "mail.security is `starttls`, `tls` or `none`"
        raise Misconfigured(message) from error
    if mail.port not in PORTS:
        message = "mail.port is a number from 1 to 65535"
        raise Misconfigured(message)
    server = MailServer(
        host=mail.host,
        port=mail.port,
        security=security,
        own_name=_host(settings).partition(":")[0],
        user=mail.user,
        password=read_text(mail.password_file),
    )
    return MailCarrier(
        wire=MailWire(server, wire_of(settings)),
        sender=_address("sender", mail.sender),
        name=settings.hub.name,
        host=_host(settings),
    )


def misuse_box(settings: Settings) -> MailAddress | None:
    """Return the mailbox for reports of misuse; None where none is set.

    Raises:
        Misconfigured: it is no address, or no mail server is set.

    """
    if not settings.mail.misuse:
        return None
    if not settings.mail.host:
        message = "mail.misuse: nothing can be mailed without mail.host"
        raise Misconfigured(message)
    return _address("misuse", settings.mail.misuse)


def _host(settings: Settings) -> str:
    return urlsplit(settings.hub.issuer).netloc


def _address(name: str, text: str) -> MailAddress:
    try:
        return MailAddress.parse(text)
    except ValueError as error:
        message = f"mail.{name}: not an address that mail can go to or come from"
        raise Misconfigured(message) from error

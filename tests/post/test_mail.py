"""Mail: of a fixed form, to addresses that cannot lie, over a connection that is as safe as it says."""

from __future__ import annotations

import asyncio
import ssl
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from email import message_from_bytes
from ipaddress import ip_network
from typing import TYPE_CHECKING

import pytest
from cryptography import x509

from demo.mailbox import MailBox
from tests.certificates import certify
from tests.post.house import house
from toegang.errors import Malformed, Misconfigured, Unavailable
from toegang.outbound.addresses import AllowedAddresses
from toegang.outbound.client import Wire, tls_context
from toegang.outbound.party import Bounds
from toegang.outbound.smtp import MailServer, MailWire, Security
from toegang.post.mail import KIND, Mail, MailCarrier, MailPost
from toegang.post.mail_address import MailAddress
from toegang.post.mail_texts import MAILS, MailPurpose
from toegang.post.outbox import Claim, Message
from toegang.post.texts import SMS, SmsPurpose

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from tests.post.house import House
    from toegang.clock import FixedClock

SENDER = MailAddress.parse("no-reply@toegang.example")
TO = MailAddress.parse("sanne@post.example")
LOOPBACK = AllowedAddresses(networks=(ip_network("127.0.0.0/8"), ip_network("::1/128")))
PLAIN = frozenset({"localhost"})
QUICK = Bounds(seconds=2.0, failures=2)


@pytest.fixture
async def home(clock: FixedClock, tmp_path: Path) -> AsyncIterator[House]:
    async with house(tmp_path, clock) as made:
        yield made


@asynccontextmanager
async def listening(box: MailBox) -> AsyncIterator[int]:
    server = await asyncio.start_server(box.serve, "127.0.0.1", 0)
    async with server:
        yield server.sockets[0].getsockname()[1]


def server_at(
    port: int, security: Security = Security.NONE, host: str = "localhost", **more: str
) -> MailServer:
    return MailServer(host=host, port=port, security=security, own_name="toegang.example", **more)


def wire(server: MailServer, authorities: Path | None = None) -> MailWire:
    context = tls_context(authorities)
    return MailWire(server, Wire(allowed=LOOPBACK, plain_http=PLAIN, tls=context), QUICK)


def carrier(server: MailServer, authorities: Path | None = None) -> MailCarrier:
    return MailCarrier(
        wire=wire(server, authorities), sender=SENDER, name="Toegang", host="toegang.example:8100"
    )


async def written(home: House, mail: Mail) -> Message:
    """Put a mail in the outbox, and return it as its carrier gets it."""
    post, now = MailPost(outbox=home.outbox, ids=home.ids, host="toegang.example"), home.clock.now()
    claim = Claim(name="test", kind=KIND, limit=1, until=now + timedelta(minutes=1))
    async with home.database.begin() as unit:
        await post.send(unit, mail, now + timedelta(days=1), now)
        (kept,) = await home.store.claim(unit, claim, now)
    assert TO.address.encode() not in kept.sealed
    return home.outbox.unseal(kept)


def notice(purpose: SmsPurpose | MailPurpose = SmsPurpose.NEW_BROWSER, **values: str) -> Mail:
    return Mail(purpose=purpose, to=TO, language="nl", values=values)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Sanne.de-Jong+nep@Post.Example", "Sanne.de-Jong+nep@post.example"),
        (" s@xn--bcher-kva.example ", "s@xn--bcher-kva.example"),
        ("s@bücher.example", "s@xn--bcher-kva.example"),
    ],
)
def test_an_address_is_kept_with_its_domain_in_small_ascii_letters(typed: str, kept: str) -> None:
    assert MailAddress.parse(typed).address == kept


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "sanne",
        "@post.example",
        "sanne@",
        "sanne@localhost",
        "sanne@127.0.0.1",
        "sanne@[127.0.0.1]",
        "sanne@post..example",
        "sanne@-post.example",
        ".sanne@post.example",
        "san..ne@post.example",
        '"sanne de"@post.example',
        "sanne de@post.example",
        "sannë@post.example",
        "sanne@post.example, thief@post.example",
        "sanne@post.example>\r\nRCPT TO:<thief@post.example",
        "sanne\r\nBcc: thief@post.example",
        "sanne@post.example\nBcc: thief@post.example",
        "sanne\x00@post.example",
        "sanne@post.example\u2028x",
        "<sanne@post.example>",
        "=?us-ascii?q?=41?=@post.example",
        "a" * 65 + "@post.example",
        "a@" + "b" * 250 + ".example",
    ],
)
def test_what_could_end_a_header_or_a_command_is_no_address(typed: str) -> None:
    with pytest.raises(ValueError, match="mail"):
        MailAddress.parse(typed)


def test_an_address_shows_itself_nowhere_but_for_a_hint() -> None:
    assert "sanne" not in f"{TO} {TO!r}"
    assert TO.hint == "s…@post.example"


@pytest.mark.parametrize("field", ["to", "subject", "language"])
@pytest.mark.parametrize("end", ["\r\n", "\n", "\r"])
def test_no_header_can_be_ended_by_what_stands_in_it(field: str, end: str) -> None:
    content = {
        "to": TO.address,
        "subject": "x",
        "language": "nl",
        "text": "x",
        "at": "2027-03-01T12:00:00+00:00",
    }
    content[field] += f"{end}Bcc: thief@post.example"
    made = carrier(server_at(25))
    try:
        raw = made.compose(content, "019a").as_bytes()
    except (ValueError, IndexError):
        return
    assert message_from_bytes(raw)["bcc"] is None


@pytest.mark.requires("RFC3834-5")
async def test_a_notice_says_the_words_of_its_text_message_and_no_answering_machine_answers(
    home: House,
) -> None:
    box = MailBox()
    async with listening(box) as port:
        await carrier(server_at(port)).carry(await written(home, notice()))
    (mail,) = box.mails
    assert (mail.sender, mail.to) == (SENDER.address, TO.address)
    assert mail.header("from") == "Toegang <no-reply@toegang.example>"
    assert mail.header("subject") == "Bericht over uw account"
    assert mail.header("auto-submitted") == "auto-generated"
    assert mail.header("message-id").endswith("@toegang.example>")
    assert mail.header("content-type").startswith("text/plain")
    assert datetime.strptime(mail.header("date"), "%a, %d %b %Y %H:%M:%S %z").tzinfo is not None
    assert SMS[SmsPurpose.NEW_BROWSER]["nl"].format(host="toegang.example") in mail.text
    assert "http" not in mail.text


async def test_the_same_mail_again_has_the_same_id_and_is_kept_once(home: House) -> None:
    box, message = MailBox(), await written(home, notice())
    async with listening(box) as port:
        for _ in range(2):
            await carrier(server_at(port)).carry(message)
    assert len(box.mails) == 1


def test_no_mail_has_a_link_of_others_and_none_but_the_code_has_a_secret() -> None:
    for purpose in [each for each in SmsPurpose if not each.value.endswith("-code")]:
        for language in ("nl", "en"):
            subject, text = Mail(purpose=purpose, to=TO, language=language).written("toegang.example")
            assert "://" not in subject + text
            assert "{" not in subject + text
    assert {purpose for purpose, texts in MAILS.items() if "{code}" in texts["nl"].text} == {
        MailPurpose.MAIL_CODE
    }


@pytest.mark.parametrize(
    ("reply", "error"),
    [("550 no such mail box", Malformed), ("450 come back later", Unavailable), ("452 full", Unavailable)],
)
async def test_a_receiver_that_is_not_there_is_final_and_one_that_is_full_is_not(
    home: House, reply: str, error: type[Exception]
) -> None:
    async with listening(MailBox(refuses={TO.address: reply})) as port:
        with pytest.raises(error) as found:
            await carrier(server_at(port)).carry(await written(home, notice()))
    assert TO.address not in str(found.value)


async def test_receivers_who_are_refused_keep_nobody_else_from_their_mail(home: House) -> None:
    box = MailBox(refuses={"full@post.example": "452 full", "none@post.example": "550 no such mail box"})
    message = await written(home, notice())
    async with listening(box) as port:
        wire = MailWire(
            server_at(port),
            Wire(allowed=LOOPBACK, plain_http=PLAIN, tls=tls_context()),
            Bounds(seconds=5.0, failures=2),
        )
        for to, error in (("full@post.example", Unavailable), ("none@post.example", Malformed)) * 2:
            with pytest.raises(error):
                await wire.deliver(SENDER.address, to, message.payload)
        await wire.deliver(SENDER.address, TO.address, message.payload)
    assert [mail.to for mail in box.mails] == [TO.address]


@pytest.mark.requires("RFC3207-4")
async def test_what_is_said_is_said_in_tls_to_whom_the_certificate_names(home: House, tmp_path: Path) -> None:
    own = certify(tmp_path, x509.DNSName("localhost"))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(own)
    box, message = MailBox(tls=context), await written(home, notice())
    async with listening(box) as port:
        started = server_at(port, Security.STARTTLS)
        await carrier(started, own).carry(message)
        assert (len(box.mails), box.secured) == (1, 1)
        with pytest.raises(Unavailable):
            await carrier(started).carry(message)  # vouched for by nobody that we know
        with pytest.raises(Unavailable):
            await carrier(server_at(port, Security.STARTTLS, "127.0.0.1"), own).carry(message)
    assert len(box.mails) == 1


@pytest.mark.requires("RFC3207-4")
async def test_a_server_that_offers_no_tls_is_told_nothing(home: House) -> None:
    box = MailBox()
    async with listening(box) as port:
        with pytest.raises(Unavailable):
            await carrier(server_at(port, Security.STARTTLS)).carry(await written(home, notice()))
    assert box.mails == []


async def test_a_server_that_hangs_is_left_in_time_and_then_rests(home: House) -> None:
    async def hang(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()

    message = await written(home, notice())
    server = await asyncio.start_server(hang, "127.0.0.1", 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        slow = MailWire(
            server_at(port),
            Wire(allowed=LOOPBACK, plain_http=PLAIN, tls=tls_context()),
            Bounds(seconds=0.2, failures=2),
        )
        for _ in range(2):
            with pytest.raises(Unavailable, match="Timeout"):
                await slow.deliver(SENDER.address, TO.address, message.payload)
        with pytest.raises(Unavailable, match="not called"):
            await slow.deliver(SENDER.address, TO.address, message.payload)


async def test_an_address_that_may_not_be_called_is_not(home: House) -> None:
    box = MailBox()
    async with listening(box) as port:
        server = server_at(port)
        closed = MailWire(server, Wire(plain_http=PLAIN, tls=tls_context()), QUICK)
        with pytest.raises(Unavailable):
            await closed.deliver(SENDER.address, TO.address, (await written(home, notice())).payload)
    assert box.mails == []


@pytest.mark.parametrize(
    "server",
    [server_at(25, Security.NONE, "mail.example"), server_at(25, Security.TLS, user="toegang")],
)
def test_settings_that_would_tell_others_or_prove_nothing_are_refused(server: MailServer) -> None:
    with pytest.raises(Misconfigured):
        wire(server)

"""A mail server is spoken to under TLS, with a certificate that is verified; what people write cannot become a header."""

import ssl
from pathlib import Path

import pytest
import trustme

from activities.post.mail import Email
from activities.requests import Delivered
from domain.rules import Channels
from schema import post
from tests.notices.paperwork import NOW, SENDER, PostOffice
from tests.notices.receivers import Mailbox, mail_server
from tests.stack import DISTRICT

MAIL = "clerk@anning.example"


def certified(name: str, authority: trustme.CA) -> ssl.SSLContext:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert(name).configure_cert(context)
    return context


@pytest.fixture
def authority(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> trustme.CA:
    """An authority of our own, which is trusted as an operator would have it trusted."""
    known = trustme.CA()
    known.cert_pem.write_to_path(str(tmp_path / "authority.pem"))
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "authority.pem"))
    return known


@pytest.fixture
async def letter(office: PostOffice) -> PostOffice:
    """A letter that waits for its mail."""
    office.channels[DISTRICT] = Channels(email=(MAIL,))
    await office.put("周报")
    return office


async def sent(office: PostOffice, server: str, plain_login: str | None = None) -> tuple[str, str | None]:
    """The state and the reason after one round by that server."""
    office.endpoints = {**office.endpoints, "email": Email(server, SENDER, plain_login=plain_login)}
    await office.deliver()
    ((state, _, reason),) = (await office.states("email")).values()
    return state, reason


@pytest.mark.parametrize("scheme", ["smtps", "smtp"])
async def test_user_and_password_go_to_a_trusted_server_under_tls(
    letter: PostOffice, authority: trustme.CA, scheme: str
) -> None:
    tls = certified("127.0.0.1", authority)
    settings = {"tls": tls} if scheme == "smtps" else {"tls_context": tls, "require_starttls": True}
    # To aiosmtpd only STARTTLS is TLS.
    async with mail_server(knows_people=True, auth_require_tls=scheme == "smtp", **settings) as mailbox:
        server = f"{scheme}://office:secret@127.0.0.1:{mailbox.port}"
        assert await sent(letter, server) == ("delivered", None)
    assert [user for user, _ in mailbox.logins] == ["office"]
    assert len(mailbox.mails) == 1


@pytest.mark.parametrize("scheme", ["smtps", "smtp"])
@pytest.mark.parametrize("wrong", ["authority", "name"])
async def test_a_server_with_a_wrong_certificate_gets_neither_password_nor_letter(
    letter: PostOffice, authority: trustme.CA, scheme: str, wrong: str
) -> None:
    tls = (
        certified("127.0.0.1", trustme.CA())
        if wrong == "authority"
        else certified("mail.example.cn", authority)
    )
    settings = {"tls": tls} if scheme == "smtps" else {"tls_context": tls}
    async with mail_server(knows_people=True, auth_require_tls=False, **settings) as mailbox:
        server = f"{scheme}://office:secret@127.0.0.1:{mailbox.port}"
        assert await sent(letter, server) == ("failing", "证书未通过验证 its certificate is not trusted")
    assert (mailbox.logins, mailbox.mails) == ([], [])


async def plainly(office: PostOffice, plain_login: str | None) -> tuple[str, Mailbox]:
    async with mail_server(knows_people=True, auth_require_tls=False) as mailbox:
        state, _ = await sent(office, f"smtp://office:secret@127.0.0.1:{mailbox.port}", plain_login)
    return state, mailbox


@pytest.mark.parametrize("plain_login", [None, "", "1", "true", "mail.example.cn"])
async def test_without_tls_a_password_is_not_sent(letter: PostOffice, plain_login: str | None) -> None:
    state, mailbox = await plainly(letter, plain_login)
    assert (state, mailbox.logins, mailbox.mails) == ("failing", [], [])


async def test_without_tls_a_password_is_sent_to_the_server_that_is_named(letter: PostOffice) -> None:
    state, mailbox = await plainly(letter, "127.0.0.1")
    assert (state, mailbox.logins) == ("delivered", [("office", False)])


async def test_a_wrong_password_is_no_letter_s_fault(letter: PostOffice) -> None:
    async with mail_server(knows_people=True, auth_require_tls=False) as mailbox:
        server = f"smtp://office:wrong@127.0.0.1:{mailbox.port}"
        found = await sent(letter, server, "127.0.0.1")
    assert found == ("failing", "SMTP 535: 登录被拒 login refused")


async def test_a_chinese_domain_is_written_as_the_net_writes_it(office: PostOffice) -> None:
    office.channels[DISTRICT] = Channels(email=("clerk@例子.中国",))
    await office.put("周报")
    office.endpoints = {
        **office.endpoints,
        "email": Email(office.mailbox.url, "清欠办 <post@例子.中国>"),
    }
    assert (await office.deliver()).letters == 2
    ((sender, recipients),) = office.mailbox.envelopes
    assert (sender, recipients) == ("post@xn--fsqu00a.xn--fiqs8s", ["clerk@xn--fsqu00a.xn--fiqs8s"])
    (raw,) = office.mailbox.raw
    assert raw.isascii()
    assert b"To: clerk@xn--fsqu00a.xn--fiqs8s\r\n" in raw


@pytest.mark.parametrize("knows_utf8", [True, False])
async def test_a_chinese_mailbox_needs_a_server_that_knows_it(office: PostOffice, knows_utf8: bool) -> None:
    office.channels[DISTRICT] = Channels(email=("李敏@例子.中国",))
    await office.put("周报")
    async with mail_server(enable_SMTPUTF8=knows_utf8) as mailbox:
        found = await sent(office, mailbox.url)
    if knows_utf8:
        assert found == ("delivered", None)
        assert mailbox.envelopes[0][1] == ["李敏@xn--fsqu00a.xn--fiqs8s"]
        assert mailbox.mails[0]["Subject"] == "关于 周报"
    else:
        assert found[0] == "refused"
        assert "不支持 SMTPUTF8" in (found[1] or "")
        assert mailbox.mails == []


async def test_a_subject_cannot_become_a_header(letter: PostOffice) -> None:
    written = "甲\r\nBcc: evil@example.cn\n\nX: y\x1b\x85\u2028乙"
    async with letter.engine.begin() as connection:
        await post.post(connection, "月报", "report", DISTRICT, written, "正文\r\n.\r\n..\r\n.end", NOW)
    await letter.deliver()
    assert await letter.deliver() == Delivered()
    (mail,) = letter.mailbox.mails
    assert mail["Bcc"] is None
    assert mail["Subject"] == "清欠文书 2 份 2 documents"
    async with letter.engine.begin() as connection:
        await post.post(connection, "季报", "report", DISTRICT, written, "正文\r\n.\r\n..\r\n.end", NOW)
    assert (await letter.deliver()).letters == 2
    alone = letter.mailbox.mails[1]
    assert (alone["Bcc"], alone["X"]) == (None, None)
    assert alone["Subject"] == "甲 Bcc: evil@example.cn X: y 乙"
    assert letter.mailbox.envelopes[1][1] == [MAIL]
    body = alone.get_body()
    assert body is not None
    assert body.get_content().splitlines() == ["正文", ".", "..", ".end"]


@pytest.mark.parametrize("sender", ["nobody", "a b@c", "李敏@qingqian.example", "post@-"])
def test_a_sender_that_is_none_is_refused(sender: str) -> None:
    with pytest.raises(ValueError, match="write the sender"):
        Email("smtps://host", sender)

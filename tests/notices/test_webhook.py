"""What is posted to a web address is signed as Standard Webhooks has it, and nothing that is answered can hurt."""

from typing import Any

import pytest
from standardwebhooks import Webhook, WebhookVerificationError

from activities.requests import Delivered
from domain.rules import Channels
from tests.notices.paperwork import SECRET, PostOffice
from tests.stack import DISTRICT

BOTH = Delivered(messages=2, letters=2)


@pytest.fixture
async def letter(office: PostOffice) -> PostOffice:
    """A letter that waits to be posted."""
    office.channels[DISTRICT] = Channels(webhook=(office.hook.url("/a"),))
    await office.put("周报")
    return office


async def test_a_receiver_verifies_with_the_library_of_the_standard(letter: PostOffice) -> None:
    assert await letter.deliver() == BOTH
    ((_, headers, body),) = letter.hook.requests
    told: Any = Webhook(SECRET).verify(body, headers)
    assert told["subject"] == "关于 周报"
    assert headers["webhook-id"] == told["id"]
    assert headers["content-type"] == "application/json"


@pytest.mark.parametrize("altered", ["body", "webhook-id", "webhook-timestamp"])
async def test_what_was_altered_or_is_old_is_not_verified(letter: PostOffice, altered: str) -> None:
    await letter.deliver()
    ((_, headers, body),) = letter.hook.requests
    if altered == "body":
        body = body.replace("周报".encode(), "月报".encode())
    elif altered == "webhook-id":
        headers["webhook-id"] = "another"
    else:
        headers["webhook-timestamp"] = str(int(headers["webhook-timestamp"]) - 301)
    with pytest.raises(WebhookVerificationError):
        Webhook(SECRET).verify(body, headers)


async def test_the_id_stays_and_the_time_and_signature_are_of_each_attempt(letter: PostOffice) -> None:
    letter.hook.status["/a"] = 503
    await letter.deliver()
    letter.hook.status.clear()
    again = await letter.next_try("webhook")
    assert again is not None
    await letter.deliver(again)
    (_, first, body), (_, second, same) = letter.hook.requests
    assert (first["webhook-id"], body) == (second["webhook-id"], same)
    for headers in (first, second):
        Webhook(SECRET).verify(body, headers)


@pytest.mark.parametrize(("status", "ends"), [(200, "delivered"), (500, "failing"), (410, "refused")])
async def test_an_answer_without_end_is_not_read(letter: PostOffice, status: int, ends: str) -> None:
    letter.hook.status["/a"] = status
    letter.hook.endless.add("/a")
    await letter.deliver()
    ((found, _, _),) = (await letter.states("webhook")).values()
    assert found == ends
    assert letter.hook.poured < 20_000_000, "what the sockets between hold"


async def test_a_redirection_is_not_followed(letter: PostOffice) -> None:
    letter.hook.status["/a"] = 307
    letter.hook.elsewhere["/a"] = letter.hook.url("/internal")
    assert (await letter.deliver()).failing == 1
    assert (await letter.states("webhook"))["周报"][2] == "HTTP 307"
    assert letter.hook.at("/internal") == []


async def test_nobody_is_asked_again_where_nobody_wants_it(letter: PostOffice) -> None:
    letter.hook.status["/a"] = 410
    assert (await letter.deliver()).refused == 1
    letter.hook.status.clear()
    again = await letter.next_try("webhook")
    assert again is None


async def test_a_chinese_host_is_asked_for_as_the_net_writes_it(
    office: PostOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By a proxy, which hears the name: nobody here has that host."""
    monkeypatch.setenv("HTTP_PROXY", office.hook.url(""))
    office.channels[DISTRICT] = Channels(webhook=("http://例子.中国:8080/收件?a=b",))
    await office.put("周报")
    assert await office.deliver() == BOTH
    ((target, headers, _),) = office.hook.requests
    assert target == "http://xn--fsqu00a.xn--fiqs8s:8080/%E6%94%B6%E4%BB%B6?a=b"
    assert headers["host"] == "xn--fsqu00a.xn--fiqs8s:8080"

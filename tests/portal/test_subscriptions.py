"""Programs have what changes posted: signed, by reference, in order, each entry once, again until it is taken."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text
from standardwebhooks import Webhook, WebhookVerificationError
from temporalio.testing import ActivityEnvironment

from activities.post.subscribers import Subscribers
from portal.api.subscriptions import KINDS
from tests.notices.receivers import Hook, web_server
from tests.portal.visits import Browser, add_token, opened, sign_in
from tests.stack import CITY, CLERK, DISTRICT, order
from workflows.delivery import TellSubscribers
from workflows.queue import TASK_QUEUE

HERE = "/api/v1/subscriptions"
HOST = "127.0.0.1"
ACCEPT = order("accept", CLERK)


@pytest.fixture
async def hook() -> AsyncIterator[Hook]:
    async with web_server() as hook:
        yield hook


@pytest.fixture
async def program(portal: Browser) -> Browser:
    """A program that may have something posted to this machine."""
    portal.headers.update(await add_token(portal.window))
    portal.app.state.window = replace(portal.window, subscriber_hosts=frozenset({HOST}))
    return portal


async def subscribed(program: Browser, hook: Hook, **more: Any) -> Any:
    answer = await program.post(HERE, json={"address": hook.url("/a"), **more})
    assert answer.status_code == 201, answer.text
    return answer.json()


async def told(
    program: Browser, later: timedelta = timedelta(0), hosts: frozenset[str] = frozenset({HOST}), **more: Any
) -> int:
    """A round of telling, some time from now."""
    subscribers = Subscribers(program.window.engine, hosts, **more)
    return await ActivityEnvironment().run(subscribers.tell_subscribers, datetime.now(UTC) + later)


async def state(program: Browser, no: int) -> Any:
    return (await program.get(f"{HERE}/{no}")).json()


def kinds(message: Any) -> list[str]:
    return [change["kind"] for change in message["changes"]]


async def test_what_changes_is_posted_signed_once_and_in_order(program: Browser, hook: Hook) -> None:
    await opened(program.desk)
    made = await subscribed(program, hook)
    assert made["state"] == "active"
    assert await told(program) == 0, "what was before is not told"
    case = await opened(program.desk, title="另一件", project="另一工程")
    await program.desk.cases.act(case.case_no, ACCEPT)
    assert await told(program) == 1
    assert await told(program) == 0
    ((_, headers, body),) = hook.requests
    message: Any = Webhook(made["secret"]).verify(body, headers)
    assert kinds(message) == ["received", "accepted"]
    assert {change["case_no"] for change in message["changes"]} == {case.case_no}
    assert set(message["changes"][0]) == {"id", "case_no", "seq", "kind", "on"}, (
        "references, and nothing of the case"
    )
    assert headers["webhook-id"] == message["id"]
    feed = (await program.get(f"/api/v1/changes?after={message['changes'][0]['id'] - 1}")).json()
    assert [one["id"] for one in feed["changes"]] == [one["id"] for one in message["changes"]]
    assert "secret" not in await state(program, made["no"])


async def test_only_the_kinds_that_were_asked_for_and_from_where_it_was_asked(
    program: Browser, hook: Hook
) -> None:
    await opened(program.desk, ACCEPT)
    await subscribed(program, hook, kinds=["accepted"], after=0)
    await told(program)
    assert [kinds(message) for message in hook.at("/a")] == [["accepted"]]
    foreign = program.another()
    foreign.headers.update(await add_token(program.window, "620104"))
    answer = await foreign.post(HERE, json={"address": hook.url("/foreign"), "after": 0})
    assert answer.status_code == 201
    await told(program)
    assert hook.at("/foreign") == [], "it sees no such case"


@pytest.mark.long
async def test_what_was_not_taken_comes_again_the_same_and_goes_on_after_that(
    program: Browser, hook: Hook
) -> None:
    made = await subscribed(program, hook)
    case = await opened(program.desk)
    hook.status["/a"] = 503
    assert await told(program) == 0
    failing = await state(program, made["no"])
    assert (failing["state"], failing["last_error"]) == ("failing", "http_503")
    assert failing["next_try_at"].endswith("+08:00")
    assert await told(program) == 0, "its time has not come"
    assert len(hook.requests) == 1
    await program.desk.cases.act(case.case_no, ACCEPT)
    hook.status.clear()
    assert await told(program, timedelta(minutes=2)) == 2
    first, again, more = hook.at("/a")
    assert first == again
    assert kinds(more) == ["accepted"]
    assert (await state(program, made["no"]))["state"] == "active"


@pytest.mark.parametrize(("status", "days"), [(410, 0), (500, 8)])
async def test_an_address_that_wants_nothing_or_is_away_for_a_week_is_told_no_more(
    program: Browser, hook: Hook, status: int, days: int
) -> None:
    made = await subscribed(program, hook)
    await opened(program.desk)
    hook.status["/a"] = status
    await told(program)
    if days:
        await told(program, timedelta(days=days))
    assert (await state(program, made["no"]))["state"] == "ended"
    sent = len(hook.requests)
    await told(program, timedelta(days=30))
    assert len(hook.requests) == sent
    anew = await subscribed(program, hook)
    assert (anew["no"], anew["state"], anew["secret"] != made["secret"]) == (made["no"], "active", True)
    hook.status.clear()
    await told(program)
    _, headers, body = hook.requests[-1]
    Webhook(anew["secret"]).verify(body, headers)
    with pytest.raises(WebhookVerificationError):
        Webhook(made["secret"]).verify(body, headers)


@pytest.mark.long
async def test_a_failure_after_a_success_is_the_first_of_its_own(program: Browser, hook: Hook) -> None:
    made = await subscribed(program, hook)
    case = await opened(program.desk)
    hook.status["/a"] = 503
    await told(program)
    await program.desk.cases.act(case.case_no, ACCEPT)
    hook.first["/a"] = [204]
    week = timedelta(days=7, hours=1)
    assert await told(program, week) == 1
    assert (await state(program, made["no"]))["state"] == "failing", "it took something a moment ago"
    hook.status.clear()
    assert await told(program, week + timedelta(minutes=2)) == 1, "a first failure has the first pause"


async def test_a_worker_that_may_not_post_there_ends_nothing(program: Browser, hook: Hook) -> None:
    made = await subscribed(program, hook)
    await opened(program.desk)
    for days in (0, 3, 8, 30):
        assert await told(program, timedelta(days=days), frozenset()) == 0
    left = await state(program, made["no"])
    assert (left["state"], left["last_error"]) == ("failing", "host_not_allowed")
    assert await told(program, timedelta(days=30, minutes=2)) == 1
    assert (await state(program, made["no"]))["last_error"] is None


@pytest.mark.long
@pytest.mark.parametrize("status", [204, 503, 410])
async def test_what_becomes_of_a_message_changes_nothing_of_what_was_asked_for_meanwhile(
    program: Browser, hook: Hook, status: int
) -> None:
    made = await subscribed(program, hook)
    case = await opened(program.desk)
    hook.first["/a"] = [status]
    hook.meanwhile["/a"] = lambda: subscribed(program, hook, kinds=["received"], after=0)
    await told(program)
    anew = await state(program, made["no"])
    assert (anew["state"], anew["after"], anew["last_error"]) == ("active", 0, None)
    assert await told(program) == 1
    before, after = hook.at("/a")
    assert {change["case_no"] for change in before["changes"] + after["changes"]} == {case.case_no}
    assert before["id"] != after["id"], "asked for anew, it is another message"


async def test_nothing_more_is_posted_once_it_is_ended_meanwhile(program: Browser, hook: Hook) -> None:
    made = await subscribed(program, hook)
    await opened(program.desk)
    hook.meanwhile["/a"] = lambda: program.delete(f"{HERE}/{made['no']}")
    await told(program)
    assert (await state(program, made["no"]))["state"] == "ended"


@pytest.mark.long
async def test_a_message_says_the_same_again_whatever_has_come_into_sight(
    program: Browser, hook: Hook
) -> None:
    city = f"clerk:周@{CITY}"
    handed = await opened(program.desk, order("accept", city), office=CITY)
    await opened(program.desk, title="另一件", project="另一工程")
    await subscribed(program, hook, after=0)
    hook.first["/a"] = [503]
    await told(program)
    await program.desk.cases.act(handed.case_no, order("forward", city, to=DISTRICT))
    await told(program, timedelta(minutes=2))
    first, again, *more = hook.at("/a")
    assert first == again
    assert [kinds(message) for message in more] == [["forwarded"]]


@pytest.mark.long
async def test_who_has_had_its_share_of_a_round_is_told_the_rest_in_the_next(
    program: Browser, hook: Hook
) -> None:
    await subscribed(program, hook)
    case = await opened(program.desk)
    hook.first["/a"] = [503]
    await told(program)
    await program.desk.cases.act(case.case_no, ACCEPT)
    later = timedelta(minutes=2)
    assert [await told(program, later, share=0.0) for _ in range(3)] == [1, 1, 0]
    assert [kinds(message) for message in hook.at("/a")] == [["received"], ["received"], ["accepted"]]


async def test_a_subscription_ends_when_asked_and_with_its_token(program: Browser, hook: Hook) -> None:
    made = await subscribed(program, hook)
    other = (await program.post(HERE, json={"address": hook.url("/b")})).json()
    listed = (await program.get(HERE)).json()["subscriptions"]
    assert [one["no"] for one in listed] == [other["no"], made["no"]]
    assert (await program.delete(f"{HERE}/{made['no']}")).json()["state"] == "ended"
    await opened(program.desk)
    async with program.window.engine.begin() as connection:
        await connection.execute(text("UPDATE api_token SET revoked_at = now()"))
    await told(program)
    assert hook.requests == []
    async with program.window.engine.connect() as connection:
        states = (await connection.execute(text("SELECT DISTINCT state FROM subscription"))).scalars().all()
    assert states == ["ended"]


async def test_nothing_is_posted_where_nobody_allows_it(program: Browser, hook: Hook) -> None:
    for address in (
        "http://10.0.0.1/",
        "ftp://127.0.0.1/",
        "http://[/",
        "file:///etc/passwd",
        "x",
    ):
        answer = await program.post(HERE, json={"address": address})
        assert (answer.status_code, answer.json()["code"], answer.json()["field"]) == (
            422,
            "malformed",
            "address",
        )
    answer = await program.post(HERE, json={"address": hook.url("/a"), "kinds": ["opened", "received"]})
    assert (answer.status_code, answer.json()["field"]) == (422, "kinds")
    assert {"received", "receipt_confirmed", "bond_included"} <= KINDS
    made = await subscribed(program, hook)
    await opened(program.desk)
    await program.desk.client.execute_workflow(TellSubscribers.run, id="telling", task_queue=TASK_QUEUE)
    left = await state(program, made["no"])
    assert (left["state"], left["last_error"]) == ("failing", "host_not_allowed"), (
        "the worker of this test may post nowhere"
    )
    assert hook.requests == []


@pytest.mark.parametrize("office", [DISTRICT, "620104"])
async def test_another_token_s_subscription_is_none(program: Browser, hook: Hook, office: str) -> None:
    made = await subscribed(program, hook)
    foreign = program.another()
    foreign.headers.update(await add_token(program.window, office))
    for answer in (await foreign.get(f"{HERE}/{made['no']}"), await foreign.delete(f"{HERE}/{made['no']}")):
        assert answer.status_code == 404
    assert (await foreign.get(HERE)).json() == {"subscriptions": []}
    assert (await state(program, made["no"]))["state"] == "active"


@pytest.mark.long
async def test_there_are_not_too_many_and_the_same_again_is_no_other(program: Browser, hook: Hook) -> None:
    made = await subscribed(program, hook)
    for number in range(19):
        assert (await program.post(HERE, json={"address": hook.url(f"/{number}")})).status_code == 201
    refused = await program.post(HERE, json={"address": hook.url("/more")})
    assert (refused.status_code, refused.json()["code"]) == (409, "too_many")
    assert (await subscribed(program, hook))["no"] == made["no"]
    no_reader = program.another()
    no_reader.headers.update(await add_token(program.window, scopes=["open"]))
    assert (await no_reader.post(HERE, json={"address": hook.url("/a")})).status_code == 403


async def test_the_head_sees_what_programs_have_posted_and_where_but_no_whole_address(
    program: Browser, hook: Hook
) -> None:
    await subscribed(program, hook)
    await opened(program.desk)
    hook.status["/a"] = 503
    await told(program)
    head = program.another()
    await sign_in(head, roles=["head"])
    page = (await head.get("/people")).text
    assert "未送达，将再试" in page
    assert "对方未接收，答复 503" in page
    assert HOST in page
    assert hook.url("/a") not in page
    in_english = (await head.get("/people?lang=en")).text
    assert "it answered 503 and took nothing" in in_english
    assert "http_503" not in page + in_english

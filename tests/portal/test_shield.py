"""What goes around every answer: headers, limits, and a sentence instead of a traceback."""

import html
import re
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import httpx
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from portal.app import create_app
from portal.gate.shield import HEADERS, LONGEST
from tests.portal.visits import ORIGIN, Browser, add_token, sign_in
from tests.stack import Servers


async def test_every_kind_of_answer_has_the_headers_that_browsers_heed(portal: Browser) -> None:
    answers = {
        "page": await portal.get("/"),
        "redirect": await portal.get("/desk"),
        "not found": await portal.get("/nowhere"),
        "not allowed": await portal.put("/sign-in"),
        "refused form": await portal.post("/sign-out"),
        "malformed": await portal.get("/sign-in", params={"next": "x" * 2000}),
        "wrong code": await portal.post("/enquiries", data={"case_no": "x", "code": "y"}),
        "other site": await portal.post("/sign-in", headers={"Sec-Fetch-Site": "cross-site"}),
        "too large": await portal.post("/sign-in", content=b"x" * (LONGEST + 1)),
        "style": await portal.get("/static/site.css"),
        "no style": await portal.get("/static/none.css"),
        "api": await portal.get("/api/v1/cases"),
        "no api": await portal.get("/api/v1/nowhere"),
        "openapi": await portal.get("/api/v1/openapi.json"),
        "health": await portal.get("/healthz"),
        "ready": await portal.get("/readyz"),
    }
    for kind, answer in answers.items():
        for name, value in HEADERS.items():
            assert answer.headers.get(name) == value, (kind, name)
        if "style" not in kind:
            assert answer.headers["Cache-Control"] == "no-store", kind
        assert "Traceback" not in answer.text
    statuses = {kind: answer.status_code for kind, answer in answers.items()}
    assert statuses | {"page": 200, "redirect": 303, "not found": 404, "not allowed": 405} == statuses
    assert statuses | {"refused form": 403, "other site": 403, "malformed": 422, "too large": 413} == statuses
    assert answers["no api"].headers["Content-Type"] == "application/problem+json"
    assert answers["not allowed"].headers["Allow"]


async def test_the_pages_need_no_script_or_style_of_their_own(portal: Browser) -> None:
    await sign_in(portal, roles=["clerk", "head", "finance"])
    for path in ("/", "/sign-in", "/account", "/people", "/desk"):
        page = (await portal.get(path, follow_redirects=True)).text
        assert "<script>" not in page
        assert "<style" not in page
        assert " style=" not in page
        assert " onclick=" not in page


async def test_a_body_that_does_not_say_how_long_it_is_stops_at_the_limit(portal: Browser) -> None:
    async def endless() -> AsyncIterator[bytes]:
        for _ in range(LONGEST // 1000 + 10):
            yield b"x" * 1000

    form = {"Content-Type": "application/x-www-form-urlencoded"}
    assert (await portal.post("/sign-in", content=endless(), headers=form)).status_code in (400, 413)
    confirm = await portal.post(f"/desk/import/{'0' * 64}/confirm", content=endless(), headers=form)
    assert confirm.status_code in (400, 413), "only the upload itself takes more"
    json = await add_token(portal.window) | {"Content-Type": "application/json"}
    assert (await portal.post("/api/v1/cases", content=endless(), headers=json)).status_code == 413


EVERYWHERE = (
    *("/", "/sign-in", "/case", "/case/live", "/desk", "/desk/live", "/desk/import", "/people", "/healthz"),
    *("/static/site.css", "/nowhere", "/api/v1/cases", "/api/v1/bond-batches", "/api/v1/enquiries/current"),
)


@pytest.mark.parametrize("method", ["GET", "POST", "OPTIONS"])
async def test_heads_and_bodies_have_a_limit_wherever_they_are_sent(portal: Browser, method: str) -> None:
    await sign_in(portal, roles=["clerk", "head", "finance"])
    huge = str(100 * 2**20)
    many = [(f"X-{number}", "1") for number in range(200)]
    for path in EVERYWHERE:
        told = {
            "path": await portal.request(method, f"{path.rstrip('/')}/{'a' * 3000}"),
            "query": await portal.request(method, f"{path}?q={'a' * 9000}"),
            "header": await portal.request(method, path, headers={"X-Long": "a" * 20_000}),
            "cookie": await portal.request(method, path, headers={"Cookie": f"qingqian={'a' * 20_000}"}),
            "headers": await portal.request(method, path, headers=many),
            "body": await portal.request(method, path, headers={"Content-Length": huge}),
        }
        statuses = {what: answer.status_code for what, answer in told.items()}
        assert statuses == {
            "path": 414,
            "query": 414,
            "header": 431,
            "cookie": 431,
            "headers": 431,
            "body": 413,
        }, path
        assert all("过" in answer.text for answer in told.values())


@pytest.mark.parametrize("length", ["²", "9" * 5000, "-1", "1e9", ""])
async def test_a_length_that_is_no_number_breaks_nothing(portal: Browser, length: str) -> None:
    await sign_in(portal)
    headers = [
        (b"Content-Length", length.encode("latin-1")),
        (b"Content-Type", b"multipart/form-data; boundary=x"),
    ]
    for path in ("/desk/import", "/sign-in"):
        answer = await portal.request("POST", path, headers=headers, content=b"--x")
        assert 400 <= answer.status_code < 500, path


async def test_whoever_leaves_in_the_middle_of_a_body_is_no_defect(
    portal: Browser, capsys: pytest.CaptureFixture[str]
) -> None:
    await sign_in(portal, roles=["clerk", "finance"])
    sent: list[dict[str, Any]] = []

    async def leaves() -> dict[str, Any]:
        return {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        sent.append(message)

    cookie = f"qingqian={portal.cookies['qingqian']}".encode()
    for path in ("/desk/register", "/desk/import", "/sign-in"):
        scope = {
            "type": "http",
            "method": "POST",
            "path": path,
            "raw_path": path.encode(),
            "query_string": b"",
            "headers": [
                (b"cookie", cookie),
                (b"content-length", b"100"),
                (b"content-type", b"multipart/form-data; boundary=x"),
            ],
            "client": ("127.0.0.1", 1),
            "server": ("window.test", 80),
            "scheme": "http",
            "http_version": "1.1",
        }
        await portal.app(scope, leaves, send)
    assert "defect" not in capsys.readouterr().out
    assert 500 not in [message.get("status") for message in sent]


async def test_a_defect_is_answered_with_a_sentence_and_noted_without_what_was_written(
    portal: Browser, capsys: pytest.CaptureFixture[str]
) -> None:
    async def broken() -> None:
        raise RuntimeError("13800000000 was written here")

    app = create_app(portal.window)
    app.add_api_route("/broken", broken)
    app.add_api_route("/api/v1/broken", broken)
    for path in ("/broken", "/api/v1/broken"):
        answer = await Browser(app, portal.desk).get(path)
        assert answer.status_code == 500
        assert "13800000000" not in answer.text
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.json()["message"] == "系统出错，已记录"
    noted = capsys.readouterr().out
    assert "RuntimeError" in noted
    assert "13800000000" not in noted


async def test_a_secure_window_has_browsers_come_by_https_only(portal: Browser) -> None:
    app = create_app(replace(portal.window, secure=True))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=ORIGIN) as browser:
        assert "Strict-Transport-Security" in (await browser.get("/")).headers
    assert "Strict-Transport-Security" not in (await portal.get("/")).headers


async def test_pages_and_readiness_say_when_the_record_is_away_and_health_does_not_need_it(
    portal: Browser, servers: Servers
) -> None:
    await sign_in(portal)
    async with portal.window.engine.connect() as connection:
        name = (await connection.execute(text("SELECT current_database()"))).scalar_one()
    async with servers.closed(name):
        for path in ("/readyz", "/desk", "/account"):
            answer = await portal.get(path)
            assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
            assert "服务暂不可用" in answer.text
        assert (await portal.get("/healthz")).status_code == 200
    assert (await portal.get("/readyz")).status_code == 200


async def test_a_window_whose_connections_are_all_in_use_says_so_and_recovers(portal: Browser) -> None:
    await sign_in(portal)
    url = portal.window.engine.url
    tight = create_async_engine(url, pool_size=1, max_overflow=0, pool_timeout=0.2)
    app = create_app(replace(portal.window, engine=tight))
    try:
        async with httpx.AsyncClient(
            transport=httpx.ASGITransport(app), base_url=ORIGIN, cookies=portal.cookies
        ) as browser:
            async with tight.connect():
                for path in ("/desk", "/api/v1/cases"):
                    headers = await add_token(portal.window) if path.startswith("/api") else {}
                    answer = await browser.get(path, headers=headers)
                    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5"), path
                    assert "服务暂不可用" in answer.text
            assert (await browser.get("/desk")).status_code == 200
    finally:
        await tight.dispose()


async def test_the_other_language_leads_to_a_page_of_ours(portal: Browser) -> None:
    """From the answer to a form to the page that has it, and never to another site."""

    async def language_link(answer: httpx.Response) -> str:
        found = re.search(r'class="language" href="([^"]*)"', answer.text)
        assert found is not None
        return html.unescape(found[1])

    wrong = await portal.post("/enquiries", data={"case_no": "x", "code": "y"})
    assert await language_link(wrong) == "/?lang=en"
    assert await language_link(await portal.get("/sign-in?next=/desk")) == "/sign-in?next=%2Fdesk&lang=en"
    for path in ("//evil.example/x", "/\\evil.example/x", "//evil.example"):
        link = await language_link(await portal.get(f"{ORIGIN}{path}"))
        assert not link.startswith(("//", "/\\")), path


async def test_addresses_with_characters_that_no_record_keeps_are_turned_away(portal: Browser) -> None:
    await sign_in(portal, roles=["clerk", "head", "finance"])
    portal.headers.update(await add_token(portal.window))
    for path in ("/desk?q=%00", "/desk/cases/a%00b", "/api/v1/cases/%00", "/api/v1/cases?q=a%00"):
        assert (await portal.get(path)).status_code == 422, path
    for path in ("/desk?q=%ff%fe", "/desk/cases/%ed%a0%80", "/api/v1/cases/%ed%a0%80", "/sign-in?next=%ff"):
        assert (await portal.get(path)).status_code < 500, path

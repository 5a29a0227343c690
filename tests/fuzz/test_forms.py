"""Every form of the window with fields by chance, by staff and by an enterprise: an answer that a person can read, never a defect."""

from datetime import timedelta
from html.parser import HTMLParser
from random import Random
from typing import Any, Final, NamedTuple

import psutil
import pytest

from portal.gate import pace
from tests.fuzz import ROUNDS, chances
from tests.fuzz.mutation import STRINGS
from tests.fuzz.test_files import MEMORY, SHEET
from tests.portal.visits import Browser, enquire, opened, sign_in
from tests.stack import CLERK, order, until_recognised

pytestmark = pytest.mark.long

DESK: Final = (
    "/desk",
    "/desk/register",
    "/desk/batches",
    "/desk/import",
    "/people",
    "/people/units",
    "/account",
)


class Form(NamedTuple):
    """What a page lets somebody send: where, and the fields with what is in them."""

    action: str
    fields: list[tuple[str, str]]
    takes_files: bool


class _Forms(HTMLParser):
    """The forms of a page that change something."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[Form] = []
        self._open = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        about = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._open = about.get("method", "").lower() == "post"
            if self._open:
                self.found.append(Form(about["action"], [], "enctype" in about))
        elif self._open and about.get("name") and about.get("type") != "file":
            self.found[-1].fields.append((about["name"], about.get("value", "")))

    def handle_endtag(self, tag: str) -> None:
        self._open = self._open and tag != "form"


async def forms_of(browser: Browser, *pages: str) -> list[Form]:
    """The forms of some pages, those of signing out left alone."""
    found = []
    for page in pages:
        answer = await browser.get(page)
        assert answer.status_code == 200, (page, answer.text)
        reader = _Forms()
        reader.feed(answer.text)
        found += [form for form in reader.found if form.action != "/sign-out"]
    return found


def _filled(form: Form, chance: Random) -> dict[str, list[str]]:
    """What somebody might send: some fields as they are, some with anything, some twice, some not at all."""
    sent: dict[str, list[str]] = {}
    for name, value in form.fields:
        if name == "csrf" or chance.random() < 0.5:
            sent[name] = [value]
        else:
            sent[name] = [_sendable(chance.choice(STRINGS)) for _ in range(chance.choice((0, 1, 1, 1, 2)))]
    return sent


def _sendable(text: str) -> str:
    return text.encode("utf-8", "replace").decode()


async def _send(browser: Browser, form: Form, chance: Random) -> Any:
    files = None
    if form.takes_files:
        content = SHEET.mutate(SHEET.good, chance)
        files = {
            "file": (
                "台账.xlsx",
                content,
                "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            )
        }
    return await browser.post(form.action, data=_filled(form, chance), files=files)


async def _answers_all(browser: Browser, forms: list[Form], what: str) -> None:
    before = psutil.Process().memory_info().rss
    assert forms
    for about, chance in chances(what):
        for form in forms:
            answer = await _send(browser, form, chance)
            assert answer.status_code < 500, (about, form.action, answer.text)
            assert "Traceback" not in answer.text, (about, form.action)
    assert psutil.Process().memory_info().rss - before < MEMORY


@pytest.mark.timeout(120 + ROUNDS * 60)
async def test_every_form_of_the_desk_is_answered(portal: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(pace.PACES, "login", pace.Pace(10**6, timedelta(seconds=1)))
    new, going = await opened(portal.desk), await opened(portal.desk, *until_recognised())
    batch_no = await portal.desk.open_batch("100万元")
    await sign_in(portal, roles=["clerk", "head", "finance"])
    cases = (f"/desk/cases/{new.case_no}", f"/desk/cases/{going.case_no}", f"/desk/batches/{batch_no}")
    await _answers_all(portal, await forms_of(portal, *DESK, *cases), "desk")
    for page in cases:
        assert (await portal.get(page)).status_code == 200


@pytest.mark.timeout(120 + ROUNDS * 60)
async def test_every_form_of_an_enterprise_is_answered(
    portal: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(pace.PACES, "case", pace.Pace(10**6, timedelta(seconds=1)))
    case = await opened(portal.desk, order("accept", CLERK), contact="王经理 13800000000")
    front = await forms_of(portal, "/")
    await enquire(portal, case.case_no, case.access_code)
    await _answers_all(portal, front + await forms_of(portal, "/case"), "enterprise")

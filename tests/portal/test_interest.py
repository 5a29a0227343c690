"""Interest in the window: how it is computed, apart from the debt; fixed on the desk, waived by the enterprise."""

import pytest

from portal.api.documents import CaseLookedAt
from portal.api.parties import WholeCase
from tests.portal.test_desk_case import send
from tests.portal.test_enterprise import form_of, seen
from tests.portal.visits import Browser, add_token, enquire, opened, sign_in
from tests.stack import CLERK, HEAD, order, until_planned, until_recognised

FIXED = [
    order("fix_interest", CLERK, rule="lpr", rate="3.65%/y", reason="未约定利率", **{"from": "2023-04-16"}),
    order("approve", HEAD),
]


@pytest.mark.long
async def test_the_desk_fixes_it_by_a_form_and_shows_its_computation(portal: Browser) -> None:
    case = await opened(portal.desk, *until_planned())
    await sign_in(portal, person="李敏")
    fields = {"rule": "lpr", "rate": "3.65%/y", "from": "2023-04-16", "reason": "未约定利率"}
    assert (await send(portal, case.case_no, "fix_interest", **fields)).status_code == 303
    assert "逾期利息" not in (await portal.get(f"/desk/cases/{case.case_no}")).text.partition("papers")[0]
    await portal.desk.cases.act(case.case_no, order("approve", HEAD))
    page = (await portal.get(f"/desk/cases/{case.case_no}")).text
    for told in (
        "逾期利息",
        "按 LPR 计息",
        "3.65%/y",
        "2023-04-16",
        "3,000.00元",
        "核定利息：按 LPR 计息 3.65%/y",
    ):
        assert told in page, told


@pytest.mark.long
async def test_the_enterprise_sees_it_apart_and_may_waive_it(portal: Browser) -> None:
    case = await opened(portal.desk, *until_planned(), *FIXED)
    await enquire(portal, case.case_no, case.access_code)
    page = await seen(portal)
    for told in ("逾期利息", "不计入上面的金额", "3,000.00元", "放弃全部利息"):
        assert told in page, told
    answer = await portal.post("/case/commands", data=form_of(page, "waive_interest"))
    assert answer.headers["location"] == "/case"
    page = await seen(portal)
    assert "已放弃利息。" in page
    assert "企业放弃全部利息，已计未付 3,000.00元" in page
    assert "放弃全部利息</button>" not in page
    shown = await portal.desk.show(case.case_no)
    assert (shown["interest"]["waived_fen"], shown["interest"]["outstanding_fen"]) == (300_000, 0)
    assert WholeCase.model_validate({name: shown[name] for name in WholeCase.model_fields})


@pytest.mark.long
async def test_an_endorsement_may_waive_it(portal: Browser) -> None:
    case = await opened(portal.desk, *until_recognised()[:4])
    await enquire(portal, case.case_no, case.access_code)
    page = await seen(portal)
    assert 'name="interest_waived"' in page
    await portal.post("/case/commands", data=form_of(page, "endorse") | {"interest_waived": "true"})
    assert "债权人确认欠款认定，放弃逾期利息" in await seen(portal)


async def test_a_program_reads_it(portal: Browser) -> None:
    case = await opened(portal.desk, *until_planned(), *FIXED)
    portal.headers.update(await add_token(portal.window))
    answer = (await portal.get(f"/api/v1/cases/{case.case_no}")).json()
    (line,) = answer["interest"]["lines"]
    assert (line["from"], line["days"], line["interest_fen"]) == ("2023-04-16", 10, 300_000)
    assert CaseLookedAt.model_validate(answer).interest

"""One right, one rule: a page and the interface answer alike."""

import pytest

from domain.commands import read_command
from tests.portal.visits import Browser, add_token, opened, sign_in
from tests.stack import Desk


async def _handed_down(desk: Desk) -> str:
    """A case that the province registered and handed down through the city to the district, which holds it."""
    case = await opened(desk, contact="13900000000", office="620000")
    for number, (do, by, to) in enumerate(
        [
            ("accept", "clerk:省@620000", None),
            ("forward", "clerk:省@620000", "620100"),
            ("forward", "clerk:市@620100", "620105"),
        ]
    ):
        fields = {"to": to} if to else {}
        await desk.cases.act(
            case.case_no, read_command({"do": do, "by": by, "command_id": str(number), **fields})
        )
    return case.case_no


@pytest.mark.parametrize(
    ("office", "status"), [("620000", 200), ("620105", 200), ("620100", 403), ("620102", 404)]
)
async def test_the_contact_is_for_the_offices_that_registered_or_hold_the_case(
    portal: Browser, office: str, status: int
) -> None:
    case_no = await _handed_down(portal.desk)
    token = await add_token(portal.window, office)
    by_program = await portal.get(f"/api/v1/cases/{case_no}?contact=true", headers=token)
    await sign_in(portal, office)
    on_page = await portal.submit(f"/desk/cases/{case_no}/contact")
    for answer in (by_program, on_page):
        assert (answer.status_code, "13900000000" in answer.text) == (status, status == 200)

"""The interface against its own description: no defect, no undocumented answer, whatever is sent and whoever sends it (schemathesis).

`SCHEMATHESIS=examples,coverage,fuzzing` sends everything that schemathesis thinks of, some two thousand requests a sender.
"""

import asyncio
import os
import subprocess
import sys
from pathlib import Path
from typing import Final

import httpx
import pytest

from schema.window import programs
from tests.fuzz import ROUNDS, SEED
from tests.portal.visits import Served, add_token, employ, opened
from tests.stack import CLERK, order

pytestmark = pytest.mark.long

PHASES = os.environ.get("SCHEMATHESIS", "examples,fuzzing")
CONFIG = """
continue-on-failure = true
request-timeout = 20

[parameters]
"path.case_no" = "{case_no}"
"path.batch_no" = "{batch_no}"

[auth.openapi.officeToken]
bearer = "{office}"

[auth.openapi.enquiryToken]
bearer = "{enquiry}"
"""
SENDERS: Final[dict[str, tuple[str, ...]]] = {
    "an integrator": programs.SCOPES,
    "a program that only reads": ("read",),
    "an enterprise": (),
}
"""What the token of an office may do; an enterprise sends its own at every door."""


@pytest.mark.timeout(1800 if "coverage" in PHASES else 300)
@pytest.mark.parametrize("sender", SENDERS)
async def test_no_request_meets_a_defect_or_an_answer_that_is_not_described(
    sender: str, served: Served, tmp_path: Path
) -> None:
    case = await opened(served.desk, order("accept", CLERK), title="材料款")
    batch_no = await served.desk.open_batch("200万元")
    async with httpx.AsyncClient(base_url=served.url) as enterprise:
        body = {"case_no": case.case_no, "access_code": case.access_code}
        asked = (await enterprise.post("/api/v1/enquiries", json=body)).json()
    await employ(served.window, CLERK)
    office = asked["token"]
    if scopes := SENDERS[sender]:
        office = (await add_token(served.window, scopes=scopes))["Authorization"].removeprefix("Bearer ")
    config = tmp_path / "schemathesis.toml"
    config.write_text(
        CONFIG.format(case_no=case.case_no, batch_no=batch_no, office=office, enquiry=asked["token"])
    )
    run = await asyncio.create_subprocess_exec(
        str(Path(sys.executable).parent / "schemathesis"),
        *("--config-file", str(config), "run", f"{served.url}/api/v1/openapi.json"),
        *("--phases", PHASES, "--max-examples", str(ROUNDS), "--seed", str(SEED), "--no-shrink"),
        *("--exclude-checks", "positive_data_acceptance", "--warnings", "off"),
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    said, _ = await run.communicate()
    assert run.returncode == 0, said.decode()

"""The interface against its own description: no defect, no undocumented answer, whatever is sent (schemathesis).

`SCHEMATHESIS=examples,coverage,fuzzing` sends everything that schemathesis thinks of, some two thousand requests.
"""

import asyncio
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from tests.portal.visits import Browser, Served, add_token, employ, opened
from tests.stack import CLERK, order

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


@pytest.mark.timeout(900 if "coverage" in PHASES else 120)
async def test_no_request_meets_a_defect_or_an_answer_that_is_not_described(
    served: Served, tmp_path: Path
) -> None:
    case = await opened(served.desk, order("accept", CLERK), title="材料款")
    batch_no = await served.desk.open_batch("200万元")
    async with httpx.AsyncClient(base_url=served.url) as enterprise:
        body = {"case_no": case.case_no, "access_code": case.access_code}
        asked = (await enterprise.post("/api/v1/enquiries", json=body)).json()
    await employ(served.window, CLERK)
    office = (await add_token(served.window))["Authorization"].removeprefix("Bearer ")
    config = tmp_path / "schemathesis.toml"
    config.write_text(
        CONFIG.format(case_no=case.case_no, batch_no=batch_no, office=office, enquiry=asked["token"])
    )
    run = await asyncio.create_subprocess_exec(
        str(Path(sys.executable).parent / "schemathesis"),
        *("--config-file", str(config), "run", f"{served.url}/api/v1/openapi.json"),
        *("--phases", PHASES, "--max-examples", "8", "--seed", "1", "--no-shrink"),
        *("--exclude-checks", "positive_data_acceptance", "--warnings", "off"),
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    said, _ = await run.communicate()
    assert run.returncode == 0, said.decode()


async def test_the_description_names_every_route_and_every_schema_that_it_uses(portal: Browser) -> None:
    described = (await portal.get("/api/v1/openapi.json")).json()
    assert {path.removeprefix("/api/v1") for path in described["paths"]} == {
        "/cases",
        "/cases/{case_no}",
        "/cases/{case_no}/events",
        "/cases/{case_no}/commands",
        "/enquiries",
        "/enquiries/current",
        "/bond-batches",
        "/bond-batches/{batch_no}",
        "/bond-batches/{batch_no}/commands",
    }
    used = set(re.findall(r'"#/components/schemas/(\w+)"', json.dumps(described)))
    assert used <= set(described["components"]["schemas"])
    for path, methods in described["paths"].items():
        for method, about in methods.items():
            assert {"503", "200" if method == "get" or path.endswith("commands") else "201"} <= set(
                about["responses"]
            )
            for status, answer in about["responses"].items():
                kind = "application/json" if status < "300" else "application/problem+json"
                assert list(answer["content"]) == [kind], (path, status)
    accept = described["components"]["schemas"]["Recognise"]
    assert accept["properties"]["settled"] == {"$ref": "#/components/schemas/Money"}
    assert "command_id" not in accept["required"]

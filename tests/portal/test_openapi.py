"""What the interface says of itself names everything that it has."""

import json
import re

import pytest

from domain.evidence import DOCX, FORMATS
from office.codes import as_issued
from portal.operations import OPERATIONS, TAGS
from tests.portal.visits import Browser, opened

_BYTES = {
    "attachments/{no}": ["application/octet-stream", *FORMATS],
    "documents/{number}": ["application/octet-stream", DOCX],
}
"""What the routes answer with that answer with no JSON."""


@pytest.mark.long
async def test_the_description_names_every_route_and_every_schema_that_it_uses(portal: Browser) -> None:
    described = (await portal.get("/api/v1/openapi.json")).json()
    assert {path.removeprefix("/api/v1") for path in described["paths"]} == {
        "/cases",
        "/cases/{case_no}",
        "/cases/{case_no}/events",
        "/cases/{case_no}/forecast",
        "/cases/{case_no}/commands",
        "/cases/{case_no}/attachments",
        "/cases/{case_no}/attachments/{no}",
        "/cases/{case_no}/documents",
        "/cases/{case_no}/documents/{number}",
        "/changes",
        "/subscriptions",
        "/subscriptions/{no}",
        "/doors/debtor",
        "/doors/debtor/current",
        "/doors/debtor/current/commands",
        "/doors/debtor/current/documents/{number}",
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
            makes = method == "post" and not path.endswith("commands")
            assert {"503", "201" if makes else "200"} <= set(about["responses"])
            for status, answer in about["responses"].items():
                found = _BYTES.get("/".join(path.split("/")[-2:]), ["application/json"])
                kinds = found if status < "300" else ["application/problem+json"]
                assert list(answer["content"]) == kinds, (path, status)
    accept = described["components"]["schemas"]["Recognise"]
    assert accept["properties"]["settled"] == {"$ref": "#/components/schemas/Money"}
    assert "command_id" not in accept["required"]


async def test_each_operation_has_a_short_name_of_its_own_and_says_what_it_does(portal: Browser) -> None:
    described = (await portal.get("/api/v1/openapi.json")).json()
    told = [about for methods in described["paths"].values() for about in methods.values()]
    names = [about["operationId"] for about in told]
    assert "open_case" in names
    assert len(set(names)) == len(names)
    assert all(re.fullmatch("[a-z]+(_[a-z]+){0,3}", name) for name in names)
    assert set(names) == set(OPERATIONS)
    assert (
        {tag for about in told for tag in about["tags"]}
        == set(TAGS)
        == {tag["name"] for tag in described["tags"]}
    )
    for about in told:
        assert about["summary"] == OPERATIONS[about["operationId"]][1]
        for kind, content in about.get("requestBody", {}).get("content", {}).items():
            written = content["schema"].get("$ref", "").rpartition("/")[2]
            assert "examples" in content or written == "Enquiry" or kind == "multipart/form-data"
    assert described["servers"][0]["url"] == "/"
    titles = [schema["title"] for schema in described["components"]["schemas"].values() if "title" in schema]
    assert len(set(titles)) == len(titles), "two schemas of one title are one class in a generated client"


async def test_a_token_says_in_beijing_time_when_it_ends(portal: Browser) -> None:
    case = await opened(portal.desk)
    asked = {"case_no": case.case_no, "access_code": case.access_code}
    told = (await portal.post("/api/v1/enquiries", json=asked)).json()
    assert told["expires_at"].endswith("+08:00")


async def test_the_code_that_the_description_shows_is_one_that_could_be_given(portal: Browser) -> None:
    schemas = (await portal.get("/api/v1/openapi.json")).json()["components"]["schemas"]
    (shown,) = schemas["Enquiry"]["properties"]["access_code"]["examples"]
    assert as_issued(shown) == shown

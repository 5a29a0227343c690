"""What the interface says of itself names everything that it has."""

import json
import re

from domain.evidence import DOCX, FORMATS
from tests.portal.visits import Browser

_BYTES = {"{no}": list(FORMATS), "{number}": [DOCX]}
"""What the routes answer with that answer with no JSON."""


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
            assert {"503", "200" if method == "get" or path.endswith("commands") else "201"} <= set(
                about["responses"]
            )
            for status, answer in about["responses"].items():
                found = _BYTES.get(path.rpartition("/")[2], ["application/json"])
                kinds = found if status < "300" else ["application/problem+json"]
                assert list(answer["content"]) == kinds, (path, status)
    accept = described["components"]["schemas"]["Recognise"]
    assert accept["properties"]["settled"] == {"$ref": "#/components/schemas/Money"}
    assert "command_id" not in accept["required"]

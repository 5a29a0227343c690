"""A client that is generated from what the interface says of itself: without a warning, and it carries a case through."""

import asyncio
import importlib
import io
import json
import os
import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple

import httpx
import pytest

from domain.calendar import SHANGHAI
from portal.api.examples import EXAMPLES
from tests.portal.visits import Served, add_token, employ
from tests.stack import CLERK, DISTRICT

OTHER = f"clerk:马@{DISTRICT}"
PDF = Path("tests/law/papers/receipt.pdf").read_bytes()
PACKAGE = "generated_qingqian_client"


class Client(NamedTuple):
    """What was generated, and a client of it with an office's token."""

    package: ModuleType
    client: Any

    async def call(self, tag: str, operation: str, *told: Any, **more: Any) -> Any:
        """What an operation answers, read as what the description says; its status is that of a success."""
        module = importlib.import_module(f"{PACKAGE}.api.{tag}.{operation}")
        answer = await module.asyncio_detailed(*told, client=self.client, **more)
        assert answer.status_code < 300, answer.content
        return answer.parsed

    def model(self, name: str, **fields: Any) -> Any:
        """A body, from its JSON."""
        models = importlib.import_module(f"{PACKAGE}.models")
        return getattr(models, name).from_dict(fields)


async def generate(description: Path, out: Path) -> str:
    """Generate a client; what the generator says. It fails on any warning."""
    folder = str(Path(sys.executable).parent)
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "openapi_python_client", "generate", "--meta", "none", "--fail-on-warning"),
        *("--path", str(description), "--output-path", str(out)),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        env=os.environ | {"PATH": f"{folder}:{os.environ['PATH']}"},
    )
    told, _ = await process.communicate()
    assert process.returncode == 0, told.decode()
    return told.decode()


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """Where generated code is imported from; nothing of it stays."""
    sys.path.insert(0, str(tmp_path))
    yield tmp_path
    sys.path.remove(str(tmp_path))
    for name in [name for name in sys.modules if name.partition(".")[0] == PACKAGE]:
        del sys.modules[name]


@pytest.mark.long
async def test_a_client_is_generated_without_a_warning_and_carries_a_case_through(
    served: Served, folder: Path
) -> None:
    served.desk.now = datetime.now(SHANGHAI)
    token = (await add_token(served.window))["Authorization"].removeprefix("Bearer ")
    await employ(served.window, CLERK, OTHER)

    async with httpx.AsyncClient(base_url=served.url) as asking:
        described = (await asking.get("/api/v1/openapi.json")).json()
    (folder / "openapi.json").write_text(json.dumps(described), "utf-8")
    told = await generate(folder / "openapi.json", folder / PACKAGE)
    assert "arning" not in told
    package = importlib.import_module(PACKAGE)
    importlib.import_module(f"{PACKAGE}.types")
    async with package.AuthenticatedClient(base_url=served.url, token=token) as session:
        await carry_through(Client(package, session))


async def carry_through(client: Client) -> None:
    """Open a case, have it recognised, put a paper on file, read it all back."""

    new = client.model("NewCase", **EXAMPLES["NewCase"]["new"])
    opened = await client.call("cases", "open_case", body=new, idempotency_key="intake-1")
    again = await client.call("cases", "open_case", body=new, idempotency_key="intake-1")
    assert (again.case_no, again.access_code) == (opened.case_no, opened.access_code)
    case_no = opened.case_no
    endorse = {"do": "endorse", "by": "creditor", "entered_by": OTHER}
    for name, command in {**EXAMPLES["Command"], "endorse": endorse}.items():
        body = client.model(name.capitalize(), **command)
        case = await client.call("cases", "act_on_case", case_no, body=body, idempotency_key=name)
    assert (case.stage, case.outstanding_fen) == ("funding", 30_000_000)

    paper = client.package.types.File(
        payload=io.BytesIO(PDF), file_name="回单.pdf", mime_type="application/pdf"
    )
    kind = importlib.import_module(f"{PACKAGE}.models").AttachBodyWhat("contract")
    sent = importlib.import_module(f"{PACKAGE}.models").AttachBody(file=paper, what=kind, by=CLERK)
    attached = await client.call("attachments", "attach", case_no, body=sent, idempotency_key="paper")
    bytes_ = await client.call("attachments", "read_attachment", case_no, attached.no)
    assert bytes_.payload.read() == PDF

    assert [one.case_no for one in (await client.call("cases", "list_cases")).cases] == [case_no]
    followed = await client.call("changes", "follow_changes", after=0)
    journal = await client.call("cases", "show_events", case_no)
    assert [one.kind for one in followed.changes] == [one.kind for one in journal.events]
    assert {"received", "endorsed", "attached"} <= {one.kind for one in journal.events}

"""Record histories of this version, beside those of older ones: `make histories`.

Each lives through a branch of its workflow on the real server. Histories of released versions are never recorded again.
"""

import asyncio
import json
import re
import tempfile
import tomllib
from datetime import date
from pathlib import Path
from typing import Any

from temporalio.client import Client

from domain.commands import read_command
from domain.receipt import Creditor, Debtor, Receipt
from domain.value import Light
from runtime.casework import Casework
from runtime.connect import connect_database, connect_temporal
from runtime.embedded import throwaway
from runtime.logs import configure_logs
from runtime.packs import rules_for
from runtime.rehearsal import rehearse_on
from runtime.scenario import read_scenario
from runtime.working import ACTIVITIES_AT_ONCE, worker_for
from schema.journal import Entry
from schema.migrate import migrate

HISTORIES = Path(__file__).with_name("histories")
_PROCESS = re.compile(r"\d+@[\w.-]+")
"""How workers and clients name themselves: by process and machine, which is nobody's business."""

CLERK, HEAD = "clerk:李敏@620105", "head:孙@620105"

LIFE: tuple[dict[str, Any], ...] = (
    {"do": "accept", "by": CLERK},
    {"do": "forward", "by": CLERK, "to": "debtor"},
    {"do": "acknowledge", "by": "debtor"},
    {
        "do": "recognise",
        "by": "debtor",
        "settled": "20万元",
        "paid": "10万元",
        "undisputed": "10万元",
        "as_of": "2026-01-05",
    },
    {"do": "endorse", "by": "creditor"},
    {
        "do": "plan",
        "by": "debtor",
        "sources": [{"kind": "budget", "amount": "10万元"}],
        "instalments": [{"due_on": "2099-12-31", "amount": "10万元"}],
    },
    {
        "do": "fund",
        "by": "finance:钱@620105",
        "source": "budget",
        "amount": "10万元",
        "reference": "财预1号",
    },
    {
        "do": "report_payment",
        "by": "debtor",
        "voucher": "V1",
        "amount": "10万元",
        "paid_on": "2026-01-05",
    },
    {"do": "confirm_receipt", "by": "creditor", "voucher": "V1"},
    {"do": "call_back", "by": CLERK, "satisfied": "yes", "note": "满意"},
    {"do": "close", "by": HEAD, "report": "已清偿"},
    {"do": "reopen", "by": "head:何@620100", "reason": "回头看"},
)


async def live(client: Client, casework: Casework, commands: int, commands_per_run: int = 1500) -> str:
    """Open a case and give it the first commands of a life."""
    receipt = Receipt(
        title="记录",
        project="记录",
        creditor=Creditor(name="某公司", size="small", ownership="private"),
        debtor=Debtor(name="某局", kind="organ"),
        office="620105",
        channel="platform",
        kind="goods",
        claimed=1000_0000,
        received_on=date(2026, 1, 5),
    )
    rules = rules_for("gansu", "620105", receipt.received_on)
    opened = await casework.open(receipt, rules, commands_per_run=commands_per_run)
    for number, written in enumerate(LIFE[:commands], 1):
        await casework.act(opened.case_no, read_command({"command_id": str(number), **written}))
    return opened.case_no


async def save(client: Client, folder: Path, name: str, workflow_id: str, run_id: str | None = None) -> None:
    """Write the history of a run."""
    history = await client.get_workflow_handle(workflow_id, run_id=run_id).fetch_history()
    text = json.dumps(history.to_json_dict(), separators=(",", ":"))
    (folder / f"{name}.json").write_text(_PROCESS.sub("a-process", text))


async def runs_of(client: Client, workflow_id: str) -> list[str]:
    """The runs of a workflow, oldest first."""
    listed = [found async for found in client.list_workflows(f"WorkflowId = '{workflow_id}'")]
    return [found.run_id for found in sorted(listed, key=lambda found: found.start_time)]


async def record(folder: Path) -> None:
    """Record every branch into a folder."""
    scenario = read_scenario(Path("examples/qingshigou.toml"))
    with tempfile.TemporaryDirectory() as data:
        async with (
            throwaway(Path(data)) as (address, url),
            connect_database(url, pool=ACTIVITIES_AT_ONCE) as engine,
        ):
            await migrate(engine)
            client = await connect_temporal(address, engine)
            casework = Casework(client, engine)
            async with worker_for(client):
                result = await rehearse_on(client, engine, scenario, _unseen)
                await save(client, folder, "case-qingshigou", result["cases"]["qsg"]["case_no"])
                await save(client, folder, "batch-first", result["batches"]["b1"]["batch_no"])
                await save(client, folder, "batch-second", result["batches"]["b2"]["batch_no"])
                await save(client, folder, "case-open", await live(client, casework, 4))
                continued = await live(client, casework, 8, commands_per_run=3)
                reopened = await live(client, casework, len(LIFE))
                await asyncio.sleep(2)  # until visibility lists the runs
                for number, run_id in enumerate(await runs_of(client, continued), 1):
                    await save(client, folder, f"case-continued-{number}", continued, run_id)
                for number, run_id in enumerate(await runs_of(client, reopened), 1):
                    await save(client, folder, f"case-reopened-{number}", reopened, run_id)


def _unseen(day: date, entry: Entry | None, light: Light) -> None:
    """Nobody watches."""


def break_on_purpose(folder: Path) -> None:
    """A history that no worker of ours can have made: one activity has another name."""
    history = json.loads((folder / "case-open.json").read_text())
    scheduled = [event for event in history["events"] if "activityTaskScheduledEventAttributes" in event]
    scheduled[2]["activityTaskScheduledEventAttributes"]["activityType"]["name"] = "record_elsewhere"
    broken = HISTORIES / "broken"
    broken.mkdir(exist_ok=True)
    (broken / "case-open.json").write_text(json.dumps(history, separators=(",", ":")))


def main() -> None:
    """Record the histories of the version that pyproject.toml names."""
    version = tomllib.loads(Path("pyproject.toml").read_text())["project"]["version"]
    configure_logs("critical")
    (HISTORIES / version).mkdir(parents=True, exist_ok=True)
    asyncio.run(record(HISTORIES / version))
    break_on_purpose(HISTORIES / version)


if __name__ == "__main__":
    main()

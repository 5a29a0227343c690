"""Record histories of this version, beside those of older ones: `make histories`.

Each lives through a branch of its workflow on the real server. Histories of released versions are never recorded again.
"""

import asyncio
import base64
import io
import json
import re
import tempfile
import tomllib
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine
from temporalio.client import Client

from domain.actors import SYSTEM
from domain.command_base import REDATES
from domain.commands import Escalate, Redate, read_command
from domain.receipt import Creditor, Debtor, Receipt
from domain.reports.periods import ReportKind
from domain.value import Light, Mode
from office.calendar.loading import published_calendar
from office.cases import Casework
from office.enquiries import now, today
from office.packs import load_pack
from office.sheets import importing
from office.sheets.importing import Sender
from rehearsal.run import rehearse_on
from rehearsal.scenario import read_scenario
from runtime.connect import connect_database
from runtime.embedded import throwaway
from runtime.logs import configure_logs
from runtime.plugin import qingqian_plugin
from runtime.temporal import connect_temporal
from runtime.working import ACTIVITIES_AT_ONCE, worker_for
from schema.journal import Entry
from schema.migrate import migrate
from tests.portal.sheets import file_of, rows
from tests.stack import eventually
from workflows.delivery import DeliverPost, TellSubscribers
from workflows.queue import TASK_QUEUE
from workflows.rhythm import CompileReports

HISTORIES = Path(__file__).with_name("histories")
_PROCESS = re.compile(r"\d+@[\w.-]+")
"""How workers and clients name themselves: by process and machine, which is nobody's business."""

CLERK, HEAD = "clerk:李敏@620105", "head:孙@620105"

NOTICE = "国办发明电〔2026〕9号"
"""A notice of holidays, made up."""

EXAMPLES = {"case-silent": "nobody-acts", "case-suspended": "suspended"}
"""Cases that climb the whole ladder, or stand still and go on."""

TODAY = today()
"""A case of long ago would climb the ladder at once."""

IN_A_YEAR = TODAY + timedelta(days=365)

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
        "as_of": TODAY,
    },
    {"do": "endorse", "by": "creditor"},
    {
        "do": "plan",
        "by": "debtor",
        "sources": [{"kind": "budget", "amount": "10万元"}],
        "instalments": [{"due_on": IN_A_YEAR.isoformat(), "amount": "10万元"}],
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
        "paid_on": TODAY,
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
        received_on=TODAY,
        distinct=True,
    )
    rules = load_pack("gansu").for_case(published_calendar(receipt.received_on))
    opened = await casework.open(receipt, rules, commands_per_run=commands_per_run)
    for number, written in enumerate(LIFE[:commands], 1):
        once = {"reference": f"{written['reference']}-{opened.case_no}"} if "reference" in written else {}
        await casework.act(opened.case_no, read_command({"command_id": str(number), **written, **once}))
    return opened.case_no


async def redate(casework: Casework, case_no: str) -> None:
    """Have a case count by the calendar of a notice."""
    rules = load_pack("gansu").for_case(published_calendar(TODAY))
    calendar = rules.calendar.model_copy(
        update={"version": NOTICE, "horizon": date(rules.calendar.horizon.year + 1, 12, 31)}
    )
    command = Redate(command_id=REDATES + NOTICE, by=SYSTEM, notice=NOTICE)
    await casework.redate(case_no, command, rules.model_copy(update={"calendar": calendar}))


async def press(client: Client, casework: Casework, case_no: str) -> None:
    """Escalate a case by signal, have it adopt the rules as they are, and hold it."""
    command = Escalate(command_id="12345-7", by=SYSTEM, mode=Mode.SUPERVISED, reason="热线催办")
    await client.get_workflow_handle(case_no).signal("escalate", command)
    for written in (
        {"do": "adopt_policy", "by": HEAD, "policy": "gansu", "reason": "换用现行规则"},
        {"do": "extend", "by": HEAD, "duty": "verification", "days": 10, "reason": "材料较多"},
        {"do": "relieve", "by": HEAD, "reason": "已提交佐证材料"},
        {"do": "suspend", "by": CLERK, "reason": "等待批复"},
    ):
        await casework.act(case_no, read_command({"command_id": f"press-{written['do']}", **written}))


async def rounds(client: Client, casework: Casework, engine: AsyncEngine, folder: Path) -> None:
    """What is no case: the post is delivered, programs are told, a day's reports are compiled, a sheet is imported by somebody who
    asks twice.
    """
    await client.execute_workflow(DeliverPost.run, id="post", task_queue=TASK_QUEUE)
    await save(client, folder, "delivery", "post")
    await client.execute_workflow(TellSubscribers.run, id="telling", task_queue=TASK_QUEUE)
    await save(client, folder, "telling", "telling")
    asked = [ReportKind.DAY, TODAY - timedelta(days=1)]  # whose report is due at any hour of today
    await client.execute_workflow(CompileReports.run, args=asked, id="reports", task_queue=TASK_QUEUE)
    await save(client, folder, "reports-day", "reports")
    sender = Sender("recorder", "李敏", "620105")
    sheet = io.BytesIO(file_of(*rows(2, 登记日=TODAY)))
    looked = await importing.look_at(engine, sheet, sender, "gansu", now())
    await importing.keep(engine, looked, sender, "gansu", "记录.xlsx")
    async with engine.begin() as connection:
        await connection.execute(text("LOCK TABLE import_row IN ACCESS EXCLUSIVE MODE"))
        handle = await importing.carry_on(casework, looked.digest)

        async def is_looking() -> bool:
            return bool((await handle.describe()).raw_description.pending_activities)

        await eventually(is_looking)
        await importing.carry_on(casework, looked.digest)
    await handle.result()
    await save(client, folder, "import", handle.id)


async def save(client: Client, folder: Path, name: str, workflow_id: str, run_id: str | None = None) -> None:
    """Write the history of a run."""
    history = await client.get_workflow_handle(workflow_id, run_id=run_id).fetch_history()
    text = json.dumps(history.to_json_dict(), separators=(",", ":"))
    (folder / f"{name}.json").write_text(_PROCESS.sub("a-process", text))


async def runs_of(client: Client, workflow_id: str) -> list[str]:
    """The runs of a workflow, oldest first."""
    listed = [found async for found in client.list_workflows(f"WorkflowId = '{workflow_id}'")]
    return [found.run_id for found in sorted(listed, key=lambda found: found.start_time)]


def example_file(name: str) -> Path:
    """An example by its name."""
    return Path("examples") / f"{name}.toml"


async def record(folder: Path) -> None:
    """Record every branch into a folder."""
    scenario = read_scenario(example_file("qingshigou"))
    with tempfile.TemporaryDirectory() as data:
        async with (
            throwaway(Path(data)) as (address, url),
            connect_database(url, pool=ACTIVITIES_AT_ONCE) as engine,
        ):
            await migrate(engine)
            client = await connect_temporal(address, [qingqian_plugin(engine)])
            casework = Casework(client, engine)
            async with worker_for(client):
                result = await rehearse_on(client, engine, scenario, _unseen)
                await save(client, folder, "case-qingshigou", result["cases"]["qsg"]["case_no"])
                await save(client, folder, "batch-first", result["batches"]["b1"]["batch_no"])
                await save(client, folder, "batch-second", result["batches"]["b2"]["batch_no"])
                await save(client, folder, "case-open", await live(client, casework, 4))
                for name, example in EXAMPLES.items():
                    told = await rehearse_on(client, engine, read_scenario(example_file(example)), _unseen)
                    (lived,) = told["cases"].values()
                    await save(client, folder, name, lived["case_no"])
                redated = await live(client, casework, 3)
                await redate(casework, redated)
                await save(client, folder, "case-redated", redated)
                pressed = await live(client, casework, 3)
                await press(client, casework, pressed)
                await save(client, folder, "case-pressed", pressed)
                await rounds(client, casework, engine, folder)
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
    details = [
        event["markerRecordedEventAttributes"]["details"]["data"]["payloads"][0]
        for event in history["events"]
        if "markerRecordedEventAttributes" in event
    ]
    data = json.loads(base64.b64decode(details[2]["data"]))
    data["activity_type"] = "record_elsewhere"
    details[2]["data"] = base64.b64encode(json.dumps(data).encode()).decode()
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

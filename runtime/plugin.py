"""The composition root: one Temporal plugin configures every worker and replayer. A client needs the data converter alone."""

from collections.abc import Callable
from typing import Any, Final

from sqlalchemy.ext.asyncio import AsyncEngine
from temporalio.plugin import SimplePlugin
from temporalio.worker import WorkflowRunner
from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner, SandboxRestrictions
from temporalio.workflow import SandboxImportNotificationPolicy

from activities.bonds import BondRecorder
from activities.catching_up import Reviver
from activities.importing import Importer
from activities.post.subscribers import Subscribers
from activities.record import CaseRecorder
from activities.reports import ReportCompiler
from activities.tallying import Tallier
from office.repair.reviving import revive
from office.sheets.importing import opener
from runtime.caching import CopyHeaders, LeanRunner
from runtime.converter import CONVERTER
from runtime.posting import dispatcher
from runtime.settings import Settings
from runtime.telling import teller
from workflows.bond_batch import BondBatch
from workflows.case import ArrearsCase
from workflows.delivery import DeliverPost, TellPeople, TellSubscribers
from workflows.importing import ImportLedger
from workflows.rhythm import CatchUp, CompileReports, TallyAnew

_RESTRICTIONS = SandboxRestrictions.default.with_import_notification_policy(
    SandboxImportNotificationPolicy.RAISE_ON_UNINTENTIONAL_PASSTHROUGH
    | SandboxImportNotificationPolicy.WARN_ON_DYNAMIC_IMPORT
)


def _sandboxed(runner: WorkflowRunner | None) -> WorkflowRunner:
    return SandboxedWorkflowRunner(restrictions=_RESTRICTIONS)


def _unsandboxed(runner: WorkflowRunner | None) -> WorkflowRunner:
    return LeanRunner()


_WORKFLOWS: Final = (
    ArrearsCase,
    BondBatch,
    DeliverPost,
    TellSubscribers,
    TellPeople,
    CompileReports,
    CatchUp,
    TallyAnew,
    ImportLedger,
)


def qingqian_plugin(
    engine: AsyncEngine | None = None, settings: Settings = Settings(), *, sandboxed: bool = False
) -> SimplePlugin:
    """The plugin: data converter, workflows, activities and the workflow runner.

    Args:
        engine: The record, for a worker. A replayer runs no activities and gives none.
        settings: How the worker sends mail and posts.
        sandboxed: Run workflows in the SDK's sandbox, where reading the clock, randomness and unintended imports are errors. Tests do;
            production does not, because the sandbox costs memory and time for every case (`benchmarks/`).
    """
    activities: list[Callable[..., Any]] = []
    if engine is not None:
        cases, bonds = CaseRecorder(engine), BondRecorder(engine)
        activities = [
            cases.record_case,
            bonds.record_batch,
            bonds.has_request,
            bonds.awaited,
            bonds.allocate,
            bonds.tell,
            dispatcher(engine, settings).deliver,
            Subscribers(engine, settings.hosts_of_subscribers).tell_subscribers,
            teller(engine, settings).tell_people,
            ReportCompiler(engine).compile_reports,
            Importer(engine, opener).open_rows,
            Reviver(engine, revive).catch_up_latest,
            Tallier(engine).tally_cases_anew,
        ]
    return SimplePlugin(
        "qingqian",
        data_converter=CONVERTER,
        workflows=_WORKFLOWS,
        activities=activities,
        workflow_runner=_sandboxed if sandboxed else _unsandboxed,
        interceptors=[CopyHeaders()],
    )

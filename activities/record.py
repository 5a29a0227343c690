"""The activity that records what happened to a case: journal, ledger and read model, in one transaction, exactly once."""

import asyncio
from collections.abc import Sequence

import structlog
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine
from temporalio import activity
from temporalio.service import RPCError, RPCStatusCode

from activities.across import fit_contract, use_references
from activities.documents.issuing import covering, issued
from activities.giving_up import Work, giving_up, is_lasting
from activities.refusing import refused
from activities.requests import Recorded, RecordRequest
from activities.returning import call_back, give_up, pass_on, to_batches
from activities.standing import claimed, follows
from domain import facts as e
from domain.case.casefile import Case
from domain.case.decider import begin, fold
from domain.case.handling.merging import absorbed
from domain.case.papers import documents_in
from domain.command_base import name_of
from domain.commands import Merge
from domain.events import Event
from domain.notifications import goes_on
from domain.notifications import notifications as notified
from domain.postings import transfers
from domain.refusal import Refusal
from schema import bonds, casefiles, claims, journal, ledger, post, registry
from schema.engine import for_questions
from schema.post import Document
from schema.window import codes, contacts, notifications
from schema.window.notifications import NotifiedEntry

log = structlog.get_logger(__name__)


async def write(connection: AsyncConnection, request: RecordRequest, head: str) -> str:
    """Append the events to the journal and the transfers they cause to the ledger; returns the new head of the hash chain."""
    head = await journal.append(connection, request.stream, request.first_seq, head, request.events)
    for seq, event in enumerate(request.events, start=request.first_seq):
        await ledger.post(connection, transfers(request.stream, seq, event))
    return head


def step_of(request: RecordRequest) -> Work:
    """How an incident would name this request."""
    command_ids = [event.command_id for event in request.events if event.command_id]
    subject = " ".join([request.effect_key, *command_ids[-1:]])
    return Work(request.stream, subject, " ".join(event.kind for event in request.events))


class CaseRecorder:
    """Writes the record of cases."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine, self._questions = engine, for_questions(engine)

    @activity.defn
    async def record_case(self, request: RecordRequest) -> Recorded:
        """Append events to a case's journal, with everything that follows from them.

        If the journal already holds entries at their place, nothing is written and those entries are the answer. That makes the
        activity idempotent across attempts and runs.

        Raises:
            ApplicationError: Type `REFUSED`: the record itself refuses the events. Type `RecordIsBehind`: the record lacks entries
                that the workflow knows; retried until it has been restored.
        """
        recorded = await self.record(request, activity.info().workflow_run_id or "")
        for batch_no in {fact.batch_no for fact in to_batches(request.events) if fact.batch_no}:
            await self._wake(batch_no)
        for event in request.events:
            if isinstance(event.fact, e.Merged):
                await _signal(event.fact.into, "learn")
        return recorded

    async def record(self, request: RecordRequest, run_id: str) -> Recorded:
        """Do the same outside an activity, on behalf of the workflow run with that id."""
        async with giving_up(self._engine, step_of(request)):
            try:
                request, documents = await self._issued(request)
                async with self._engine.begin() as connection:
                    return await _record(connection, request, run_id, documents)
            except Exception as error:
                if is_lasting(error):
                    await self._decline_news(request)
                raise

    async def _issued(self, request: RecordRequest) -> tuple[RecordRequest, Sequence[Document]]:
        """Render the documents that the events issue, before any row is locked; returns the events with the documents' hashes.

        Documents are rendered from the case on record. If another transaction moves the case before its row is locked, `follows`
        detects that. Events that are already on record need no documents.
        """
        if not any(True for event in request.events for _ in documents_in(event)):
            return request, ()
        async with self._questions.connect() as connection:
            stored = await casefiles.case_and_rules(connection, request.stream)
        seq = stored[0].seq if stored else 0
        if seq >= request.first_seq:
            return request, ()
        follows(request, seq)
        assert stored is not None, "a case begins without a document"
        case, rules = stored
        offices = (request.rules or rules).offices
        events, documents = await asyncio.to_thread(issued, case, request.events, offices)
        return request.model_copy(update={"events": events}), documents

    async def _decline_news(self, request: RecordRequest) -> None:
        """Return news that the case can never take to its batch, which would otherwise wait for the case for ever."""
        for event in request.events:
            if isinstance(fact := event.fact, e.BondIncluded | e.BondFundsArrived):
                async with self._engine.begin() as connection:
                    known = await bonds.open_news(connection, request.stream, fact.transfer_id)
                    if known is not None and known[1].news_id == event.command_id:
                        await give_up(connection, *known)

    async def _wake(self, batch_no: str) -> None:
        """Signal a batch if the end of this case freed money for the next case in line."""
        async with self._questions.connect() as connection:
            if not await bonds.untold(connection, batch_no, 1):
                return
        await _signal(batch_no, "news")


async def _signal(stream: str, name: str) -> None:
    """Signal the workflow of a case or batch, if it runs. The signal carries no data: everything to know is on record."""
    try:
        await activity.client().get_workflow_handle(stream).signal(name)
    except RPCError as error:
        if error.status is not RPCStatusCode.NOT_FOUND:
            raise


async def _record(
    connection: AsyncConnection, request: RecordRequest, run_id: str, documents: Sequence[Document]
) -> Recorded:
    stored = await casefiles.load_case(connection, request.stream, for_update=True)
    known, head = stored or (None, journal.genesis(request.stream))
    if standing := await claimed(connection, request, run_id, known.seq if known else 0, head):
        return standing
    returned = to_batches(request.events)
    case = _after(known, request)
    await use_references(connection, request.stream, request.first_seq, request.events)
    await fit_contract(connection, known, case)
    if known is not None:
        await _issue(connection, known, request.events, documents)
    await call_back(connection, case.case_no, returned)
    head = await write(connection, request, head)
    await casefiles.save_case(connection, case, head, is_new=known is None, known=known)
    if known is not None and known.receipt != case.receipt:
        await claims.keep(connection, case.case_no, case.receipt)
    if request.rules is not None:
        await registry.adopt(connection, case.case_no, request.rules)
    for event in request.events:
        await _answer_batch(connection, case, event)
        if isinstance(event.fact, e.Substituted):
            await codes.withdraw(connection, case.case_no, event.fact.side)
        await _merge(connection, known, event, run_id)
    await notifications.tell(connection, await _told(connection, known, case, request))
    await pass_on(connection, case.case_no, case.seq, returned)
    log.info("recorded", stream=request.stream, seq=case.seq, kinds=[event.kind for event in request.events])
    return Recorded(seq=case.seq, head=head)


def _after(known: Case | None, request: RecordRequest) -> Case:
    if known is not None:
        return fold(known, request.events)
    return begin(request.stream, request.events)


async def _told(
    connection: AsyncConnection, known: Case | None, case: Case, request: RecordRequest
) -> list[NotifiedEntry]:
    """The notifications that the events cause. Several papers that a party files in a row cause only one."""
    events = request.events
    if known is not None and isinstance(events[0].fact, e.Attached):
        seqs = (known.seq, known.seq)
        (before,) = await journal.entries(connection, stream=case.case_no, seqs=seqs)
        events = () if goes_on(before.event, events[0]) else events
    return [
        NotifiedEntry(whom, case.case_no, seq, event.account)
        for seq, event in enumerate(events, start=request.first_seq)
        for whom in notified(known, event, case)
    ]


async def _issue(
    connection: AsyncConnection, case: Case, events: Sequence[Event], documents: Sequence[Document]
) -> None:
    """Store the documents that the events issue, and put them into the outbox for their recipients."""
    for document in documents:
        await post.keep(connection, document)
    for one in (document for event in events for document in documents_in(event)):
        asked = next(document.reply_by for document in documents if document.number == one.number)
        subject, body = covering(one, case, asked)
        for office in one.recipients:
            await post.post(connection, one.number, "notice", office, subject, body, one.deliver_at)


async def _merge(connection: AsyncConnection, case: Case | None, event: Event, run_id: str) -> None:
    """If the event merges this case into another, let that one absorb it in the same transaction. A merge that still waits for
    approval is checked as well, so that an impossible one is refused before a head decides on it.

    Raises:
        ApplicationError: `malformed`: there is no other open case of the same parties.
    """
    into = into_which(event)
    if case is None or into is None:
        return
    stored = await casefiles.load_case(connection, into, for_update=True)
    other = stored[0] if stored else None
    try:
        facts = absorbed(case, into, other)
    except Refusal as refusal:
        raise refused(refusal) from None
    if isinstance(event.fact, e.Merged) and other is not None:
        events = tuple(
            Event(at=event.at, on=event.on, by=event.by, approved_by=event.approved_by, fact=fact)
            for fact in facts
        )
        await registry.merge(connection, case.case_no, into)
        await contacts.move(connection, case.case_no, into, other.seq)
        await _record(
            connection, RecordRequest(stream=into, first_seq=other.seq + 1, events=events), run_id, ()
        )


def into_which(event: Event) -> str | None:
    """The number of the case into which this event merges its case, or asks to; None for other events."""
    fact = event.fact
    if isinstance(fact, e.Submitted) and fact.do == name_of(Merge):
        return str(fact.fields["into"])
    return fact.into if isinstance(fact, e.Merged) else None


async def _answer_batch(connection: AsyncConnection, case: Case, event: Event) -> None:
    """Note with the batch, in the same transaction, what the case took of its news."""
    fact = event.fact
    if isinstance(fact, e.BondIncluded):
        await bonds.answered(connection, fact.batch_no, case.case_no, fact.amount_fen)
    if isinstance(fact, e.BondIncluded | e.BondFundsArrived | e.BondIneligible) and event.command_id:
        await bonds.mark(connection, event.command_id, "taken")

"""Record what happened to a case: journal, ledger and read model in one transaction, once."""

import asyncio
from collections.abc import Sequence

import structlog
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine
from temporalio import activity
from temporalio.service import RPCError, RPCStatusCode

from activities.across import fit_contract, use_references
from activities.documents.issuing import covering, issued
from activities.giving_up import Step, giving_up, is_lasting
from activities.refusing import refused
from activities.requests import Recorded, RecordRequest
from activities.returning import call_back, give_up, pass_on, to_batches
from activities.standing import claimed, follows
from domain import facts as e
from domain.asked import name_of
from domain.case.casefile import Case
from domain.case.decider import begin, fold
from domain.case.handling.merging import absorbed
from domain.case.papers import documents_in
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
from schema.window.notifications import Told

log = structlog.get_logger(__name__)


async def write(connection: AsyncConnection, request: RecordRequest, head: str) -> str:
    """Append the events to the journal and post what they move; returns the new head of the chain."""
    head = await journal.append(connection, request.stream, request.first_seq, head, request.events)
    for seq, event in enumerate(request.events, start=request.first_seq):
        await ledger.post(connection, transfers(request.stream, seq, event))
    return head


def step_of(request: RecordRequest) -> Step:
    """How an incident names what was to be recorded."""
    command_ids = [event.command_id for event in request.events if event.command_id]
    subject = " ".join([request.effect_key, *command_ids[-1:]])
    return Step(request.stream, subject, " ".join(event.kind for event in request.events))


class CaseRecorder:
    """Writes the record of cases."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine, self._questions = engine, for_questions(engine)

    @activity.defn
    async def record_case(self, request: RecordRequest) -> Recorded:
        """Record events behind those on record; where something else stands in their place, that is the answer and nothing changes.
        So doing it again, from any attempt or run, changes nothing either.
        """
        recorded = await self.record(request, activity.info().workflow_run_id or "")
        for batch_no in {fact.batch_no for fact in to_batches(request.events) if fact.batch_no}:
            await self._wake(batch_no)
        for event in request.events:
            if isinstance(event.fact, e.Merged):
                await _signal(event.fact.into, "learn")
        return recorded

    async def record(self, request: RecordRequest, run_id: str) -> Recorded:
        """The same, on behalf of a run."""
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
        """The events with the hashes of the documents that they issue, and these documents, made while nothing is locked.

        They are made of the case as it is on record. What is recorded already needs none; if the case is another once its row is
        locked, `follows` says so.
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
        """News that a case cannot take goes back to its batch, which would wait for the case for ever."""
        for event in request.events:
            if isinstance(fact := event.fact, e.BondIncluded | e.BondFundsArrived):
                async with self._engine.begin() as connection:
                    known = await bonds.open_news(connection, request.stream, fact.transfer_id)
                    if known is not None and known[1].news_id == event.command_id:
                        await give_up(connection, *known)

    async def _wake(self, batch_no: str) -> None:
        """Have a batch tell the next in line what a case that ended was not to have any more."""
        async with self._questions.connect() as connection:
            if not await bonds.untold(connection, batch_no, 1):
                return
        await _signal(batch_no, "news")


async def _signal(stream: str, name: str) -> None:
    """Tell the workflow of a case or batch, if there is one. It has no content: what there is to know is on record."""
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
) -> list[Told]:
    """Who is told of what has happened. A party that puts one paper after another on file is told of once."""
    events = request.events
    if known is not None and isinstance(events[0].fact, e.Attached):
        seqs = (known.seq, known.seq)
        (before,) = await journal.entries(connection, stream=case.case_no, seqs=seqs)
        events = () if goes_on(before.event, events[0]) else events
    return [
        Told(whom, case.case_no, seq, event.account)
        for seq, event in enumerate(events, start=request.first_seq)
        for whom in notified(known, event, case)
    ]


async def _issue(
    connection: AsyncConnection, case: Case, events: Sequence[Event], documents: Sequence[Document]
) -> None:
    """Keep the documents that the events issue, and post them to their recipients."""
    for document in documents:
        await post.keep(connection, document)
    for one in (document for event in events for document in documents_in(event)):
        asked = next(document.reply_by for document in documents if document.number == one.number)
        subject, body = covering(one, case, asked)
        for office in one.recipients:
            await post.post(connection, one.number, "notice", office, subject, body, one.deliver_at)


async def _merge(connection: AsyncConnection, case: Case | None, event: Event, run_id: str) -> None:
    """Have the other case absorb one that is merged into it, in the same transaction. What only waits for its approval is looked up
    all the same: it is refused before anybody decides on it.

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
    """The case into which another one is merged, or is to be."""
    fact = event.fact
    if isinstance(fact, e.Submitted) and fact.do == name_of(Merge):
        return str(fact.fields["into"])
    return fact.into if isinstance(fact, e.Merged) else None


async def _answer_batch(connection: AsyncConnection, case: Case, event: Event) -> None:
    """What a case takes of a batch's news is noted with the batch, in the same transaction."""
    fact = event.fact
    if isinstance(fact, e.BondIncluded):
        await bonds.answered(connection, fact.batch_no, case.case_no, fact.amount_fen)
    if isinstance(fact, e.BondIncluded | e.BondFundsArrived | e.BondIneligible) and event.command_id:
        await bonds.mark(connection, event.command_id, "taken")

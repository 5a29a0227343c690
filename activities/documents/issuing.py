"""Documents made from what happened to a case, and the words with which they are sent."""

import hashlib
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path

from activities.documents.filling import LetterContext, of_letter, of_notice
from activities.documents.template import FOLDER, template
from activities.documents.wording import item, line
from domain.calendar import business_date
from domain.case.casefile import Case
from domain.case.evolve import evolve, fold
from domain.case.papers import kind_of
from domain.events import Event
from domain.facts import NoticeIssued
from domain.letters import Letter
from domain.telling.words import DOCUMENTS
from schema.post import Document


def render(
    fact: NoticeIssued, case: Case, on: date, names: Mapping[str, str], folder: Path = FOLDER
) -> bytes:
    """The document of a notice, dated by the business date on which it is issued.

    Args:
        names: Of the offices, by their codes.
    """
    return template(folder / f"{fact.notice}.docx").fill(of_notice(fact, case, on, names))


def render_letter(
    letter: Letter, step: LetterContext, names: Mapping[str, str], folder: Path = FOLDER
) -> bytes:
    """The document of a letter."""
    return template(folder / f"{letter.letter}.docx").fill(of_letter(letter, step, names))


def issued(
    case: Case, events: Iterable[Event], names: Mapping[str, str]
) -> tuple[tuple[Event, ...], list[Document]]:
    """The documents that follow from the events of a case, and the events with their hashes."""
    events = tuple(events)
    duties = fold(case, events).duties
    hashed: list[Event] = []
    documents: list[Document] = []
    for event in events:
        step = LetterContext(case, event, case := evolve(case, event), duties)
        on = business_date(event.at)
        if isinstance(fact := event.fact, NoticeIssued):
            docx = render(fact, case, on, names)
            fact = fact.model_copy(update={"sha256": _sha256(docx)})
            event = event.model_copy(update={"fact": fact})
            documents.append(_document(fact, case, on, fact.reply_by, docx))
        letters: list[Letter] = []
        for letter in event.letters:
            docx = render_letter(letter, step, names)
            letters.append(letter.model_copy(update={"sha256": _sha256(docx)}))
            documents.append(_document(letters[-1], case, on, step.reply_by, docx))
        hashed.append(event.model_copy(update={"letters": tuple(letters)}) if letters else event)
    return tuple(hashed), documents


def _sha256(docx: bytes) -> str:
    return hashlib.sha256(docx).hexdigest()


def _document(one: NoticeIssued | Letter, case: Case, on: date, asked: date | None, docx: bytes) -> Document:
    assert one.sha256 is not None
    return Document(
        one.number, case.case_no, kind_of(one), on, one.office, one.addressee, asked, docx, one.sha256
    )


def covering(one: NoticeIssued | Letter, case: Case, asked: date | None) -> tuple[str, str]:
    """The subject and the text with which a document is sent.

    Args:
        asked: The day by which to answer, if it asks for an answer.
    """
    subject = line(f"{DOCUMENTS[kind_of(one)]} {one.number} {case.receipt.title}")
    lines = [
        f"文号 Number: {one.number}",
        f"发文 From: {one.office_name}",
        f"主送 To: {one.addressee}",
        f"案号 Case: {case.case_no} {case.receipt.title}",
    ]
    if isinstance(one, NoticeIssued) and one.duty:
        lines.append(f"事项 Duty: {item(one.duty, one.subject)}, {one.due_on}")
    if asked is not None:
        lines.append(f"请于此日前答复 Reply by: {asked}")
    return subject, "\n".join(line(text) for text in lines) + "\n"

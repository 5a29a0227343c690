"""The documents that press for a duty, as .docx files made from the templates in `policies/notices/`.

A template is an office's own: it is edited in a word processor and holds all of the prose. Between `{{` and `}}` it may name

    number office holder addressee copies              the document: 文号, who issues it, who has the case, for whom, 抄送
    issued_on reply_by basis                           成文日期, the day by which to reply, the article
    case_no title project creditor debtor received_on mode      the case
    held_on place reason                               an interview's day and place, why somebody asked for it ("": not said)
    item act due_on days                               what is owed ("" where it is the case as a whole), what to do about it,
                                                       its last day, and by how many days it is late (less than 0: before)
    recognised as_of claimed settled paid_before undisputed disputed not_yet_due included cleared outstanding
                                                       whether the debt is recognised, as of when; amounts in 万元

A document is a function of these alone: no time of day and no wall clock gets into its bytes.
"""

import hashlib
import io
import re
import zipfile
from collections.abc import Iterable, Mapping
from datetime import date
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

from domain.calendar import business_date, business_instant
from domain.case.casefile import Case
from domain.case.evolve import evolve
from domain.duty import DutyKind
from domain.events import Event
from domain.facts import NoticeIssued
from domain.receipt import Creditor, Debtor, Receipt
from domain.telling.amounts import TO_BE_VERIFIED
from domain.telling.words import ACTS, DUTIES, MODES, NOTICES, STEPS
from domain.value import NoticeKind
from schema.post import Document

FOLDER: Final = Path(str(files("policies"))) / "notices"

_BODY: Final = "word/document.xml"
_XML: Final = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
_SUBJECTS: Final = {DutyKind.INSTALMENT: "第{}期", DutyKind.CONFIRMATION: "凭证{}", DutyKind.ANSWER: "凭证{}"}
_AS_A_WHOLE: Final = "明确清偿时限和资金来源,抓紧办结"
_UNKNOWN: Final = "—"
_NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_WIDE: Final = {",": "\uff0c", ";": "\uff1b", ":": "\uff1a"}
_AFTER_HANZI = re.compile(r"(?<=[\u4e00-\u9fff)])[,;:]")


class BrokenTemplates(Exception):  # noqa: N818 - it is told to a person
    """Templates that are missing, or that no document can be made from; each with what is wrong."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("; ".join(faults))
        self.faults = faults


class _Template:
    """A template ready to be filled: its body compiled, all other parts as they are."""

    def __init__(self, content: bytes) -> None:
        from docxtpl import DocxTemplate
        from jinja2 import Environment, StrictUndefined

        source = DocxTemplate(io.BytesIO(content))
        source.init_docx()
        environment = Environment(autoescape=True, undefined=StrictUndefined)
        body = source.xml_to_string(source.docx.element)
        self._body = environment.from_string(_XML + source.patch_xml(body))
        others = io.BytesIO()
        with zipfile.ZipFile(io.BytesIO(content)) as parts, zipfile.ZipFile(others, "w") as kept:
            for name in parts.namelist():
                if name != _BODY:
                    kept.writestr(_member(name), parts.read(name))
        self._others = others.getvalue()

    def fill(self, context: Mapping[str, Any]) -> bytes:
        """The document."""
        whole = io.BytesIO()
        whole.write(self._others)
        with zipfile.ZipFile(whole, "a") as parts:
            parts.writestr(_member(_BODY), self._body.render(context))
        return whole.getvalue()


def _member(name: str) -> zipfile.ZipInfo:
    member = zipfile.ZipInfo(name)
    member.compress_type = zipfile.ZIP_DEFLATED
    return member


@cache
def _template(source: Path) -> _Template:
    return _Template(source.read_bytes())


def render(
    fact: NoticeIssued, case: Case, on: date, names: Mapping[str, str], folder: Path = FOLDER
) -> bytes:
    """The document of a notice, dated by the business date on which it is issued.

    Args:
        names: Of the offices, by their codes.
    """
    return _template(folder / f"{fact.notice}.docx").fill(_context(fact, case, on, names))


def issued(
    case: Case, events: Iterable[Event], names: Mapping[str, str]
) -> tuple[tuple[Event, ...], list[Document]]:
    """The documents that follow from the events of a case, and the events with their hashes."""
    hashed: list[Event] = []
    documents: list[Document] = []
    for event in events:
        case, fact = evolve(case, event), event.fact
        if isinstance(fact, NoticeIssued):
            on = business_date(event.at)
            docx = render(fact, case, on, names)
            fact = fact.model_copy(update={"sha256": hashlib.sha256(docx).hexdigest()})
            event = event.model_copy(update={"fact": fact})
            documents.append(_document(fact, case, on, docx))
        hashed.append(event)
    return tuple(hashed), documents


def _document(fact: NoticeIssued, case: Case, on: date, docx: bytes) -> Document:
    assert fact.sha256 is not None
    return Document(
        fact.number,
        case.case_no,
        fact.notice,
        on,
        fact.office,
        fact.addressee,
        fact.reply_by,
        docx,
        fact.sha256,
    )


def covering(fact: NoticeIssued, case: Case) -> tuple[str, str]:
    """The subject and the text with which a document is sent."""
    subject = _line(f"{NOTICES[fact.notice]} {fact.number} {case.receipt.title}")
    lines = [
        f"文号 Number: {fact.number}",
        f"发文 From: {fact.office_name}",
        f"主送 To: {fact.addressee}",
        f"案号 Case: {case.case_no} {case.receipt.title}",
        *([f"事项 Duty: {_item(fact)}, {fact.due_on}"] if fact.duty else []),
        f"请于此日前答复 Reply by: {fact.reply_by}",
    ]
    return subject, "\n".join(_line(line) for line in lines) + "\n"


def _context(fact: NoticeIssued, case: Case, on: date, names: Mapping[str, str]) -> dict[str, Any]:
    receipt, known = case.receipt, case.recognition
    offices = (names.get(code, code) for code in fact.recipients if code != fact.office)
    copies = [name for name in offices if name != fact.addressee]
    text = {
        "number": fact.number,
        "office": fact.office_name,
        "holder": names.get(case.holder, case.holder),
        "addressee": fact.addressee,
        "copies": "、".join(copies),
        "issued_on": _day(on),
        "reply_by": _day(fact.reply_by),
        "basis": _typeset(fact.basis),
        "case_no": case.case_no,
        "title": receipt.title,
        "project": receipt.project,
        "creditor": receipt.creditor.name,
        "debtor": receipt.debtor.name,
        "received_on": _day(receipt.received_on),
        "mode": MODES[case.mode],
        "item": _item(fact),
        "act": _typeset(ACTS[fact.duty] if fact.duty else _AS_A_WHOLE),
        "due_on": _day(fact.due_on) if fact.due_on else "",
        "held_on": _day(fact.held_on) if fact.held_on else "",
        "place": fact.place or "",
        "reason": _typeset(fact.reason or ""),
        "as_of": _day(known.as_of) if known else _UNKNOWN,
    }
    return {
        **{name: _line(value) for name, value in text.items()},
        **{name: _UNKNOWN if amount is None else in_wan(amount) for name, amount in _amounts(case).items()},
        **_claimed(receipt.claimed),
        "recognised": case.account is not None,
        "days": (on - fact.due_on).days if fact.due_on else 0,
    }


def _amounts(case: Case) -> dict[str, int | None]:
    """In fen; none of what is known only once the debtor has said what it owes."""
    known = case.recognition
    return {
        "settled": known.settled_fen if known else None,
        "paid_before": known.paid_fen if known else None,
        "undisputed": known.undisputed_fen if known else None,
        "disputed": known.disputed_fen if known else None,
        "not_yet_due": known.not_yet_due_fen if known else None,
        "outstanding": case.outstanding_fen if known else None,
        "included": case.in_bonds_fen,
        "cleared": case.cleared_fen,
    }


def _claimed(fen: int | None) -> dict[str, str]:
    """What the creditor says it is owed, as a table and as a sentence say it."""
    if fen is None:
        return dict.fromkeys(("claimed", "claimed_as_said"), TO_BE_VERIFIED[0])
    return {"claimed": in_wan(fen), "claimed_as_said": f"{in_wan(fen)}万元"}


def _item(fact: NoticeIssued) -> str:
    """What is owed, and which of several: an instalment by its number, a payment by its voucher."""
    if fact.duty is None:
        return ""
    if fact.subject is None:
        return DUTIES[fact.duty]
    subject = STEPS[fact.subject] if fact.duty is DutyKind.GATE else fact.subject
    which = _SUBJECTS.get(fact.duty, "{}").format(subject)
    return f"{DUTIES[fact.duty]}\uff08{which}\uff09"


def in_wan(fen: int) -> str:
    """An amount in 万元, exact to the fen, with two decimals or as many as it has."""
    whole, rest = divmod(fen, 10**6)
    return f"{whole:,}." + f"{rest:06d}".rstrip("0").ljust(2, "0")


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def _typeset(text: str) -> str:
    """Punctuation after Chinese words as official documents have it."""
    return _AFTER_HANZI.sub(lambda found: _WIDE[found[0]], text)


def _line(text: str) -> str:
    """What somebody wrote, on one line and without characters that no XML document may contain."""
    return " ".join(_NOT_IN_XML.sub(" ", text).split())


def check(folder: Path = FOLDER) -> None:
    """Make a sample from every template.

    Raises:
        BrokenTemplates: From some of them nothing can be made, or not what must be in it.
    """
    faults = [
        f"policies/notices/{kind}.docx: {fault}" for kind in NoticeKind if (fault := _fault(kind, folder))
    ]
    if faults:
        raise BrokenTemplates(faults)


def _fault(kind: NoticeKind, folder: Path) -> str | None:
    """What is wrong with a template. Its sample is read back, as whoever receives a document will read it."""
    from docx import Document as Docx
    from docx.opc.exceptions import PackageNotFoundError
    from jinja2 import TemplateError

    of_duty, case = _sample(kind)
    of_case = of_duty.model_copy(update={"duty": None, "subject": None, "due_on": None})
    try:
        texts = [
            "".join(Docx(io.BytesIO(made)).element.itertext())
            for made in (render(fact, case, fact.reply_by, {}, folder) for fact in (of_duty, of_case))
        ]
    except FileNotFoundError:
        return "there is no such file"
    except (zipfile.BadZipFile, PackageNotFoundError, KeyError, ValueError, SyntaxError) as error:
        return f"not a .docx file: {error}"
    except TemplateError as error:
        return f"not a template: {error}"
    must_be_in = {
        "number": of_duty.number,
        "office": of_duty.office_name,
        "addressee": of_duty.addressee,
        "reply_by": _day(of_duty.reply_by),
    }
    missing = [
        f"{{{{ {name} }}}}" for name, value in must_be_in.items() if any(value not in text for text in texts)
    ]
    return f"it does not say {', '.join(missing)}" if missing else None


def _sample(kind: NoticeKind) -> tuple[NoticeIssued, Case]:
    day = date(2023, 4, 26)
    receipt = Receipt(
        title="样张",
        project="样张",
        creditor=Creditor(name="某公司", size="small", ownership="private"),
        debtor=Debtor(name="某局", kind="organ"),
        office="620105",
        channel="platform",
        kind="goods",
        claimed=10**6,
        received_on=day,
    )
    case = Case(
        case_no="QQ-620105-2023-0001",
        policy="样张",
        calendar="样张",
        receipt=receipt,
        route=("620105",),
        region="620105",
    )
    fact = NoticeIssued(
        number="样张〔2023〕1号",
        notice=kind,
        office="620105",
        office_name="某办",
        addressee="某单位",
        recipients=("620105", "620100"),
        basis="样张",
        reply_by=day,
        deliver_at=business_instant(day, 9),
        duty=DutyKind.INSTALMENT,
        subject="1",
        opened_on=day,
        due_on=day,
    )
    return fact, case

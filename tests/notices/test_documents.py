"""Documents say what they must, open in a word processor, and broken templates are noticed before work begins."""

import hashlib
import shutil
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pytest

from activities.documents.checking import BrokenTemplates, check
from activities.documents.issuing import render
from activities.documents.template import FOLDER
from activities.documents.wording import wan_text
from domain.value import Mode, NoticeKind
from tests.notices.paperwork import CITY, NOW, case_after, notice, words
from tests.stack import DISTRICT, FINANCE, order, paid, until_planned, until_recognised

NAMES = {DISTRICT: "安宁区清欠办", CITY: "兰州市清欠办"}
ON = NOW.date()
FUND = order("fund", FINANCE, source="budget", amount="120万元", reference="安财预〔2023〕1号")


@pytest.mark.parametrize("kind", NoticeKind)
def test_a_document_says_who_what_how_much_and_by_when(kind: NoticeKind) -> None:
    case = case_after([*until_planned(source="budget"), FUND, *paid("120万元", "PZ-1")])
    fact = notice(kind)
    text = words(render(fact, case, ON, NAMES))
    for said in (
        fact.number,
        "安宁区环卫局",
        "八冶集团",
        "道路工程款",
        "按期付款\uff08第2期\uff09",
        "2023年4月24日",
        "2023年5月8日",
        "2023年4月26日",
        "抄送\uff1a兰州市清欠办",
        "400.00",
        "300.00",
        "120.00",
        "180.00",
        "保障中小企业款项支付条例（2025）第二十五条",
    ):
        assert said in text, said


@pytest.mark.parametrize("kind", NoticeKind)
def test_a_document_about_the_case_as_a_whole_names_no_duty(kind: NoticeKind) -> None:
    case = case_after([]).model_copy(update={"mode": Mode.SUPERVISED})
    fact = notice(kind, duty=None, subject=None, due_on=None, recipients=(DISTRICT,))
    text = words(render(fact, case, ON, NAMES))
    assert fact.number in text
    assert "督办" in text
    assert "按期付款" not in text
    assert "抄送" not in text
    assert "—" in text


def test_a_supervision_threatens_and_wants_a_receipt() -> None:
    text = words(render(notice(), case_after(until_recognised()), ON, NAMES))
    for said in ("约谈", "通报", "责令改正", "签收回执", "已逾期2日"):
        assert said in text


def test_a_letter_to_an_office_is_a_letter_to_its_last_line() -> None:
    text = words(render(notice(NoticeKind.SUPERVISION_LETTER), case_after(until_recognised()), ON, NAMES))
    assert "督办函" in text
    assert "督办书" not in text


@pytest.mark.parametrize("kind", [NoticeKind.PROMPT, NoticeKind.URGING])
def test_the_first_words_threaten_nobody(kind: NoticeKind) -> None:
    """An office is prompted too, and what comes next differs by who owes: the ladder says it, not the card."""
    text = words(render(notice(kind), case_after(until_recognised()), ON, NAMES))
    assert "将予以" not in text
    assert "将依次" not in text


def test_an_interview_has_lines_to_fill_in() -> None:
    text = words(render(notice(NoticeKind.INTERVIEW), case_after(until_recognised()), ON, NAMES))
    for said in ("约谈时间", "约谈地点", "被约谈人", "主持人", "携带材料"):
        assert said in text


def test_what_people_write_stays_text() -> None:
    case = case_after(until_recognised(), title="<w:p>&amp; {{ number }} {% if %}\ufffe\n第二行")
    text = words(render(notice(addressee="甲<乙>&丙"), case, ON, NAMES))
    assert "<w:p>&amp; {{ number }} {% if %} 第二行" in text
    assert "甲<乙>&丙" in text


def test_the_same_notice_has_the_same_bytes() -> None:
    case = case_after(until_recognised())
    first, again, other = (
        hashlib.sha256(render(fact, case, ON, NAMES)).hexdigest()
        for fact in (notice(), notice(), notice(addressee="另一单位"))
    )
    assert first == again != other


def test_a_document_takes_milliseconds() -> None:
    case, fact = case_after(until_recognised()), notice()
    render(fact, case, ON, NAMES)
    begun = time.perf_counter()
    for _ in range(100):
        render(fact, case, ON, NAMES)
    assert (time.perf_counter() - begun) / 100 < 0.015


@pytest.mark.parametrize(
    ("fen", "written"),
    [(0, "0.00"), (1, "0.000001"), (42_160_000_00, "4,216.00"), (123_456_78, "12.345678"), (5000_00, "0.50")],
)
def test_amounts_in_wan_are_exact(fen: int, written: str) -> None:
    assert wan_text(fen) == written


def rewritten(path: Path, old: str, new: str) -> None:
    """Change a template's body."""
    with zipfile.ZipFile(path) as source:
        parts = {name: source.read(name) for name in source.namelist()}
    body = parts["word/document.xml"].decode()
    assert old in body
    parts["word/document.xml"] = body.replace(old, new).encode()
    with zipfile.ZipFile(path, "w") as target:
        for name, content in parts.items():
            target.writestr(name, content)


@pytest.fixture
def broken(tmp_path: Path) -> Path:
    """Templates of which none is sound."""
    folder = tmp_path / "notices"
    shutil.copytree(FOLDER, folder)
    (folder / "prompt.docx").unlink()
    (folder / "urging.docx").write_bytes(b"not a zip file")
    rewritten(folder / "supervision.docx", "{{ reply_by }}", "{{ reply_day }}")
    rewritten(folder / "interview.docx", "{%p endif %}", "")
    rewritten(folder / "takeover.docx", "{{ number }}", "")
    return folder


@pytest.mark.long
def test_every_broken_template_is_named(broken: Path) -> None:
    check()
    with pytest.raises(BrokenTemplates) as found:
        check(broken)
    prompt, urging, supervision, interview, takeover = found.value.faults
    assert prompt == "policies/notices/prompt.docx: there is no such file"
    assert urging.startswith("policies/notices/urging.docx: not a .docx file")
    assert "supervision.docx: not a template: 'reply_day' is undefined" in supervision
    assert "interview.docx: not a template" in interview
    assert takeover == "policies/notices/takeover.docx: it does not say {{ number }}"


@pytest.mark.long
def test_a_worker_with_a_broken_template_does_not_start(broken: Path) -> None:
    starting = (
        "import sys, runtime.working, worker, activities.documents.checking as documents; from pathlib import Path; "
        f"runtime.working.check = lambda: documents.check(Path({str(broken)!r})); sys.exit(worker.main())"
    )
    done = subprocess.run([sys.executable, "-c", starting], capture_output=True, text=True, timeout=60)
    assert done.returncode == 2
    assert "there is no such file" in done.stderr
    assert "Traceback" not in done.stderr

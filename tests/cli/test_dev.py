"""`qingqian dev` and the commands beside it, on a case moved by hand from receipt to strike-off."""

import json
import os
import signal
import sys
import time
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from office.enquiries import today
from tests.cli.commands import call, call_of
from tests.cli.dev import Dev, is_alive
from tests.stack import agreed

pytestmark = [pytest.mark.kill, pytest.mark.long, pytest.mark.timeout(240)]

YESTERDAY = today() - timedelta(days=1)
"""A case of long ago would be taken over by the city at once."""

IN_A_MONTH = today() + timedelta(days=30)

CASE = f"""
ref = "c1"
title = "某镇道路工程款"
project = "某镇道路"
office = "620105"
channel = "platform"
kind = "works"
claimed = "30万元"
received_on = {YESTERDAY}
[creditor]
name = "某公司"
size = "small"
ownership = "private"
contact = "13800000000"
[debtor]
name = "某镇政府"
kind = "organ"
"""


@pytest.fixture(scope="module")
def dev(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Dev]:
    running = Dev(tmp_path_factory.mktemp("dev") / "data")
    yield running
    running.stop()
    assert running.process.returncode == 0
    assert not [pid for pid in running.stack.pids if is_alive(pid)]


@pytest.fixture(scope="module")
def opened(dev: Dev, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    path = tmp_path_factory.mktemp("case") / "case.toml"
    path.write_text(CASE, "utf-8")
    said = dev.insist("open", str(path), "--by", "clerk:李敏@620105")
    assert said.code == 0, said.err
    (one,) = said.json["cases"]
    assert set(one) == {"case_no", "ref", "access_code"}
    return dict(one)


def test_dev_says_where_everything_is(dev: Dev) -> None:
    window, first, temporal, database, data = dev.announced
    assert dev.stack.portal is not None
    assert dev.stack.portal in window
    assert "qingqian staff add" in first
    assert dev.stack.temporal_address in temporal
    assert "postgresql://" in database
    assert str(dev.data) in data


def test_a_second_dev_on_the_same_folder_is_refused(dev: Dev) -> None:
    said = call("dev", "--data", str(dev.data))
    assert said.code == 3
    assert "already runs" in said.err


def test_by_hand_to_strike_off_with_kills_on_the_way(dev: Dev, opened: dict[str, Any]) -> None:
    number = opened["case_no"]
    clerk, head, finance = "clerk:李敏@620105", "head:孙@620105", "finance:钱@620105"

    def act(do: str, by: str, *fields: str, command_id: str | None = None) -> Any:
        arguments = [word for field in fields for word in ("--field", field)]
        said = dev.insist("act", number, do, "--by", by, *arguments, "--id", command_id or do)
        return said.json

    assert act("accept", clerk)["stage"] == "transfer"
    _, temporal, worker, _ = dev.stack.pids
    os.kill(worker, signal.SIGKILL)
    assert act("forward", clerk, "to=debtor")["stage"] == "verification"
    assert act("acknowledge", "debtor:王强")["stage"] == "verification"
    amounts = ("settled=50万元", "paid=20万元", "undisputed=30万元", f"as_of={YESTERDAY}")
    assert act("recognise", "debtor:王强", *amounts)["undisputed_fen"] == 30_0000_00
    os.kill(temporal, signal.SIGKILL)
    assert act("endorse", "creditor")["stage"] == "funding"

    dev.kill()
    dev.start()
    plan = (
        'sources=[{"kind":"budget","amount":"30万元"}]',
        f'instalments=[{{"due_on":"{IN_A_MONTH}","amount":"30万元"}}]',
    )
    assert act("plan", "debtor:王强", *plan)["stage"] == "payment"
    assert (
        act("fund", finance, "source=budget", "amount=30万元", "reference=W1")["available_fen"] == 30_0000_00
    )
    payment = ("voucher=V1", "amount=300000", f"paid_on={YESTERDAY}")
    first = act("report_payment", "debtor:王强", *payment)
    assert first["in_transit_fen"] == 30_0000_00
    assert act("confirm_receipt", "creditor", "voucher=V1")["stage"] == "review"
    assert act("call_back", clerk, "satisfied=yes", "note=满意")["stage"] == "review"
    receipt = ("tests/law/papers/receipt.pdf", "--what", "bank_receipt", "--for", "V1", "--by", clerk)
    for _ in range(2):
        assert dev.insist("attach", number, *receipt, "--id", "receipt").json["stage"] == "review"
    assert "材料 1 银行回单 receipt.pdf 用于 V1" in call("show", number, "--data", str(dev.data)).out
    assert call("attach", number, __file__, *receipt[1:], "--data", str(dev.data)).code == 1
    refused = act("close", "head:李敏@620105", "report=完", command_id="close-1")
    assert refused["refused"]["code"] == "four_eyes"
    out = dev.data.parent / "案卷.zip"
    assert dev.insist("archive", number, str(out)).json["refused"]["code"] == "wrong_stage"
    assert act("close", head, "report=完")["stage"] == "closed"
    packed = [one["what"].split()[0] for one in dev.insist("archive", number, str(out)).json["files"]]
    assert packed == [
        *("办理日志", "受理通知书", "转办函", "欠款确认书", "处理结果告知书", "清偿计划", "销号审批单"),
        *("银行回单", "案卷"),
    ]
    assert out.is_file()

    assert act("report_payment", "debtor:王强", *payment) == first
    again = act("report_payment", "debtor:王强", "voucher=V2", *payment[1:])
    assert again["refused"]["code"] == "command_reused"
    assert act("withdraw", "creditor", "reason=算了")["refused"]["code"] == "case_ended"


def test_reading_and_verifying_what_was_done(dev: Dev, opened: dict[str, Any]) -> None:
    number = opened["case_no"]
    shown = dev.call("show", number).json
    assert (shown["stage"], shown["outstanding_fen"], shown["contact"]) == ("closed", 0, "13800000000")
    listed = dev.call("list", "--office", "620105", "--stage", "closed").json
    assert [case | {"contact": "13800000000", "debtor_contact": None} for case in listed["cases"]] == [shown]
    assert dev.call("list", "--light", "red").json == {"cases": []}
    events = dev.call("history", number).json["events"]
    assert [event["seq"] for event in events] == list(range(1, len(events) + 1))
    who = {"by", "account", "entered_by", "approved_by"}
    assert {"case_no", "seq", "kind", "at", "on", "data", "hash"} | who == set(events[0])
    assert (events[0]["kind"], events[0]["by"]) == ("received", "clerk:李敏@620105")
    assert dev.call("verify").json == agreed(1)


def test_what_takes_two_persons_is_returned_or_approved(dev: Dev, tmp_path: Path) -> None:
    path = tmp_path / "second.toml"
    path.write_text(CASE, "utf-8")
    case_no = dev.insist("open", str(path)).json["cases"][0]["case_no"]
    clerk, head = "clerk:李敏@620105", "head:孙@620105"
    again = dev.insist("open", str(path))
    assert (again.code, again.json["refused"]["code"]) == (1, "duplicate")
    assert [one["case_no"] for one in again.json["refused"]["candidates"]] == [case_no]
    foreign = dev.insist("open", str(path), "--by", "clerk:陈@620100")
    assert (foreign.code, foreign.json["refused"]["code"]) == (1, "not_yours")
    assert dev.insist("open", str(path), "--by", "李敏").code == 2
    nowhere = dev.insist("merge", case_no, "--into", "QQ-620105-2020-0001", "--by", clerk)
    assert (nowhere.code, nowhere.json["refused"]["field"]) == (1, "into")
    refuse = ("act", case_no, "refuse", "--by", clerk, "--field", "ground=不属受理范围")
    said = dev.insist(*refuse)
    assert (said.code, said.json["stage"], said.json["submissions"][0]["state"]) == (0, "intake", "waiting")
    assert dev.insist("approve", case_no, "--by", "head:李敏@620105").json["refused"]["code"] == "four_eyes"
    said = dev.insist("approve", case_no, "1", "--by", head, "--return", "先要求补正")
    assert (said.code, said.json["submissions"][0]["reason"]) == (0, "先要求补正")
    assert dev.insist(*refuse).code == 0
    said = dev.insist("approve", case_no, "refuse", "--by", head)
    assert (said.code, said.json["stage"]) == (0, "refused")
    assert [one["title"] for one in said.json["documents"]] == ["不予受理告知书"]
    assert (said.json["attachments"], said.json["missing_evidence"]) == ([], [])
    assert "批准第 2 项:不予受理" in call("history", case_no, "--data", str(dev.data)).out


def test_of_several_cases_those_are_told_that_were_opened_before_one_was_refused(
    dev: Dev, tmp_path: Path
) -> None:
    """An access code is told once: nobody could learn it later."""
    path = tmp_path / "several.json"
    receipt = tomllib.loads(CASE) | {"project": "另一道路", "received_on": str(YESTERDAY)}
    path.write_text(json.dumps({"case": [receipt, receipt]}), "utf-8")
    said = dev.insist("open", str(path))
    assert (said.code, said.json["refused"]["code"]) == (1, "duplicate")
    (one,) = said.json["cases"]
    assert [double["case_no"] for double in said.json["refused"]["candidates"]] == [one["case_no"]]
    assert set(one) == {"case_no", "ref", "access_code"}
    receipt["project"] = "又一道路"
    path.write_text(json.dumps({"case": [receipt, receipt]}), "utf-8")
    said = call("open", str(path), "--data", str(dev.data))
    assert said.code == 1
    assert "查询码" in said.out


def test_the_enterprise_sees_its_case_at_the_window(dev: Dev, opened: dict[str, Any]) -> None:
    with at_the_window(dev, opened) as (client, page):
        assert "已结束：销号" in page
        assert client.get("/readyz").status_code == 200


def test_a_window_that_was_killed_comes_back_where_it_was(dev: Dev, opened: dict[str, Any]) -> None:
    address, portal = dev.stack.portal, dev.stack.pids[3]
    os.kill(portal, signal.SIGKILL)
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline and (is_alive(portal) or not is_open(dev)):
        time.sleep(0.2)
    assert (dev.stack.portal, dev.stack.pids[3] == portal) == (address, False)
    with at_the_window(dev, opened) as (_, page):
        assert opened["case_no"] in page


def is_open(dev: Dev) -> bool:
    try:
        return httpx.get(f"{dev.stack.portal}/readyz").status_code == 200
    except httpx.HTTPError:
        return False


@contextmanager
def at_the_window(dev: Dev, opened: dict[str, Any]) -> Iterator[tuple[httpx.Client, str]]:
    """Ask as the enterprise does: the client with its session, and the page."""
    assert dev.stack.portal is not None
    with httpx.Client(base_url=dev.stack.portal, follow_redirects=True) as client:
        asked = {"case_no": opened["case_no"], "code": opened["access_code"]}
        answer = client.post("/enquiries", data=asked)
        assert answer.status_code == 200, answer.text
        yield client, answer.text


def test_what_may_not_be_in_logs_or_histories_is_not(dev: Dev, opened: dict[str, Any]) -> None:
    logged = "".join((dev.data / f"{name}.log").read_text("utf-8") for name in ("worker", "portal"))
    assert opened["case_no"] in logged
    journal = dev.call("history", opened["case_no"]).out
    for secret in ("13800000000", opened["access_code"]):
        assert secret not in logged
        assert secret not in journal


def test_starter_and_qingqian_are_the_same(dev: Dev, opened: dict[str, Any]) -> None:
    arguments = ("show", opened["case_no"], "--data", str(dev.data), "--json")
    assert call_of((sys.executable, "starter.py"), *arguments) == call(*arguments)


def test_an_unknown_case_is_wrong_usage(dev: Dev) -> None:
    for command in (("show", "QQ-1"), ("history", "QQ-1"), ("batch", "show", "BB-1")):
        said = dev.call(*command)
        assert said.code == 2
        assert "no case or batch" in said.json["error"]


@pytest.mark.parametrize(
    ("where", "named"),
    [
        ({}, "qingqian dev"),
        ({"DATABASE_URL": "postgresql://u:secret@127.0.0.1:1/x"}, "PostgreSQL is away"),
    ],
)
def test_a_server_away_is_named_within_seconds(tmp_path: Path, where: dict[str, str], named: str) -> None:
    started = time.perf_counter()
    said = call("list", "--data", str(tmp_path), "--json", **where)
    assert said.code == 3
    assert named in said.json["error"]
    assert "secret" not in said.out + said.err
    assert time.perf_counter() - started < 20


def test_temporal_away_is_named_within_seconds(dev: Dev, opened: dict[str, Any]) -> None:
    started = time.perf_counter()
    arguments = ("act", opened["case_no"], "accept", "--by", "clerk:李敏@620105", "--data", str(dev.data))
    said = call(*arguments, "--json", TEMPORAL_ADDRESS="127.0.0.1:1")
    assert said.code == 3
    assert "Temporal is away: looked for it at 127.0.0.1:1" in said.json["error"]
    assert time.perf_counter() - started < 30

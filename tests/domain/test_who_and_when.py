"""Who may give each command, and at which points of the usual case: the whole table, every cell of it.

A day after everything has happened, each command is given at each point as in the usual life, while nobody watches the clock. A cell
says how it is refused; `ok` is carried out. An empty cell is `wrong_stage`; `suspended` while the case is, `case_ended` at its end.
"""

from typing import Final

import pytest

from domain.actors import Actor, parse_actor
from domain.case.orders import ORDERS
from domain.telling.naming import named
from tests.domain.story import LIFE, RECEIPT, USUAL, Story, story_at

LATER: Final = "2023-07-27"

_WAY = [step.point for step in LIFE if step.point != "closed"]
OPEN: Final = [
    "received",
    "asked",
    "submitted",
    *_WAY[:-2],
    "withdrawing",
    "disputed",
    "answered",
    *_WAY[-2:],
]
RISEN: Final = ["lapsed", "supervised", "proposed", "taken_over", "referral"]
ENDS: Final = ["closed", "appealed", "refused", "unfounded", "withdrawn", "judicial"]
WRITTEN_ENDS: Final = ["closed", "appealed", "unfounded", "withdrawn", "judicial"]
"""Those of a case that was accepted in writing."""

EVER: Final = [*OPEN, *RISEN, "suspended"]


def _from(first: str, last: str = "called_back") -> list[str]:
    return OPEN[OPEN.index(first) : OPEN.index(last) + 1]


FROM_ABOVE: Final = ["reassign", "reopen", "uphold", "escalate", "approve_step", "decline_step"]
ABOVE: Final = {"620105": "620100", "620100": "620000"}
PAYABLE = _from("planned", "answered")
PAID = ["reported", "disputed", "answered"]
VERIFYING = ["forwarded", "acknowledged", *RISEN]
GOING_ON = [*OPEN, *RISEN]
ANSWERS: Final[dict[str, dict[str, str]]] = {
    "accept": dict.fromkeys(["received", "asked", "submitted"], "ok"),
    "refuse": dict.fromkeys(["received", "asked"], "ok"),
    "request_correction": {"received": "ok", "submitted": "ok"},
    "supply_correction": {"asked": "ok"},
    "forward": {"accepted": "ok", "handed_down": "ok"},
    "return_up": dict.fromkeys([*_from("accepted", "recognised"), "lapsed", "supervised", "proposed"], "ok"),
    "reassign": dict.fromkeys([*_from("received", "endorsed"), *RISEN], "ok"),
    "acknowledge": {"forwarded": "ok"},
    "recognise": dict.fromkeys(VERIFYING, "ok"),
    "endorse": {"recognised": "ok"},
    "object": {"recognised": "ok"},
    "unfounded": dict.fromkeys([*VERIFYING, "recognised"], "ok"),
    "resolve_dispute": dict.fromkeys([*_from("forwarded"), *RISEN], "exceeds_owed"),
    "plan": {"endorsed": "ok"} | dict.fromkeys(PAYABLE, "malformed"),
    "fund": {
        "planned": "ok",
        **dict.fromkeys(_from("funded", "answered"), "reference_reused"),
        "withdrawing": "ok",
    },
    "report_payment": dict.fromkeys(
        [*_from("forwarded", "planned"), "withdrawing", *RISEN], "funds_not_available"
    )
    | {"funded": "ok"}
    | dict.fromkeys(PAID, "voucher_reused"),
    "confirm_receipt": dict.fromkeys([*PAID, "judicial"], "ok"),
    "dispute_receipt": {"reported": "ok", "disputed": "unknown_voucher", "answered": "unknown_voucher"},
    "answer": {"reported": "unknown_voucher", "disputed": "ok", "answered": "unknown_voucher"},
    "attest_receipt": dict.fromkeys(["reported", "disputed"], "unknown_voucher")
    | {"answered": "ok", "judicial": "evidence_missing"},
    "bounce": dict.fromkeys([*PAID, "judicial"], "ok"),
    "reverse": dict.fromkeys(PAID, "unknown_voucher")
    | dict.fromkeys(["cleared", "called_back", "closed", "appealed"], "ok"),
    "rate": {"cleared": "ok", "called_back": "ok", "refused": "already_lapsed"}
    | dict.fromkeys(["closed", "appealed", "unfounded", "withdrawn", "judicial"], "ok"),
    "call_back": {"cleared": "ok", "called_back": "ok"},
    "close": {"called_back": "ok"},
    "withdraw": dict.fromkeys([*_from("received", "answered"), *RISEN, "suspended"], "ok")
    | {"withdrawing": "wrong_stage"},
    "keep": {"withdrawing": "ok"},
    "confirm_withdrawal": {"withdrawing": "ok"},
    "go_judicial": dict.fromkeys(EVER, "ok"),
    "appeal": {"closed": "ok"} | dict.fromkeys(["refused", "unfounded", "withdrawn"], "already_lapsed"),
    "uphold": {"appealed": "ok"},
    "reopen": dict.fromkeys(["closed", "appealed", "refused", "unfounded", "withdrawn", "judicial"], "ok"),
    "extend": dict.fromkeys(GOING_ON, "malformed")
    | dict.fromkeys(["planned", "funded", "withdrawing", "disputed"], "ok"),
    "suspend": dict.fromkeys(GOING_ON, "ok"),
    "resume": dict.fromkeys(GOING_ON, "not_suspended") | {"suspended": "ok"},
    "escalate": dict.fromkeys([*OPEN, "lapsed", "suspended"], "ok"),
    "approve_step": {"proposed": "ok", "taken_over": "not_yours", "referral": "not_yours"},
    "decline_step": {"proposed": "ok", "taken_over": "not_yours", "referral": "not_yours"},
    "substitute": dict.fromkeys(EVER, "ok"),
    "correct": dict.fromkeys(GOING_ON, "ok"),
    "summon": dict.fromkeys(GOING_ON, "ok"),
    "interview_held": dict.fromkeys(GOING_ON, "ok"),
    "fulfil": {},
    "publicise": {},
    "credit_record": {},
    "relieve": dict.fromkeys(["supervised", "proposed", "taken_over", "referral"], "ok"),
    "assign": dict.fromkeys(EVER, "ok"),
    "remark": dict.fromkeys([*EVER, *ENDS], "ok"),
    "contact": dict.fromkeys([*EVER, *ENDS], "ok"),
    "attach": dict.fromkeys([*EVER, *ENDS], "ok"),
    "detach": {"suspended": "wrong_stage"},
    "serve": dict.fromkeys([*_from("accepted"), *RISEN, *WRITTEN_ENDS], "ok")
    | {"asked": "malformed", "refused": "malformed"},
    "ask_time": dict.fromkeys(["forwarded", "acknowledged", "endorsed"], "malformed")
    | dict.fromkeys(["planned", "funded", "withdrawing", "disputed"], "ok"),
    "adopt_policy": dict.fromkeys(GOING_ON, "ok"),
    "deem_endorsed": dict.fromkeys([*VERIFYING, "recognised"], "wrong_stage"),
    "determine": {"recognised": "ok"} | dict.fromkeys(RISEN, "ok"),
    "merge": dict.fromkeys([*_from("received", "endorsed"), *RISEN], "ok"),
    "hand_out": dict.fromkeys([*_from("received", "endorsed"), *RISEN], "ok"),
    "adjust": dict.fromkeys(_from("endorsed"), "ok"),
    "judgment": {"judicial": "amounts_do_not_add_up"},
    "fix_interest": dict.fromkeys(_from("endorsed"), "ok"),
    "waive_interest": {},
    "approve": {"submitted": "ok", "closed": "not_yours", "appealed": "not_yours"},
    "return_submission": {"submitted": "ok", "closed": "not_yours", "appealed": "not_yours"},
}

AFTER_END: Final = [
    *("reopen", "uphold", "appeal", "rate", "approve", "return_submission", "judgment"),
    *("confirm_receipt", "attest_receipt", "bounce", "reverse", "remark", "contact", "serve"),
    *("attach", "detach"),
]

CAST: Final = [
    *["clerk:李敏@620105", "head:孙@620105", "finance:钱@620105"],
    *["clerk:周@620100", "head:高@620100", "finance:吴@620100"],
    *["clerk:何@620000", "head:许@620000", "finance:邓@620000"],
    *["clerk:冯@620104", "head:曹@620104", "finance:彭@620104"],
    *[
        "debtor",
        "debtor:王强",
        "debtor:王强@安宁区环卫局",
        "debtor@116201050139123B5P",
        "debtor:王强@甲建筑公司",
    ],
    *["creditor", "creditor:赵@甲建筑公司", "creditor@91620000MA7CDEF01K", "creditor:赵@安宁区环卫局"],
    "system",
]
DEBTORS = {"debtor", "debtor:王强", "debtor:王强@安宁区环卫局", "debtor@116201050139123B5P"}
CREDITORS = {"creditor", "creditor:赵@甲建筑公司", "creditor@91620000MA7CDEF01K"}
ALLOWED: Final[dict[str, set[str]]] = {
    "accept": {"clerk:周@620100"},
    "refuse": {"clerk:周@620100"},
    "request_correction": {"clerk:周@620100"},
    "supply_correction": CREDITORS | {"clerk:周@620100"},
    "forward": {"clerk:李敏@620105"},
    "return_up": {"clerk:李敏@620105"},
    "reassign": {"head:高@620100", "head:许@620000"},
    "acknowledge": DEBTORS,
    "recognise": DEBTORS,
    "endorse": CREDITORS,
    "object": CREDITORS,
    "unfounded": {"clerk:李敏@620105"},
    "resolve_dispute": {"clerk:李敏@620105"},
    "plan": DEBTORS | {"clerk:李敏@620105"},
    "fund": {"finance:钱@620105", "finance:吴@620100"},
    "report_payment": DEBTORS | {"clerk:李敏@620105"},
    "confirm_receipt": CREDITORS,
    "dispute_receipt": CREDITORS,
    "bounce": DEBTORS | {"finance:钱@620105", "finance:吴@620100"},
    "answer": DEBTORS,
    "attest_receipt": {"clerk:李敏@620105"},
    "reverse": {"clerk:李敏@620105", "finance:钱@620105"},
    "fix_interest": {"clerk:李敏@620105"},
    "waive_interest": CREDITORS,
    "rate": CREDITORS,
    "call_back": {"clerk:李敏@620105"},
    "close": {"head:孙@620105"},
    "withdraw": CREDITORS,
    "keep": CREDITORS,
    "confirm_withdrawal": {"clerk:李敏@620105"},
    "go_judicial": CREDITORS | {"clerk:李敏@620105"},
    "appeal": CREDITORS,
    "uphold": {"head:高@620100"},
    "reopen": {"head:高@620100"},
    "extend": {"head:孙@620105"},
    "suspend": {"clerk:李敏@620105"},
    "resume": {"clerk:李敏@620105"},
    "escalate": {"head:高@620100", "head:许@620000"},
    "approve_step": {"head:高@620100"},
    "decline_step": {"head:高@620100"},
    "substitute": {"clerk:李敏@620105"},
    "correct": {"clerk:李敏@620105"},
    "summon": {"head:孙@620105", "head:高@620100", "head:许@620000"},
    "interview_held": {"head:孙@620105", "head:高@620100", "head:许@620000"},
    "fulfil": {"clerk:李敏@620105"},
    "publicise": {"clerk:李敏@620105"},
    "credit_record": {"clerk:李敏@620105"},
    "relieve": {"head:孙@620105"},
    "assign": {"head:孙@620105", "clerk:李敏@620105"},
    "remark": {by for by in CAST if by.endswith(("@620105", "@620100"))},
    "contact": {"clerk:李敏@620105"},
    "serve": {"clerk:李敏@620105"},
    "attach": {by for by in CAST if by.endswith(("@620105", "@620100")) or by == "head:许@620000"}
    | DEBTORS
    | CREDITORS,
    "detach": {"clerk:李敏@620105", "head:孙@620105", "head:高@620100", "head:许@620000"},
    "ask_time": DEBTORS,
    "adopt_policy": {"head:孙@620105"},
    "deem_endorsed": {"clerk:李敏@620105"},
    "determine": {"clerk:李敏@620105"},
    "hand_out": {"clerk:李敏@620105"},
    "merge": {"clerk:李敏@620105"},
    "adjust": {"clerk:李敏@620105"},
    "judgment": {"clerk:李敏@620105"},
    "approve": {"head:高@620100", "head:许@620000"},
    "return_submission": {"clerk:周@620100", "head:高@620100", "head:许@620000"},
}

ON_PAPER: Final = ["supply_correction", "plan", "report_payment"]
"""What an office usually has on paper: what a clerk gives is read as the party's word."""

READY: Final = {
    "return_up": "recognised",
    "reassign": "endorsed",
    "recognise": "acknowledged",
    "resolve_dispute": "partly_disputed",
    "unfounded": "recognised",
    "confirm_receipt": "reported",
    "bounce": "reported",
    "reverse": "cleared",
    "rate": "cleared",
    "reopen": "closed",
    "withdraw": "planned",
    "go_judicial": "handed_down",
    "suspend": "planned",
    "extend": "planned",
    "escalate": "planned",
    "relieve": "proposed",
    "adopt_policy": "planned",
    "deem_endorsed": "silent",
    "determine": "recognised",
    "hand_out": "endorsed",
    "merge": "endorsed",
    "adjust": "planned",
    "judgment": "in_court",
    "substitute": "planned",
    "correct": "planned",
    "assign": "planned",
    "remark": "planned",
    "contact": "planned",
    "serve": "planned",
    "attach": "planned",
    "detach": "on_file",
    "ask_time": "planned",
    "summon": "planned",
    "interview_held": "planned",
    "fulfil": "promised",
    "publicise": "ordered",
    "credit_record": "ordered",
    "fix_interest": "planned",
    "waive_interest": "bearing",
}
"""Where the people of Anning may give what is possible at many points."""


def _giver(do: str, told: Story) -> str:
    """Who usually gives the command, were it in the office that holds the case now."""
    giver, _, office = USUAL[do][0].partition("@")
    if not office:
        return giver
    holder = told.case.holder
    return f"{giver}@{ABOVE[holder] if do in FROM_ABOVE else holder}"


def _ready_for(do: str) -> Story:
    """A point at which the usual command is carried out."""
    return story_at(READY.get(do) or _last_ok(do)).unwatched().on(LATER)


def _last_ok(do: str) -> str:
    return [point for point, answer in ANSWERS[do].items() if answer == "ok"][-1]


def test_the_tables_name_every_command() -> None:
    names = {command.model_fields["do"].default for command in ORDERS}
    assert set(ANSWERS) == set(ALLOWED) == set(USUAL) == names


def _empty_cell(do: str, point: str) -> str:
    if point in ENDS and do not in AFTER_END:
        return "case_ended"
    if point == "suspended" and do not in ("approve", "return_submission", "keep", "confirm_withdrawal"):
        return "suspended"
    return "wrong_stage"


@pytest.mark.parametrize("do", ANSWERS)
def test_a_command_is_possible_where_the_table_says_so(do: str) -> None:
    for point in [*EVER, *ENDS]:
        told = story_at(point).unwatched().on(LATER)
        by = _giver(do, told)
        beside = {"to": "620300"} if do == "reassign" and told.case.holder == "620100" else {}
        answer = ANSWERS[do].get(point, _empty_cell(do, point))
        if answer == "ok":
            assert told.do(do, by, **beside), point
        else:
            assert told.refused(do, by, **beside).code == answer, point


@pytest.mark.parametrize("do", ALLOWED)
def test_a_command_is_given_by_whom_the_table_says(do: str) -> None:
    for by in CAST:
        told = _ready_for(do)
        is_on_paper = do in ON_PAPER and by.startswith("clerk")
        if by in ALLOWED[do]:
            event = told.do(do, by)[0]
            assert str(event.entered_by if is_on_paper else event.by) == by
        else:
            refusal = told.refused(do, by)
            whose = "entered_by" if is_on_paper else "by"
            assert (refusal.code, refusal.field) == ("not_yours", whose), by
            assert named(parse_actor(by), told.rules.offices)[0] in refusal.message


def test_at_the_top_the_head_of_the_office_itself_reopens() -> None:
    told = Story(RECEIPT.model_copy(update={"office": "620000"}))
    clerk = {"by": "clerk:何@620000"}
    told.do("accept", **clerk)
    told.do("forward", **clerk)
    told.do("acknowledge")
    told.on("2023-05-24").do("recognise", settled="600万元", undisputed=0)
    told.do("endorse")
    told.do("call_back", **clerk)
    told.do("close", by="head:许@620000")
    assert told.refused("reopen", by="head:高@620100").code == "not_yours"
    told.do("reopen", by="head:许@620000")
    assert told.case.stage == "verification"


@pytest.mark.parametrize("do", USUAL)
def test_the_same_command_again_makes_nothing_happen(do: str) -> None:
    told = _ready_for(do)
    command = told.command(do)
    before = told.do(do)
    case = told.case
    assert {event.command_id for event in before} == {command.command_id}
    assert told.do(do, command_id=command.command_id) == []
    assert told.case == case


@pytest.mark.parametrize("do", USUAL)
def test_the_number_of_a_command_is_not_used_for_another_of_the_same_side(do: str) -> None:
    told = _ready_for(do)
    given = told.do(do, command_id="once")[0].by
    another = str(Actor(given.role, "另一人", given.party))
    assert told.refused(do, by=another, command_id="once").code == "command_reused"


def test_the_number_of_a_command_is_its_giver_s_alone() -> None:
    told = Story()
    told.do("accept", command_id="once")
    refusal = told.refused("accept", by="clerk:别@620100", command_id="once")
    assert (refusal.code, refusal.field) == ("command_reused", "command_id")


def test_the_same_content_written_otherwise_is_the_same_command() -> None:
    told = story_at("endorsed")
    fund = told.command("fund", amount="400万元", reference="安财预1号", command_id="one")
    assert (
        told.command("fund", amount="4,000,000.00", reference=" 安财预1号 ", command_id="two").digest()
        == fund.digest()
    )
    assert told.command("fund", amount="400.01万元").digest() != fund.digest()


@pytest.mark.parametrize(
    ("do", "digest"),
    [("accept", "269388b0015b5294"), ("plan", "88297403006ad936"), ("fund", "5423f44f5b937245")],
)
def test_a_digest_is_the_same_in_every_version_for_journals_hold_it(do: str, digest: str) -> None:
    assert Story().command(do).digest() == digest

"""Every refusal that is particular to a command: its code, and the field at fault. Nothing changes."""

from collections.abc import Callable
from typing import Any

import pytest
from pydantic import ValidationError

from domain.commands import read_command
from domain.receipt import Receipt
from domain.refusal import Refusal
from tests.domain.story import BATCH_NO, HEAD, PROVINCE_HEAD, RECEIPT, USUAL, WAN, Story, bonds_of, story_at

Begun = Callable[[], Story]


def _at(point: str, **varied: dict[str, Any]) -> Begun:
    return lambda: story_at(point, **varied)


def _then(begun: Begun, *done: str, **fields: Any) -> Begun:
    def story() -> Story:
        told = begun()
        for do in done:
            told.do(do, **fields)
        return told

    return story


def _verifying() -> Story:
    return story_at("acknowledged").on("2023-05-24")


def _returned() -> Story:
    """Returned once, and handed down again."""
    told = story_at("handed_down")
    told.do("return_up")
    told.do("forward", by="clerk:周@620100", to="620105")
    return told


def _at_the_top() -> Story:
    told = Story(story_at("received").case.receipt.model_copy(update={"office": "620000"}))
    told.do("accept", by="clerk:何@620000")
    return told


def _endorsed(receipt: Receipt) -> Story:
    told = Story(receipt)
    told.do("accept")
    told.do("forward", by="clerk:周@620100", to="620105")
    told.do("forward")
    told.do("recognise", as_of="2023-04-26")
    told.do("endorse")
    return told


def _of_an_enterprise() -> Story:
    debtor = RECEIPT.debtor.model_copy(update={"kind": "soe"})
    return _endorsed(RECEIPT.model_copy(update={"debtor": debtor}))


def _of_a_canteen() -> Story:
    return _endorsed(RECEIPT.model_copy(update={"spending": "recurrent"}))


def _half_funded() -> Story:
    told = story_at("planned")
    told.do("fund", amount="100万元")
    return told.on("2023-07-20")


def _half_cleared() -> Story:
    told = _half_funded()
    told.do("report_payment", amount="60万元")
    told.do("confirm_receipt")
    return told


def _two_sources_arrived() -> Story:
    sources = [{"kind": "budget", "amount": "100万元"}, {"kind": "assets", "amount": "300万元"}]
    told = story_at("planned", plan={"sources": sources})
    told.do("fund", amount="100万元")
    told.do("fund", source="assets", amount="50万元", reference="国资1号")
    told.on("2023-07-20").do("report_payment", amount="120万元")
    told.do("confirm_receipt")
    return told


def _partly_included() -> Story:
    told = story_at("bonding")
    told.hear("included", 150 * WAN)
    return told


def _ineligible() -> Story:
    told = _partly_included()
    told.hear("ineligible")
    return told


def _put_back_to_verification() -> Story:
    told = story_at("cleared")
    told.do("call_back", satisfied="no", note="金额不符")
    return told


def _revision(kind: str, amount: str, *more: tuple[str, str]) -> dict[str, Any]:
    sources = [{"kind": kind, "amount": amount}, *({"kind": other, "amount": fen} for other, fen in more)]
    return {"sources": sources, "reason": "资金变化"}


def _pays(*instalments: tuple[str, str]) -> dict[str, Any]:
    return {"instalments": [{"due_on": due_on, "amount": amount} for due_on, amount in instalments]}


def _twice_extended() -> Story:
    told = _verifying()
    for days in (29, 31):
        told.do("extend", **_VERIFICATION, days=days)
    return told


def _two_instalments() -> Story:
    return story_at("planned", plan=_pays(("2023-09-28", "100万元"), ("2023-10-23", "300万元")))


def _resumed_by_itself() -> Story:
    told = story_at("planned")
    told.do("suspend", until="2023-07-01")
    return told.on("2023-07-01")


def _of_the_province() -> Story:
    told = Story(RECEIPT.model_copy(update={"office": "620000"}))
    told.do("accept", by="clerk:何@620000")
    return told


def _handed_over() -> Story:
    told = story_at("referral")
    told.do("approve_step", by=PROVINCE_HEAD, step="referred")
    return told


_DISPUTED = _at("partly_disputed")
_VERIFICATION: dict[str, Any] = {"duty": "verification"}


@pytest.mark.parametrize(
    ("begun", "do", "fields", "code", "field"),
    [
        (_then(Story, "request_correction"), "request_correction", {}, "wrong_stage", None),
        (
            _then(Story, "request_correction", "supply_correction"),
            "supply_correction",
            {},
            "wrong_stage",
            None,
        ),
        (_at("handed_down"), "forward", {"to": "620105"}, "malformed", "to"),
        (_at("handed_down"), "forward", {"to": "620104"}, "malformed", "to"),
        (_at("handed_down"), "forward", {"to": "620100"}, "malformed", "to"),
        (_at("accepted"), "forward", {"by": "clerk:周@620100", "to": "620199"}, "malformed", "to"),
        (_at("accepted"), "forward", {"by": "clerk:周@620100", "to": "620302"}, "malformed", "to"),
        (_at("forwarded"), "forward", {"to": "debtor"}, "wrong_stage", None),
        (_at("handed_down"), "acknowledge", {}, "wrong_stage", None),
        (_at("acknowledged"), "recognise", {"as_of": "2023-05-18"}, "date_in_future", "as_of"),
        (_at("acknowledged"), "recognise", {"as_of": "2018-10-31"}, "date_before_case", "as_of"),
        (_at("unfounded"), "recognise", {}, "case_ended", None),
        (
            _verifying,
            "recognise",
            {"undisputed": "400.01万元"},
            "amounts_do_not_add_up",
            "undisputed",
        ),
        (
            _verifying,
            "recognise",
            {"disputed": "0.01元"},
            "amounts_do_not_add_up",
            "undisputed",
        ),
        (
            _verifying,
            "recognise",
            {"settled": "600万元", "paid": "1000万元"},
            "amounts_do_not_add_up",
            "undisputed",
        ),
        (
            _put_back_to_verification,
            "recognise",
            {"undisputed": "399万元", "disputed": "1万元"},
            "amounts_do_not_add_up",
            "undisputed",
        ),
        (_at("recognised"), "recognise", {}, "wrong_stage", None),
        (_then(_at("recognised"), "object"), "endorse", {}, "wrong_stage", None),
        (_then(_at("recognised"), "object"), "object", {}, "wrong_stage", None),
        (_DISPUTED, "resolve_dispute", {"recognised": 0}, "malformed", "recognised"),
        (_DISPUTED, "resolve_dispute", {"recognised": "10.000001万元"}, "exceeds_owed", "recognised"),
        (_DISPUTED, "resolve_dispute", {"rejected": "0.01元"}, "exceeds_owed", "recognised"),
        (
            _then(_at("recognised", recognise={"undisputed": "390万元", "disputed": "10万元"}), "object"),
            "resolve_dispute",
            {},
            "exceeds_owed",
            "recognised",
        ),
        (_at("planned"), "plan", {}, "malformed", "reason"),
        (_at("endorsed"), "plan", _revision("budget", "400.000001万元"), "amounts_do_not_add_up", "sources"),
        (_at("endorsed"), "plan", _pays(("2023-09-28", "399万元")), "amounts_do_not_add_up", "instalments"),
        (
            _at("endorsed"),
            "plan",
            _pays(("2023-09-28", "200万元"), ("2023-05-28", "200万元")),
            "already_lapsed",
            "instalments.1.due_on",
        ),
        (_half_cleared, "plan", _revision("budget", "400万元"), "amounts_do_not_add_up", "sources"),
        (
            _half_funded,
            "plan",
            _revision("loan", "300.000001万元", ("budget", "99.999999万元")),
            "amounts_do_not_add_up",
            "sources",
        ),
        (_half_funded, "plan", _revision("loan", "400万元"), "amounts_do_not_add_up", "sources"),
        (
            _two_sources_arrived,
            "plan",
            _revision("assets", "29万元", ("loan", "251万元")) | _pays(("2023-09-28", "280万元")),
            "amounts_do_not_add_up",
            "sources",
        ),
        (
            _partly_included,
            "plan",
            _revision("bond", "149万元", ("loan", "251万元")),
            "amounts_do_not_add_up",
            "sources",
        ),
        (
            _ineligible,
            "plan",
            _revision("bond", "151万元", ("loan", "249万元")),
            "funds_not_available",
            "sources",
        ),
        (_at("planned"), "fund", {"source": "bond"}, "malformed", "source"),
        (_at("planned"), "fund", {"source": "special_bond"}, "malformed", "source"),
        (_at("planned"), "fund", {"source": "loan"}, "exceeds_plan", "source"),
        (_at("planned"), "fund", {"amount": "400.000001万元"}, "exceeds_plan", "amount"),
        (_half_funded, "fund", {"amount": "301万元", "reference": "安财预2号"}, "exceeds_plan", "amount"),
        (_half_funded, "fund", {"amount": "1元"}, "reference_reused", "reference"),
        (_half_cleared, "report_payment", {"amount": "1元"}, "voucher_reused", "voucher"),
        (_half_funded, "report_payment", {"amount": "100.000001万元"}, "funds_not_available", "amount"),
        (
            _half_cleared,
            "report_payment",
            {"amount": "41万元", "voucher": "PZ-2"},
            "funds_not_available",
            "amount",
        ),
        (_at("funded"), "report_payment", {"paid_on": "2023-07-11"}, "date_in_future", "paid_on"),
        (_at("funded"), "report_payment", {"paid_on": "2023-04-25"}, "date_before_case", "paid_on"),
        (_half_cleared, "confirm_receipt", {}, "unknown_voucher", "voucher"),
        (_at("reported"), "confirm_receipt", {"voucher": "PZ-2"}, "unknown_voucher", "voucher"),
        (_half_cleared, "dispute_receipt", {}, "unknown_voucher", "voucher"),
        (_then(_at("reported"), "dispute_receipt"), "dispute_receipt", {}, "unknown_voucher", "voucher"),
        (_half_cleared, "bounce", {}, "unknown_voucher", "voucher"),
        (_then(_at("reported"), "bounce"), "bounce", {}, "unknown_voucher", "voucher"),
        (_then(_at("reported"), "bounce"), "confirm_receipt", {}, "unknown_voucher", "voucher"),
        (_then(_at("reported"), "bounce"), "report_payment", {}, "voucher_reused", "voucher"),
        (_at("cleared"), "call_back", {"satisfied": "no", "voucher": "PZ-2"}, "unknown_voucher", "voucher"),
        (_at("cleared"), "close", {}, "wrong_stage", None),
        (_at("called_back"), "close", {"by": "head:李敏@620105"}, "four_eyes", "by"),
        (
            _then(_at("cleared"), "call_back", by="clerk@620105"),
            "close",
            {"by": "head@620105"},
            "four_eyes",
            "by",
        ),
        (_at("closed"), "reopen", {"voucher": "PZ-2"}, "unknown_voucher", "voucher"),
        (_at("closed"), "close", {}, "case_ended", None),
        (_verifying, "extend", {**_VERIFICATION, "days": 61}, "beyond_ceiling", "days"),
        (_twice_extended, "extend", {**_VERIFICATION, "days": 1}, "beyond_ceiling", "days"),
        (_at("lapsed"), "extend", _VERIFICATION, "already_lapsed", "duty"),
        (_at("referral"), "extend", _VERIFICATION | {"by": "head:高@620100"}, "already_lapsed", "duty"),
        (_at("endorsed"), "extend", {"duty": "verification"}, "malformed", "duty"),
        (_two_instalments, "extend", {}, "malformed", "subject"),
        (_two_instalments, "extend", {"subject": "3"}, "malformed", "duty"),
        (_at("proposed"), "extend", {"duty": "gate"}, "not_yours", "duty"),
        (_at("planned"), "extend", {"duty": "gate"}, "malformed", "duty"),
        (_at("recognised"), "extend", {"duty": "endorsement"}, "not_yours", "duty"),
        (_at("accepted"), "extend", {"by": "head:高@620100", "duty": "transfer"}, "beyond_ceiling", "duty"),
        (_at("received"), "extend", {"by": "head:高@620100", "duty": "intake"}, "beyond_ceiling", "duty"),
        (_at("acknowledged"), "extend", {"duty": "response", "days": 16}, "beyond_ceiling", "days"),
        (_at("endorsed"), "extend", {"duty": "funding", "days": 31}, "beyond_ceiling", "days"),
        (_at("planned"), "extend", {"days": 91}, "beyond_ceiling", "days"),
        (_at("planned"), "suspend", {"until": "2023-12-24"}, "beyond_ceiling", "until"),
        (_at("taken_over"), "return_up", {"by": "clerk:周@620100"}, "wrong_stage", None),
        (_returned, "return_up", {}, "wrong_stage", None),
        (_at_the_top, "return_up", {"by": "clerk:何@620000"}, "wrong_stage", None),
        (_at("handed_down"), "reassign", {"to": "620105"}, "malformed", "to"),
        (_at("handed_down"), "reassign", {"to": "620302"}, "malformed", "to"),
        (_at("handed_down"), "reassign", {"to": "620100"}, "malformed", "to"),
        (_at("handed_down"), "reassign", {"to": "620199"}, "malformed", "to"),
        (_at("acknowledged"), "acknowledge", {}, "wrong_stage", None),
        (_of_an_enterprise, "plan", bonds_of("400万元"), "not_eligible", "sources"),
        (_of_a_canteen, "plan", bonds_of("400万元"), "not_eligible", "sources"),
        (_at("planned"), "suspend", {"until": "2023-06-26"}, "malformed", "until"),
        (_at("planned"), "suspend", {"until": "2023-06-25"}, "malformed", "until"),
        (_at("suspended"), "suspend", {}, "suspended", None),
        (_at("planned"), "resume", {}, "not_suspended", None),
        (_then(_at("suspended"), "resume"), "resume", {}, "not_suspended", None),
        (_resumed_by_itself, "resume", {}, "not_suspended", None),
        (_at("planned"), "escalate", {"mode": "transferred"}, "wrong_stage", None),
        (_at("planned"), "escalate", {"mode": "referred"}, "wrong_stage", None),
        (_at("supervised"), "escalate", {"mode": "supervised"}, "wrong_stage", None),
        (_at("proposed"), "escalate", {"mode": "supervised"}, "wrong_stage", None),
        (_of_the_province, "escalate", {"by": PROVINCE_HEAD, "mode": "taken_over"}, "wrong_stage", None),
        (_at("planned"), "escalate", {"by": HEAD}, "not_yours", "by"),
        (_at("taken_over"), "escalate", {"mode": "taken_over"}, "not_yours", "by"),
        (_at("proposed"), "approve_step", {"step": "referred"}, "wrong_stage", None),
        (_at("proposed"), "approve_step", {"by": PROVINCE_HEAD}, "not_yours", "by"),
        (_at("referral"), "approve_step", {"step": "referred"}, "not_yours", "by"),
        (_at("referral"), "approve_step", {"by": PROVINCE_HEAD}, "not_yours", "by"),
        (_then(_at("proposed"), "approve_step"), "approve_step", {}, "wrong_stage", None),
        (_then(_at("proposed"), "decline_step"), "approve_step", {}, "wrong_stage", None),
        (_then(_at("proposed"), "approve_step"), "decline_step", {}, "wrong_stage", None),
        (_at("lapsed"), "relieve", {}, "wrong_stage", None),
        (_handed_over, "relieve", {"by": "head:高@620100"}, "wrong_stage", None),
        (_handed_over, "escalate", {"by": PROVINCE_HEAD, "mode": "key_supervised"}, "wrong_stage", None),
        (_at("planned"), "adopt_policy", {"policy": "national"}, "malformed", "policy"),
    ],
)
def test_a_command_is_refused(
    begun: Begun, do: str, fields: dict[str, Any], code: str, field: str | None
) -> None:
    refusal = begun().refused(do, **fields)
    assert (refusal.code, refusal.field) == (code, field)
    assert refusal.message
    assert refusal.detail


@pytest.mark.parametrize(
    ("do", "fields", "at"),
    [
        ("accept", {"command_id": ""}, "command_id"),
        ("accept", {"command_id": "x" * 101}, "command_id"),
        ("accept", {"by": "李敏"}, "by"),
        ("accept", {"by": "clerk:李敏"}, "by"),
        ("accept", {"by": 7}, "by"),
        ("accept", {"note": "多余"}, "note"),
        ("refuse", {"ground": "  "}, "ground"),
        ("refuse", {"ground": "长" * 2001}, "ground"),
        ("request_correction", {"items": []}, "items"),
        ("request_correction", {"items": [""]}, "items"),
        ("forward", {"to": "creditor"}, "to"),
        ("forward", {"to": "62010"}, "to"),
        ("recognise", {"settled": "4216.1234567万元"}, "settled"),
        ("recognise", {"paid": "-1元"}, "paid"),
        ("recognise", {"undisputed": True}, "undisputed"),
        ("recognise", {"as_of": "2023-02-29"}, "as_of"),
        ("plan", {"sources": []}, "sources"),
        ("plan", {"instalments": []}, "instalments"),
        ("plan", {"sources": [{"kind": "lottery", "amount": "400万元"}]}, "sources"),
        ("plan", {"sources": [{"kind": "budget", "amount": 0}]}, "sources"),
        ("plan", {"instalments": [{"due_on": "2023-09-28", "amount": "0元"}]}, "instalments"),
        ("fund", {"amount": "0.001元"}, "amount"),
        ("report_payment", {"voucher": " "}, "voucher"),
        ("report_payment", {"amount": 0}, "amount"),
        ("resolve_dispute", {"reference": None}, "reference"),
        ("call_back", {"satisfied": "maybe"}, "satisfied"),
        ("go_judicial", {"court": ""}, "court"),
        ("extend", {"duty": "tea"}, "duty"),
        ("extend", {"subject": ""}, "subject"),
        ("extend", {"days": 0}, "days"),
        ("extend", {"days": 366}, "days"),
        ("extend", {"days": "1.5"}, "days"),
        ("extend", {"reason": None}, "reason"),
        ("suspend", {"reason": " "}, "reason"),
        ("suspend", {"until": "下月"}, "until"),
        ("suspend", {"until": "2023-07-01T00:00:00"}, "until"),
        ("resume", {"reason": ""}, "reason"),
        ("resume", {"until": "2023-07-01"}, "until"),
        ("escalate", {"mode": "arrested"}, "mode"),
        ("escalate", {"reason": ""}, "reason"),
        ("approve_step", {"step": "supervised"}, "step"),
        ("decline_step", {"step": None}, "step"),
        ("decline_step", {"reason": ""}, "reason"),
        ("relieve", {"reason": ""}, "reason"),
        ("adopt_policy", {"policy": " "}, "policy"),
        ("adopt_policy", {"policy": "./gansu"}, "policy"),
        ("adopt_policy", {"policy": "gansu.toml"}, "policy"),
    ],
)
def test_a_malformed_command_is_not_read(do: str, fields: dict[str, Any], at: str) -> None:
    by, usual = USUAL[do]
    with pytest.raises(ValidationError) as caught:
        read_command({"command_id": "x", "by": by, "do": do, **usual, **fields})
    assert {error["loc"][1] for error in caught.value.errors()} == {at}


@pytest.mark.parametrize("do", [None, "arrive", "Accept", ""])
def test_what_is_no_command_is_not_read(do: str | None) -> None:
    with pytest.raises(ValidationError):
        read_command({"command_id": "x", "by": "clerk:周@620100", "do": do})


@pytest.mark.parametrize("news", ["included", "arrived"])
def test_news_of_money_names_its_transfer(news: str) -> None:
    told = story_at("bonding")
    with pytest.raises(ValidationError, match="names its transfer"):
        told.hear(news, 1, transfer_id=None)


def test_the_number_of_news_is_not_used_for_other_news() -> None:
    told = story_at("bonding")
    told.hear("included", 1, news_id=f"{BATCH_NO}/once")
    with pytest.raises(Refusal, match="command_reused"):
        told.hear("included", 2, news_id=f"{BATCH_NO}/once")


@pytest.mark.parametrize("unwritable", ["不属于\x00受理范围", "\ud83d"])
@pytest.mark.parametrize("field", ["ground", "by", "command_id"])
def test_what_the_record_cannot_keep_is_no_command(field: str, unwritable: str) -> None:
    """PostgreSQL stores no zero character: a case that had accepted one would try to record it for ever."""
    written = {"do": "refuse", "ground": "重复", "by": "clerk:周@620100", "command_id": "c1"}
    changed = f"clerk:{unwritable}@620100" if field == "by" else unwritable
    with pytest.raises(ValidationError):
        read_command(written | {field: changed})
    assert read_command(written | {"ground": "第一行\n第二行"})

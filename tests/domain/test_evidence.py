"""证据材料: who puts papers on file and takes them off, and which step is refused without which."""

from typing import Any, Final

from domain.actors import parse_actor
from domain.case.evidence import attached, attachments_json, lacking_json, missing_json
from domain.case.possible import possible_json
from domain.case.view import event_data
from domain.rules import Rules
from tests.domain.laws import LAWS
from tests.domain.story import CLERK, DEBTOR, RECEIPT, Story, rules_with, story_at

STRICT: Final[Rules] = rules_with(lambda pack: None)
ATTESTED: Final[dict[str, Any]] = {
    "attempts": [
        {"on": "2023-07-21", "how": "电话", "what": "…"},
        {"on": "2023-08-01", "how": "电话", "what": "…"},
    ]
}


def _strictly(told: Story) -> Story:
    """The story goes on by a pack that requires what Gansu's does."""
    told.rules = STRICT
    return told


def _kinds(found: list[dict[str, Any]]) -> list[tuple[Any, ...]]:
    return [tuple(one.values()) for one in found]


def test_a_step_is_refused_without_its_paper_and_goes_on_with_it() -> None:
    told = _strictly(story_at("planned"))
    refusal = told.refused("adjust", undisputed="390万元", disputed="10万元")
    assert (refusal.code, refusal.message) == ("evidence_missing", "缺少材料:对账单或者协议,请先提交")
    told.do("attach", what="invoice")
    assert told.refused("adjust", undisputed="390万元", disputed="10万元").code == "evidence_missing"
    told.do("attach", command_id="second", what="agreement")
    told.approved("adjust", undisputed="390万元", disputed="10万元")
    for law in LAWS:
        law(told)


def test_what_was_there_when_it_was_submitted_is_still_there_when_it_is_approved() -> None:
    told = _strictly(story_at("planned"))
    told.do("attach", what="statement")
    told.do("adjust", undisputed="390万元", disputed="10万元")
    told.do("detach")
    assert told.refused("approve").code == "evidence_missing"


def test_a_payment_is_attested_by_the_bank_receipt_of_its_own_voucher() -> None:
    told = _strictly(story_at("answered"))
    told.do("attach", **{"for": "PZ-2"})
    refusal = told.refused("attest_receipt", **ATTESTED)
    assert refusal.message == "缺少材料:银行回单(凭证 PZ-1),请先提交"
    told.do("attach", command_id="second", **{"for": "PZ-1"})
    told.approved("attest_receipt", **ATTESTED)


def test_what_is_asked_is_named_and_stops_nothing() -> None:
    told = _strictly(story_at("called_back"))
    assert ("close", ["bank_receipt"], "PZ-1") in _kinds(missing_json(told.case, STRICT))
    told.do("attach", **{"for": "PZ-1"})
    assert not [one for one in missing_json(told.case, STRICT) if one["do"] == "close"]
    told.do("close")
    assert [one for one in missing_json(told.case, STRICT) if one["do"] != "attest_receipt"] == []


def test_whoever_may_give_a_command_is_told_what_it_lacks() -> None:
    told = _strictly(story_at("planned"))
    found = {
        one["do"]: one["missing_evidence"]
        for one in possible_json(told.case, parse_actor(CLERK), STRICT, told.now)
    }
    assert found["report_payment"] == [{"what": ["bank_receipt"], "for": None}]
    assert found["assign"] == []
    assert lacking_json(story_at("reported").case, "attest_receipt", STRICT) == [
        {"what": ["bank_receipt"], "for": "PZ-1"}
    ]


def test_a_paper_is_taken_back_by_who_attached_it_or_by_a_head() -> None:
    told = story_at("planned")
    told.do("attach", DEBTOR)
    assert told.refused("detach", "creditor:赵").code == "not_yours"
    assert told.refused("detach", attachment=2).code == "malformed"
    told.do("detach", DEBTOR)
    assert told.refused("detach", "head:孙@620105").code == "wrong_stage"


def test_a_paper_stays_on_record_when_it_counts_no_longer() -> None:
    told = story_at("on_file")
    (taken_off,) = told.do("detach", "head:孙@620105")
    assert event_data(taken_off)["attachment"] == 1, "as the command says"
    told.do("attach", DEBTOR, command_id="second")
    first, second = attachments_json(told.journal)
    assert (first["no"], first["by"], first["detached_on"]) == (1, CLERK, str(told.today))
    assert (second["no"], second["name"], second["for"], second["detached_on"]) == (2, "回单.pdf", None, None)
    assert attached(told.journal, 1) is not None
    assert attached(told.journal, 3) is None


def test_a_paper_of_another_case_is_none_of_this_one() -> None:
    name = f"{RECEIPT.office}/{'0' * 64}"
    assert story_at("planned").refused("attach", attachment=name).field == "attachment"


def test_a_party_leaves_room_for_the_other_and_for_the_offices() -> None:
    told = story_at("planned")
    for no in range(50):
        told.do("attach", DEBTOR, command_id=f"paper-{no}")
    told.do("detach", DEBTOR, attachment=50)
    assert told.refused("attach", DEBTOR).message == "一方当事人在本案此类办理已达上限(50 次)"
    told.do("attach", "creditor:赵")
    told.do("attach")


def test_whoever_takes_a_party_s_place_takes_back_none_of_its_papers() -> None:
    told = story_at("planned")
    told.do("attach", "creditor:赵")
    told.do("attach", DEBTOR, command_id="second")
    told.approved("substitute")
    assert told.refused("detach", "creditor:赵").code == "not_yours"
    told.do("detach", DEBTOR, attachment=2)
    told.do("detach", "head:孙@620105", command_id="second")


def test_what_lacks_its_paper_is_possible_and_says_so() -> None:
    told = story_at("answered")
    told.rules = STRICT
    found = {
        one["do"]: one["missing_evidence"]
        for one in possible_json(told.case, parse_actor(CLERK), STRICT, told.now)
    }
    assert found["attest_receipt"] == [{"what": ["bank_receipt"], "for": "PZ-1"}]

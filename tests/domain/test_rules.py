"""Rule packs are validated whole, and offices stand above and below each other by their codes."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest
from pydantic import ValidationError

from domain.actors import Role
from domain.calendar import Term
from domain.duty import DutyKind
from domain.rules import OfficeHours, RulePack, Rules, Rung, is_below, subtree, superior, superiors
from office.calendar.loading import published_calendar
from office.packs import load_pack

PACK = load_pack("gansu")
CALENDAR = published_calendar(date(2023, 1, 1))
Spoil = Callable[[dict[str, Any]], object]


def _spoilt(spoil: Spoil) -> dict[str, Any]:
    written = PACK.model_dump(mode="json")
    spoil(written)
    return written


def _rung(pack: dict[str, Any], level: str) -> dict[str, Any]:
    """The rung of that level that offices climb."""
    rungs = [rung for rung in pack["ladder"] if rung["level"] == level and rung["duty"] is None]
    return next(rung for rung in rungs if rung["against"] in (None, "office"))


def _move(pack: dict[str, Any], level: str, to: int) -> None:
    rung = _rung(pack, level)
    pack["ladder"].remove(rung)
    pack["ladder"].insert(to, rung)


def test_the_gansu_pack_is_as_the_contract_says() -> None:
    terms = {kind.value: (rule.owner.value, str(rule.term)) for kind, rule in PACK.duties.items()}
    assert terms == {
        "intake": ("clerk", "10wd"),
        "correction": ("creditor", "5wd"),
        "transfer": ("clerk", "10wd"),
        "acknowledgement": ("debtor", "3wd"),
        "response": ("debtor", "15d"),
        "verification": ("clerk", "30d"),
        "endorsement": ("creditor", "5wd"),
        "objection": ("clerk", "10wd"),
        "dispute": ("clerk", "90d"),
        "follow_up": ("clerk", "90d"),
        "dating": ("clerk", "10wd"),
        "falling_due": ("debtor", "None"),
        "funding": ("debtor", "30d"),
        "bonding": ("finance", "120d"),
        "instalment": ("debtor", "None"),
        "confirmation": ("creditor", "5wd"),
        "attestation": ("clerk", "10wd"),
        "answer": ("debtor", "5wd"),
        "interest": ("debtor", "30d"),
        "promise": ("debtor", "None"),
        "review": ("clerk", "10wd"),
        "voluntary": ("clerk", "3wd"),
        "strike_off": ("head", "5wd"),
        "approval": ("head", "3wd"),
        "appeal": ("head", "10wd"),
        "gate": ("head", "5wd"),
    }
    assert PACK.duties[DutyKind.VERIFICATION].ceiling == Term(90, working=False)
    near = ("near", "-3wd", 9, "blue", None, None, "prompt")
    key_supervised = ("key_supervised", "10wd", 9, "red", "key_supervised", "interview", None)
    for duty, letter in (("verification", "supervision_letter"), ("funding", "supervision")):
        assert _climbed(duty) == [
            near,
            ("lapsed", "1d", 0, "yellow", None, None, "urging"),
            ("supervised", "3wd", 9, "red", "supervised", None, letter),
            key_supervised,
            ("taken_over", "20wd", 9, "red", "taken_over", None, "takeover"),
            ("referred", "30wd", 9, "red", None, "referred", None),
        ]
    lapsed = ("lapsed", "1d", 0, "red", "supervised", None, "supervision")
    assert _climbed("response") == [near, lapsed, key_supervised]
    assert PACK.allocation_order == ("migrant_wages", "livelihood", "received_on", "case_no")


def _climbed(duty: str) -> list[tuple[Any, ...]]:
    return [
        (rung.level, str(rung.at), rung.hour, rung.light.value, rung.mode, rung.proposes, rung.notice)
        for rung in PACK.for_case(CALENDAR).rungs(DutyKind(duty))
    ]


def test_a_pack_tells_its_ladders_apart() -> None:
    levels = {name: [rung.level for rung in rungs] for name, rungs in PACK.ladders.items()}
    whole = ["near", "lapsed", "supervised", "key_supervised", "taken_over", "referred"]
    response = ["near", "lapsed", "key_supervised"]
    assert levels == {"office": whole, "debtor": whole, "response": response}


def test_a_pack_is_read_as_it_is_written() -> None:
    assert RulePack.model_validate(_spoilt(lambda pack: None)) == PACK


@pytest.mark.parametrize(
    ("spoil", "why"),
    [
        (lambda pack: pack["duties"].pop("answer"), "no rule for the duties answer"),
        (lambda pack: pack["duties"].update(tea={"owner": "clerk", "basis": "-"}), "Input should be"),
        (
            lambda pack: pack["duties"]["review"].pop("term"),
            "every duty but falling_due, instalment, promise has a term",
        ),
        (
            lambda pack: pack["duties"]["instalment"].update(term="5wd"),
            "every duty but falling_due, instalment, promise has a term",
        ),
        (lambda pack: pack["duties"]["review"].update(term="0wd"), "must be positive, not 0wd"),
        (lambda pack: pack["duties"]["verification"].update(ceiling="-90d"), "must be positive, not -90d"),
        (lambda pack: pack["duties"]["review"].update(term="ten days"), "not a term"),
        (lambda pack: pack["duties"]["review"].update(term=10), "Input should be"),
        (lambda pack: pack["duties"]["review"].update(owner="mayor"), "Input should be"),
        (lambda pack: pack["duties"]["review"].update(basis=" "), "at least 1 character"),
        (lambda pack: pack["duties"]["review"].update(basis=[]), "at least 1 item"),
        (
            lambda pack: pack["duties"]["review"].update(basis=[{"text": "条例", "for": "governed"}]),
            "the last basis goes for every case on every day",
        ),
        (
            lambda pack: pack["duties"]["review"].update(ladder="debtor"),
            "no duty of the clerk climbs the ladder against the debtor",
        ),
        (lambda pack: pack["duties"]["review"].update(term="-10wd"), "must be positive, not -10wd"),
        (lambda pack: pack["duties"]["review"].update(days=10), "Extra inputs"),
        (lambda pack: pack["duties"]["verification"].update(ceiling="29d"), "not below it, not 29d"),
        (lambda pack: pack["duties"]["verification"].update(ceiling="90wd"), "in the term's unit"),
        (lambda pack: pack["duties"]["instalment"].update(ceiling="90d"), "in the term's unit"),
        (lambda pack: pack["ladder"].clear(), "at least 1 item"),
        (lambda pack: pack["ladder"].reverse(), r"taken_over \(20wd\) does not come after referred \(30wd\)"),
        (lambda pack: _move(pack, "supervised", 6), "does not come after referred"),
        (lambda pack: _move(pack, "near", 1), r"near \(-3wd\) does not come after lapsed"),
        (
            lambda pack: _rung(pack, "supervised").update(at="1d"),
            r"supervised \(1d\) does not come after lapsed",
        ),
        (lambda pack: _rung(pack, "lapsed").update(at="0d"), "before or after the last day, not on it"),
        (lambda pack: _rung(pack, "near").update(at="0wd"), "before or after the last day, not on it"),
        (lambda pack: _rung(pack, "near").update(at="soon"), "not a term"),
        (lambda pack: _rung(pack, "near").pop("level"), "Field required"),
        (lambda pack: _rung(pack, "near").update(level="Near"), "match pattern"),
        (lambda pack: _rung(pack, "near").update(hour=24), "less than or equal to 23"),
        (lambda pack: _rung(pack, "near").update(colour="blue"), "Extra inputs"),
        (lambda pack: _rung(pack, "near").update(light="violet"), "Input should be"),
        (lambda pack: _rung(pack, "near").update(light="none"), "blue, yellow or red"),
        (lambda pack: _rung(pack, "near").update(notice="telegram"), "Input should be"),
        (lambda pack: _rung(pack, "lapsed").update(level="near"), "a name of its own"),
        (
            lambda pack: _rung(pack, "referred").update(light="yellow"),
            "the light falls from taken_over to referred",
        ),
        (lambda pack: _rung(pack, "near").update(light="red"), "the light falls from near to lapsed"),
        (lambda pack: _rung(pack, "referred").update(mode="referred"), "no ladder raises a case to referred"),
        (
            lambda pack: _rung(pack, "lapsed").update(mode="transferred"),
            "no ladder raises a case to transferred",
        ),
        (lambda pack: _rung(pack, "referred").update(mode="supervised"), "the modes must rise"),
        (lambda pack: _rung(pack, "referred").update(proposes="supervised"), "Input should be"),
        (lambda pack: pack.update(ladder=pack["ladder"][:1]), "no rung for a deadline that has lapsed"),
        (
            lambda pack: pack["ladder"].append(_rung(pack, "near") | {"duty": "review"}),
            "no rung for a deadline that has lapsed",
        ),
        (lambda pack: pack.update(single_suspension="0d"), "single_suspension must be positive, not 0d"),
        (lambda pack: pack.update(single_suspension="30wd"), "single_suspension is in days, not 30wd"),
        (lambda pack: pack.update(reply_within="0wd"), "reply_within must be positive, not 0wd"),
        (lambda pack: pack.update(reply_within="-5wd"), "reply_within must be positive, not -5wd"),
        (lambda pack: pack.pop("reply_within"), "Field required"),
        (lambda pack: pack.update(spread=-1), "greater than or equal to 0"),
        (lambda pack: pack.update(spread=56), "less than or equal to 55"),
        (lambda pack: pack.update(allocation_order=[]), "ends with case_no"),
        (lambda pack: pack.update(allocation_order=["case_no", "received_on"]), "ends with case_no"),
        (lambda pack: pack.update(allocation_order=["livelihood", "livelihood", "case_no"]), "each key once"),
        (lambda pack: pack.update(allocation_order=["size", "case_no"]), "Input should be"),
        (lambda pack: pack.update(offices={}), "at least 1 item"),
        (lambda pack: pack.update(offices={"62010": "兰州"}), "match pattern"),
        (lambda pack: pack["offices"].update({"620100": " "}), "at least 1 character"),
        (lambda pack: pack["offices"].pop("620000"), "620100, 620200, .* have no superior office"),
        (lambda pack: pack["offices"].update({"110000": "北京"}), "110000, 620000 have no superior office"),
        (lambda pack: pack.update(channels={"620199": {}}), "channels: 620199 is no office of this pack"),
        (lambda pack: pack.update(channels={"6201": {}}), "match pattern"),
        (lambda pack: pack.update(channels={"620100": {"email": ["lanzhou"]}}), "name@example.cn"),
        (lambda pack: pack.update(channels={"620100": {"webhook": ["ftp://lanzhou"]}}), "match pattern"),
        (lambda pack: pack.update(channels={"620100": {"fax": ["1"]}}), "Extra inputs"),
        (lambda pack: pack.update(office_hours={"opens": 18, "closes": 9}), "opens before it closes"),
        (lambda pack: pack.update(office_hours={"opens": 9, "closes": 9}), "opens before it closes"),
        (lambda pack: pack.update(office_hours={"opens": -1}), "greater than or equal to 0"),
        (lambda pack: pack.update(office_hours={"closes": 25}), "less than or equal to 24"),
        (lambda pack: pack.update(office_hours={"lunch": 12}), "Extra inputs"),
        (lambda pack: pack.update(colour="red"), "Extra inputs"),
        (lambda pack: pack.pop("effective_on"), "Field required"),
    ],
)
def test_a_pack_that_is_wrong_is_refused(spoil: Spoil, why: str) -> None:
    with pytest.raises(ValidationError, match=why):
        RulePack.model_validate(_spoilt(spoil))


def test_a_shorter_allocation_order_is_a_pack_s_own_choice() -> None:
    pack = RulePack.model_validate(_spoilt(lambda written: written.update(allocation_order=["case_no"])))
    assert pack.allocation_order == ("case_no",)


@pytest.mark.parametrize(
    ("office", "above"),
    [
        ("620105", ("620100", "620000")),
        ("620100", ("620000",)),
        ("620200", ("620000",)),
        ("621002", ("621000", "620000")),
        ("622901", ("622900", "620000")),
        ("620000", ()),
        ("110101", ()),
    ],
)
def test_superiors_are_the_coarser_codes_of_the_pack(office: str, above: tuple[str, ...]) -> None:
    assert superiors(office, PACK.offices) == above
    assert superior(office, PACK.offices) == (above[0] if above else None)


def test_an_office_that_the_pack_does_not_name_is_no_superior() -> None:
    assert superiors("620105", {"620000": "甘肃省清欠办"}) == ("620000",)


@pytest.mark.parametrize(
    ("office", "other", "below"),
    [
        ("620105", "620100", True),
        ("620105", "620000", True),
        ("620100", "620000", True),
        ("621002", "621000", True),
        ("620105", "620105", False),
        ("620100", "620105", False),
        ("620104", "620105", False),
        ("620302", "620100", False),
        ("621002", "620100", False),
        ("110101", "620000", False),
        ("622901", "622900", True),
    ],
)
def test_an_office_is_below_the_coarser_code(office: str, other: str, below: bool) -> None:
    assert is_below(office, other) is below


def test_an_office_s_own_tree_has_it_at_the_top() -> None:
    for office in PACK.offices:
        assert subtree(office).fullmatch(office)
        assert all(subtree(above).fullmatch(office) for above in superiors(office, PACK.offices))


def test_a_case_carries_all_offices_for_it_may_be_handed_to_any() -> None:
    rules = PACK.for_case(CALENDAR)
    assert rules.offices == PACK.offices
    assert rules.pack == "gansu@2026.1"
    assert rules.calendar == CALENDAR
    assert (rules.duties, rules.ladder) == (PACK.duties, PACK.ladder)


def test_the_rules_of_a_case_are_written_and_read_back() -> None:
    rules = PACK.for_case(CALENDAR)
    assert Rules.model_validate(rules.model_dump(mode="json")) == rules


def test_only_the_creditor_s_duties_and_what_heads_decide_never_turn_red() -> None:
    rules = PACK.for_case(CALENDAR)
    for kind, rule in PACK.duties.items():
        levels = [rung.level for rung in rules.rungs(kind)]
        if kind is DutyKind.FALLING_DUE:
            assert levels == ["near"]
        elif rule.owner is Role.CREDITOR or kind in (
            DutyKind.APPROVAL,
            DutyKind.APPEAL,
            DutyKind.GATE,
            DutyKind.FOLLOW_UP,
            DutyKind.ACKNOWLEDGEMENT,
        ):
            assert levels == ["near", "lapsed"]
        else:
            higher = ["supervised", "key_supervised", "taken_over", "referred"]
            only = ["key_supervised"] if kind is DutyKind.RESPONSE else higher
            assert levels == ["near", "lapsed", *only]


def test_what_only_reminds_neither_is_red_nor_presses() -> None:
    mild = Rung(level="lapsed", at="1d", light="yellow")
    assert mild.is_mild
    for harder in ({"light": "red"}, {"mode": "supervised"}, {"proposes": "interview"}):
        assert not Rung.model_validate(mild.model_dump() | harder).is_mild


def test_a_pack_says_where_notices_go() -> None:
    channels = {"620105": {"email": ["qingqian@anning.example"], "webhook": ["https://anning.example/n"]}}
    pack = RulePack.model_validate(_spoilt(lambda written: written.update(channels=channels)))
    assert pack.channels["620105"].email == ("qingqian@anning.example",)
    assert "channels" not in pack.for_case(CALENDAR).model_dump()


@pytest.mark.parametrize(
    ("instant", "deliver_at"),
    [
        ("2023-05-04T00:00", "2023-05-04T09:00"),
        ("2023-05-04T08:59:59", "2023-05-04T09:00"),
        ("2023-05-04T09:00", "2023-05-04T09:00"),
        ("2023-05-04T09:00:01", "2023-05-04T10:00"),
        ("2023-05-04T16:30", "2023-05-04T17:00"),
        ("2023-05-04T17:00", "2023-05-04T17:00"),
        ("2023-05-04T17:00:01", "2023-05-05T09:00"),
        ("2023-05-04T23:59", "2023-05-05T09:00"),
        ("2023-05-05T18:00", "2023-05-06T09:00"),
        ("2023-05-06T10:00", "2023-05-06T10:00"),
        ("2023-05-06T18:00", "2023-05-08T09:00"),
        ("2023-04-28T18:00", "2023-05-04T09:00"),
        ("2023-04-30T10:00", "2023-05-04T09:00"),
    ],
)
def test_a_notice_goes_out_at_the_next_office_hour(instant: str, deliver_at: str) -> None:
    now = datetime.fromisoformat(f"{instant}+08:00")
    expected = datetime.fromisoformat(f"{deliver_at}+08:00")
    assert OfficeHours().next_hour(CALENDAR, now) == expected
    assert OfficeHours().next_hour(CALENDAR, now.astimezone(UTC)) == expected


def test_an_office_may_be_open_day_and_night_on_working_days() -> None:
    always = OfficeHours(opens=0, closes=24)
    late = datetime.fromisoformat("2023-05-05T23:30+08:00")
    assert always.next_hour(CALENDAR, late).isoformat() == "2023-05-06T00:00:00+08:00"

"""全国规则包: the law's own numbers rise as far as a ladder goes; where the law names none, nothing follows but a reminder."""

from datetime import date

import pytest

from domain.duty import DutyKind
from domain.rules import is_below, superior, superiors
from office.calendar.loading import published_calendar
from office.packs import load_pack
from tests.domain.climbing import levels_of
from tests.domain.story import RECEIPT, Story

PACK, GANSU = load_pack("national"), load_pack("gansu")
RULES = load_pack("national").for_case(published_calendar(date(2025, 6, 9)))
OF_THE_LAW = {DutyKind.INTAKE, DutyKind.TRANSFER, DutyKind.VERIFICATION}


def test_the_terms_are_those_of_the_law_or_of_gansu() -> None:
    assert {kind: rule.term for kind, rule in PACK.duties.items()} == {
        kind: rule.term for kind, rule in GANSU.duties.items()
    }
    assert str(PACK.duties[DutyKind.VERIFICATION].ceiling) == "90d"


@pytest.mark.parametrize("kind", DutyKind)
def test_only_what_the_law_dates_climbs_beyond_a_reminder(kind: DutyKind) -> None:
    levels = [rung.level for rung in RULES.rungs(kind)]
    if kind in OF_THE_LAW:
        assert levels == ["near", "lapsed", "supervised", "key_supervised", "taken_over", "referred"]
    else:
        assert levels == (["near"] if kind is DutyKind.FALLING_DUE else ["near", "lapsed"])


def test_its_top_office_is_above_every_province() -> None:
    assert len(PACK.offices) == 32
    assert superiors("620000", PACK.offices) == ("100000",)
    assert superior("100000", PACK.offices) is None
    assert all(is_below(code, "100000") for code in PACK.offices if code != "100000")
    assert not is_below("100000", "620000")


def test_a_province_that_lets_the_transfer_lapse_is_pressed_for_by_the_country() -> None:
    receipt = RECEIPT.model_copy(update={"office": "620000", "received_on": date(2025, 6, 9)})
    told = Story(receipt, on="2025-06-09", rules=RULES)
    told.do("accept", "clerk:何@620000")
    happened = told.until("2025-08-01")
    assert [level for level, _ in levels_of(happened, "transfer")][:3] == ["near", "lapsed", "supervised"]
    assert told.case.holder == "100000", "taken over"

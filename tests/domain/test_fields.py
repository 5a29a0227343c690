"""What a command asks follows from the types of its fields."""

from enum import StrEnum
from typing import Annotated, Literal

import pytest
from pydantic import Field

from domain.case.choices import choices
from domain.command_base import CommandBase
from domain.commands import Extend, MakePlan, RequestCorrection
from domain.commands.fields import Among, Asks, PaymentsIn, asks
from domain.money import Fen, PositiveFen
from domain.value import Day, Name, Reference, Text, Value, build
from tests.domain.story import story_at


class Why(StrEnum):
    ERROR = "error"
    DISCOUNT = "discount"


class Everything(CommandBase):
    do: Literal["everything"] = "everything"
    name: Name
    text: Text
    fen: Fen
    more: PositiveFen
    on: Day
    days: Annotated[int, Field(ge=1, le=365)]
    agreed: bool
    why: Why
    voucher: Annotated[Reference, PaymentsIn(("reported",))]
    to: Annotated[str, Among.RECEIVERS] | None = None
    sign: Annotated[int, Field(gt=2)] = 3


@pytest.mark.parametrize(
    "found",
    [
        Asks("name", "text", True),
        Asks("text", "long", True),
        Asks("fen", "money", True, least=0),
        Asks("more", "money", True, least=1),
        Asks("on", "date", True),
        Asks("days", "number", True, least=1),
        Asks("agreed", "check", True),
        Asks("why", "choice", True, choices=Why),
        Asks("voucher", "choice", True, among=PaymentsIn(("reported",))),
        Asks("to", "choice", False, among=Among.RECEIVERS),
        Asks("sign", "number", False, least=3),
    ],
    ids=lambda found: found.name,
)
def test_a_field_is_asked_for_by_its_type(found: Asks) -> None:
    assert found in asks(Everything)
    assert len(asks(Everything)) == len(Everything.model_fields) - len(CommandBase.model_fields) - 1


def test_rows_have_the_fields_of_one_row() -> None:
    sources, instalments, reason = asks(MakePlan)
    assert [column.name for column in sources.columns] == ["kind", "amount", "expected_on"]
    assert [column.kind for column in instalments.columns] == ["date", "money"]
    assert (sources.kind, reason.kind, reason.required) == ("rows", "long", False)
    (items,) = asks(RequestCorrection)
    assert items.columns == (Asks("", "long", True),)


def test_a_duty_is_chosen_with_its_subject() -> None:
    assert [one.name for one in asks(Extend)] == ["duty,subject", "days", "reason"]


@pytest.mark.parametrize("among", [one for one in Among if one is not Among.BOND_REQUESTS])
def test_what_depends_on_a_case_is_found_in_it(among: Among) -> None:
    told = story_at("planned")
    assert isinstance(choices(among, told.case, told.rules, told.command("extend").by), list)


def test_a_server_builds_every_type_before_it_serves() -> None:
    build()
    kinds = [Value]
    for kind in kinds:
        kinds += kind.__subclasses__()
    assert len(kinds) > 200
    assert [kind.__name__ for kind in kinds if not kind.__pydantic_complete__] == []

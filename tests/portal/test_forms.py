"""Forms: what they ask is what the commands have, and whatever is sent gets an answer."""

from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.datastructures import FormData

from domain.actors import Actor, Role
from domain.bonds.commands import AnyBatchCommand, BatchOpening
from domain.case.orders import ORDERS
from domain.command_base import name_of
from domain.commands import AnyCommand
from domain.receipt import Receipt
from domain.refusal import Refusal
from portal.forms.commands import FORMS, OF_BATCH
from portal.forms.fields import Field
from portal.forms.form import Malformed, command_of, faults_of_refusal, id_of, nested, typed_in
from portal.forms.receipt import FIELDS
from portal.pages.batches import OPENING

CLERK = Actor(Role.CLERK, "李敏", "620105")
ENVELOPE = {"do", "by", "entered_by", "account", "command_id"}


def form(**fields: str) -> FormData:
    """What a browser sends; `__` stands for a dot."""
    return FormData([(name.replace("__", "."), value) for name, value in fields.items()])


def asked(fields: tuple[Field, ...]) -> set[str]:
    """The fields that a form fills, whole or a part of each."""
    return {part.partition(".")[0] for field in fields for part in field.name.split(",")}


@pytest.mark.parametrize(
    ("commands", "forms"),
    [(get_args(AnyCommand), FORMS), (get_args(AnyBatchCommand), OF_BATCH)],
    ids=["case", "batch"],
)
def test_the_form_of_a_command_asks_for_all_its_fields_and_for_no_other(
    commands: tuple[Any, ...], forms: Any
) -> None:
    models = {model.model_fields["do"].default: model for model in commands}
    assert set(models) == set(forms)
    for do, model in models.items():
        written = {field.alias or name: field for name, field in model.model_fields.items()}
        assert asked(forms[do].fields) == set(written) - ENVELOPE, do
        for field in forms[do].fields:
            for name in field.name.split(",") if "." not in field.name else ():
                is_needed = written[name].is_required()
                assert field.required == is_needed or name == "subject" or field.kind == "rows", (do, name)


def test_forms_stand_in_the_order_of_a_case_s_life() -> None:
    assert list(FORMS) == list(map(name_of, ORDERS))


def test_the_forms_of_a_case_and_of_a_batch_ask_for_what_these_have() -> None:
    fields = {field.name for group in FIELDS.values() for field in group}
    parties = {name for name in fields if "." in name}
    receipt = set(Receipt.model_fields) - {"office", "taken_in", "distinct"}
    assert {name.split(".")[0] for name in fields} == receipt
    assert {f"creditor.{name}" for name in ("name", "code", "size", "ownership", "contact")} < parties
    assert {f"debtor.{name}" for name in ("name", "code", "kind")} < parties
    assert asked(OPENING.fields) == set(BatchOpening.model_fields) - {"office", "by"}


def test_rows_that_were_left_empty_are_closed_up() -> None:
    sent = form(
        do="plan", sources__0__kind="", sources__2__kind="bond", sources__2__amount=" 1元 ", items__5="甲"
    )
    assert nested(sent) == {"do": "plan", "sources": [{"kind": "bond", "amount": "1元"}], "items": ["甲"]}
    assert typed_in(sent) == {
        "do": "plan",
        "sources.0.kind": "bond",
        "sources.0.amount": "1元",
        "items.0": "甲",
    }


def test_a_name_of_two_fields_fills_both() -> None:
    sent = FormData(
        [("do", "extend"), ("duty,subject", "confirmation,PZ,1"), ("days", "3"), ("reason", "无")]
    )
    assert nested(sent)["duty"] == "confirmation"
    assert nested(sent)["subject"] == "PZ,1"
    assert typed_in(sent)["duty,subject"] == "confirmation,PZ,1"
    assert "subject" not in nested(FormData([("duty,subject", "intake,")]))


def test_what_no_text_has_is_left_out() -> None:
    assert nested(form(reason="甲\x00乙\r\n丙\x07")) == {"reason": "甲乙\n丙"}


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_a_line_ends_however_its_end_is_written(end: str) -> None:
    assert nested(form(reason=f"甲{end}乙{end}")) == {"reason": "甲\n乙"}


def test_a_form_keeps_the_id_that_its_page_gave_it() -> None:
    assert id_of(form(command_id="web-1")) == "web-1"
    for strange in ("", "有", "a b", "x" * 101, "a\x00"):
        assert id_of(form(command_id=strange)).startswith("web-")
    assert id_of(form()) != id_of(form())


@pytest.mark.parametrize(
    ("sent", "faults"),
    [
        ({"do": "refuse"}, {"ground": "此项必填"}),
        ({"do": "forward", "to": "那里"}, {"to": "写法不对"}),
        ({"do": "request_correction"}, {"items": "此项必填"}),
        ({"do": "extend", "duty": "intake", "days": "三", "reason": "无"}, {"days": "须为整数"}),
        ({"do": "extend", "duty": "intake", "days": "366", "reason": "无"}, {"days": "数字太大"}),
        ({"do": "accept", "other": "1"}, {"other": "没有此项"}),
        ({"do": "nothing"}, {"do": "没有此命令"}),
        ({}, {"do": "没有此命令"}),
        ({"do": "accept", "command_id": "news/1"}, {"command_id": "命令编号不可用"}),
        (
            {"do": "suspend", "reason": "无", "until": "9998-01-01"},
            {"until": "日期应在 2000-01-01 至 2099-12-31 之间,请核对年份"},
        ),
    ],
)
def test_a_fault_has_its_field_and_both_languages(sent: dict[str, str], faults: dict[str, str]) -> None:
    with pytest.raises(Malformed) as refused:
        command_of(form(**sent), CLERK)
    assert {name: said[0] for name, said in refused.value.faults.items()} == faults
    assert all(said[1] for said in refused.value.faults.values())
    assert faults_of_refusal(refused.value) == refused.value.faults
    assert refused.value.field == next(iter(faults))


_NAMES = st.text("ado.0123,_²x", max_size=12) | st.sampled_from(["do", "items", "items.0", "sources.0.kind"])


@given(st.lists(st.tuples(_NAMES, st.text(max_size=8)), max_size=8))
def test_whatever_is_sent_gets_an_answer(sent: list[tuple[str, str]]) -> None:
    try:
        assert command_of(FormData([*sent]), CLERK).by == CLERK
    except Refusal as refusal:
        told = refusal.to_json()
        assert (told["code"], bool(told["message"])) == ("malformed", True)

"""Everything that happens is told in both languages, and both tell the same amounts."""

import re
from collections.abc import Mapping
from functools import cache
from typing import Annotated, Any, get_args, get_origin

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain import facts as e
from domain.actors import SYSTEM, parse_actor
from domain.bonds.commands import AnyBatchCommand
from domain.command_base import CommandBase
from domain.commands import AnyCommand
from domain.commands.fields import asks
from domain.duty import DutyKind
from domain.facts import BatchFact, CaseFact
from domain.receipt import Channel, Creditor, Debtor, Receipt
from domain.telling import ASKING, english, giver, sentence, words
from domain.telling.commands import CALLED
from domain.telling.naming import told
from domain.telling.sentence import PLAIN
from domain.value import Light, Mode, SourceKind, Stage, Value
from tests.domain.story import RECEIPT, story_at

FACTS = [*get_args(CaseFact), *get_args(BatchFact)]
AMOUNT = re.compile(r"[\d,.]+万?元")


@cache
def written(kind: type[Value]) -> st.SearchStrategy[Any]:
    """A value of a kind with any content, whether or not it could have come about."""
    return st.fixed_dictionaries(
        {
            name: st.sampled_from(sorted(CALLED)) if name == "do" else _of(field.annotation)
            for name, field in kind.model_fields.items()
        }
    ).map(lambda fields: kind.model_construct(**fields))


def _of(annotation: Any) -> st.SearchStrategy[Any]:
    if annotation == Mapping[str, Any]:
        return st.just({})
    if get_origin(annotation) is Annotated:
        return _of(get_args(annotation)[0])
    if annotation is Receipt:
        return st.just(RECEIPT)
    if annotation == Creditor | Debtor:
        return st.sampled_from([RECEIPT.creditor, RECEIPT.debtor])
    if isinstance(annotation, type) and issubclass(annotation, Value):
        return written(annotation)
    if annotation is int:
        return st.integers(0, 10**13)
    if annotation is str:
        return st.text(st.characters(categories=["L"]), min_size=1, max_size=5)
    if arguments := [one for one in get_args(annotation) if one is not Ellipsis]:
        if getattr(annotation, "__origin__", None) is tuple:
            return st.lists(_of(arguments[0]), max_size=3).map(tuple)
        if type(None) in arguments:
            return st.one_of(*(st.none() if one is type(None) else _of(one) for one in arguments))
    return st.from_type(annotation)


@pytest.mark.parametrize("fact", FACTS, ids=lambda fact: str(fact.model_fields["kind"].default))
def test_every_fact_has_one_sentence(fact: type[Value]) -> None:
    kind = fact.model_fields["kind"].default
    assert (kind in PLAIN) != (sentence.dispatch(fact) is not sentence.dispatch(object))


@pytest.mark.parametrize("fact", FACTS, ids=lambda fact: str(fact.model_fields["kind"].default))
@given(data=st.data())
@settings(max_examples=25, derandomize=True)
def test_a_fact_is_told_alike_in_both_languages(fact: type[Value], data: st.DataObject) -> None:
    happened = data.draw(written(fact))
    zh, en = sentence(happened)
    assert zh.strip()
    assert en.strip()
    assert sorted(AMOUNT.findall(zh)) == sorted(AMOUNT.findall(en))


def test_a_step_that_waits_is_called_by_its_name() -> None:
    told = story_at("proposed")
    told.until("2023-07-03")
    lapsed = next(event for event in told.journal if getattr(event.fact, "duty", None) == "gate")
    zh, en = sentence(lapsed.fact)
    assert "约谈审批" in zh
    assert "Decide on an interview" in en


@pytest.mark.parametrize("command", ASKING, ids=lambda command: command.__name__)
def test_a_command_asks_for_its_own_fields_and_for_no_other(command: type[CommandBase]) -> None:
    asked = {one.name for one in asks(command)}
    columns = {f"{one.name}.{column.name}" for one in asks(command) for column in one.columns}
    assert set(ASKING[command].labels) <= asked | columns
    for name in asked | columns:
        assert ASKING[command].label(name)


def test_every_command_has_words() -> None:
    assert set(ASKING) == {*get_args(AnyCommand), *get_args(AnyBatchCommand)}


def test_whose_word_it_is_and_who_entered_it_is_told() -> None:
    event = story_at("acknowledged").journal[-1]
    by_clerk = event.model_copy(
        update={"by": parse_actor("debtor:王强"), "entered_by": parse_actor("clerk:李敏@620105")}
    )
    assert giver(by_clerk) == "debtor:王强(由 clerk:李敏@620105 代录)"
    assert giver(event.model_copy(update={"by": SYSTEM, "entered_by": None})) == "系统"


@pytest.mark.parametrize(
    ("table", "values"),
    [
        ("CHANNELS", get_args(Channel)),
        ("DEBTOR_KINDS", get_args(Debtor.model_fields["kind"].annotation)),
        ("SIZES", get_args(Creditor.model_fields["size"].annotation)),
        ("OWNERSHIPS", get_args(Creditor.model_fields["ownership"].annotation)),
        ("CLAIM_KINDS", get_args(Receipt.model_fields["kind"].annotation)),
        ("SPENDING", ("capital", "recurrent")),
        ("LIGHTS", tuple(Light)),
        ("STAGES", tuple(Stage)),
        ("DUTIES", tuple(DutyKind)),
        ("MODES", tuple(Mode)),
        ("SOURCES", tuple(SourceKind)),
    ],
)
def test_there_is_a_word_for_everything_in_both_languages(table: str, values: tuple[str, ...]) -> None:
    for language in (words, english):
        assert set(getattr(language, table)) == set(values)


def test_no_office_is_told_by_its_code() -> None:
    offices = {"620100": "兰州市清欠办", "620105": "安宁区清欠办"}
    proposed = e.StepProposed(step="interview", office="620100", against="620105")
    assert told(proposed, offices)[0] == "提请约谈(安宁区清欠办),待 兰州市清欠办 负责人审批"
    assert told(e.Forwarded(to="620105"), offices) == ("转办至 安宁区清欠办", "Handed over to 安宁区清欠办")
    assert told(e.Forwarded(to="debtor"), offices)[0] == "转交债务人"
    assert "620199" in told(e.Reassigned(to="620199", above="620100", reason="改派"), offices)[0]

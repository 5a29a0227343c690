"""Actors are written `role[:person]@party`."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from domain.actors import OFFICE_ROLES, SYSTEM, Actor, Role, WrittenActor, parse_actor

names = st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=8)
offices = st.from_regex(r"[0-9]{6}", fullmatch=True)


@pytest.mark.parametrize(
    ("written", "actor"),
    [
        ("clerk:李敏@620105", Actor(Role.CLERK, "李敏", "620105")),
        ("head@620100", Actor(Role.HEAD, None, "620100")),
        ("finance:钱@620105", Actor(Role.FINANCE, "钱", "620105")),
        ("debtor:王强", Actor(Role.DEBTOR, "王强", None)),
        ("debtor:王强@安宁区环卫局", Actor(Role.DEBTOR, "王强", "安宁区环卫局")),
        (" creditor ", Actor(Role.CREDITOR, None, None)),
        ("system", SYSTEM),
    ],
)
def test_an_actor_is_read(written: str, actor: Actor) -> None:
    assert parse_actor(written) == actor


@pytest.mark.parametrize(
    ("written", "why"),
    [
        ("", "not an actor"),
        ("mayor:李敏@620105", "not an actor"),
        ("Clerk:李敏@620105", "not an actor"),
        ("clerk:@620105", "not an actor"),
        ("clerk:李敏@620105@620100", "not an actor"),
        ("clerk:李:敏@620105", "not an actor"),
        ("debtor@", "not an actor"),
        ("clerk: @620105", "not a name"),
        ("clerk:···@620105", "not a name"),
        ("clerk:" + "李" * 41 + "@620105", "not a name"),
        ("debtor@" + "某" * 200, "not an actor"),
        ("clerk:李\x01敏@620105", "does not show"),
        ("clerk:李\u200b敏@620105", "does not show"),
        ("clerk:李敏\ufe0f@620105", "does not show"),
        ("clerk:李敏\u3164@620105", "does not show"),
        ("clerk:\u202e李敏@620105", "does not show"),
        ("clerk:李敏\n@620105", "does not show"),
        ("clerk:李\ud800@620105", "does not show"),
        ("clerk:李敏", "six-digit code"),
        ("head:孙@62010", "six-digit code"),
        ("finance:钱@安宁区", "six-digit code"),
    ],
)
def test_what_is_no_actor_is_refused(written: str, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        parse_actor(written)


@given(st.sampled_from(Role), st.none() | names, st.none() | names, offices)
def test_an_actor_is_read_as_it_was_written(
    role: Role, person: str | None, name: str | None, code: str
) -> None:
    actor = Actor(role, person, code if role in OFFICE_ROLES else name)
    read = parse_actor(str(actor))
    assert parse_actor(str(read)) == read
    assert read.role is role


@pytest.mark.parametrize(
    ("one", "other", "second"),
    [
        ("clerk:马@620105", "head:马@620105", False),
        ("clerk:马@620105", "clerk:马@620105", False),
        ("clerk:马@620105", "head:牛@620105", True),
        ("clerk:马@620105", "head:马@620100", True),
        ("clerk@620105", "head@620105", False),
        ("clerk:马@620105", "head@620105", False),
        ("clerk:李敏@620105", "head:李 敏@620105", False),
        ("clerk:李敏@620105", "head:李敏@620105", False),
        ("clerk:Li Min@620105", "head:ｌｉ　ｍｉｎ@620105", False),
        ("clerk:买买提·明@620105", "head:买买提•明@620105", False),
    ],
)
def test_a_second_person_is_somebody_else_by_name_however_it_is_spelt(
    one: str, other: str, second: bool
) -> None:
    assert parse_actor(one).is_second_person_to(parse_actor(other)) is second
    assert parse_actor(other).is_second_person_to(parse_actor(one)) is second


@pytest.mark.parametrize(
    "written",
    [
        ["clerk", "a@b:c", "620105"],
        ["clerk", "李敏", "620105"],
        {"role": "clerk", "person": "李敏", "party": "620105"},
        {},
        [],
        None,
        7,
        True,
        "",
        "   ",
        "clerk:李\x01敏@620105",
    ],
)
def test_who_acts_is_written_as_text_and_in_no_other_shape(written: object) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(WrittenActor).validate_python(written)


def test_an_actor_that_a_program_made_is_read_like_one_that_is_written() -> None:
    read = TypeAdapter(WrittenActor)
    assert read.validate_python(Actor(Role.CLERK, " 李  敏 ", "620105")).person == "李 敏"
    with pytest.raises(ValidationError):
        read.validate_python(Actor(Role.CLERK, "a@b:c", "620105"))


def test_a_party_is_known_by_its_name_however_wide_it_is_written() -> None:
    assert parse_actor("debtor:王强@某局（本级）").speaks_for("某局(本级)", None)
    assert parse_actor("debtor@91620000A").speaks_for("某局", "91620000A")
    assert not parse_actor("debtor@另一局").speaks_for("某局", None)

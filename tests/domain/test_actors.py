"""Actors are written `role[:person]@party`."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.actors import OFFICE_ROLES, SYSTEM, Actor, Role, parse_actor

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
    assert parse_actor(str(actor)) == actor


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("clerk:马@620105", "head:马@620105", True),
        ("clerk:马@620105", "clerk:马@620105", True),
        ("clerk:马@620105", "head:牛@620105", False),
        ("clerk:马@620105", "head:马@620100", False),
        ("clerk@620105", "head@620105", True),
    ],
)
def test_the_same_person_is_known_in_another_role(one: str, other: str, same: bool) -> None:
    assert parse_actor(one).is_same_person_as(parse_actor(other)) is same
    assert parse_actor(other).is_same_person_as(parse_actor(one)) is same

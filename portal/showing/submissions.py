"""The waiting submissions on the page of a case, each with the fields of its command in words."""

from collections.abc import Mapping
from typing import NamedTuple

from domain.case.casefile import Case
from domain.case.contents import Submission
from domain.telling.commands import CALLED
from domain.telling.naming import named
from domain.telling.words import Sentence
from portal.forms.commands import FORMS
from portal.showing.said import FilledIn, said


class Shown(NamedTuple):
    """A submission: the name of its command, who submitted it, and its content."""

    submission: Submission
    called: Sentence
    who: Sentence
    said: list[FilledIn]


def waiting(case: Case, offices: Mapping[str, str]) -> list[Shown]:
    """The waiting submissions of a case.

    Args:
        offices: The names of the offices by code.
    """
    return [
        Shown(
            one,
            CALLED[one.do],
            named(one.entered_by or one.by, offices),
            said(FORMS[one.do].fields, one.fields),
        )
        for one in case.waiting
    ]

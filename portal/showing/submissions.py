"""What waits for a second person, as the page of a case shows it: each submission with the fields of its command, in words."""

from typing import NamedTuple

from domain.case.casefile import Case
from domain.case.contents import Submission
from domain.telling.commands import CALLED
from domain.telling.words import Sentence
from portal.forms.commands import FORMS
from portal.showing.said import Said, said


class Shown(NamedTuple):
    """A submission, what its command is called, and what it says."""

    submission: Submission
    called: Sentence
    said: list[Said]


def waiting(case: Case) -> list[Shown]:
    """The submissions that wait."""
    return [Shown(one, CALLED[one.do], said(FORMS[one.do].fields, one.fields)) for one in case.waiting]

"""更正登记: mistakes in the registration are corrected, and the journal keeps what it said before.

A clerk alone may correct what has no consequences. Everything else may move a term, a rank or the applicable law, and takes two
persons.
"""

from pydantic import ValidationError

from domain import commands as c
from domain import facts as e
from domain.case.casefile import Case
from domain.case.change import Change, change
from domain.case.checks import Facts, Moment
from domain.correction import apart, as_it_was, corrected, is_but_words, leaves
from domain.events import Event
from domain.receipt import NO_CONTACTS, Receipt
from domain.refusal import Code, Refusal
from domain.value import SourceKind


def correct(case: Case, command: c.Correct, moment: Moment) -> Facts:
    facts = command.facts
    assert apart(facts)[1] == NO_CONTACTS, "contacts are taken out before a case hears of them"
    is_of_contacts = any(name.endswith(".contact") for name in leaves(facts))
    if is_of_contacts and (takes_two(command, case, moment) or command.do in moment.rules.two_persons):
        raise Refusal(
            Code.MALFORMED,
            "联系方式须单独更正,不与须两人办理的内容一起",
            "a contact is put right by itself, not with what takes two persons",
            "facts",
        )
    receipt = _corrected(case.receipt, command)
    if receipt == case.receipt and not is_of_contacts:
        raise Refusal(
            Code.MALFORMED, "更正后的内容与现在的相同", "what is to be put right says so already", "facts"
        )
    if receipt.known_on > case.entered_on:
        raise Refusal(
            Code.DATE_IN_FUTURE,
            f"收到日不晚于录入之日({case.entered_on})",
            f"the day of receipt is not after the day of entry, {case.entered_on}",
            "facts.received_on",
        )
    if receipt.received_on.year < case.receipt.received_on.year:
        raise Refusal(
            Code.DATE_BEFORE_CASE,
            "收到日不能更正到以前的年度,请撤回后重新登记",
            "the day of receipt is not put right into an earlier year, of which the case has no calendar: register it anew",
            "facts.received_on",
        )
    keeps_its_bonds(case, receipt, "facts")
    return [e.Corrected(was=as_it_was(case.receipt, facts), now=facts, reason=command.reason)]


def keeps_its_bonds(case: Case, receipt: Receipt, field: str) -> None:
    """Refuse a receipt under which general bonds may not pay what the plan has them pay (预算法 Art 35).

    Raises:
        Refusal: `not_eligible`.
    """
    planned = {source.kind for source in case.plan.sources} if case.plan else set()
    if SourceKind.BOND in planned and not receipt.takes_general_bonds:
        raise Refusal(
            Code.NOT_ELIGIBLE,
            "清偿计划列有一般债券,此后不得使用,请先调整计划",
            "the plan has general bonds, which may not pay it then: revise the plan first",
            field,
        )


def _corrected(receipt: Receipt, command: c.Correct) -> Receipt:
    """Apply the correction; refuses a receipt whose parts contradict each other."""
    try:
        return corrected(receipt, command.facts)
    except ValidationError as error:
        said = error.errors()[0]["ctx"]
        raise Refusal(Code.MALFORMED, said["zh"], said["en"], "facts") from None


def takes_two(command: c.Correct, case: Case, moment: Moment) -> bool:
    """Whether the correction takes two persons: it concerns more than wording."""
    return not is_but_words(command.facts)


@change.register
def _(fact: e.Corrected, case: Case, event: Event) -> Change:
    return {"receipt": corrected(case.receipt, fact.now)}

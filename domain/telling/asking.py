"""The texts of a command's form in both languages: its name and the labels of its fields."""

from collections.abc import Mapping
from typing import Final, NamedTuple

from domain.command_base import CommandBase
from domain.telling.terms import Sentence


class Label(NamedTuple):
    """The label of a field.

    Attributes:
        hint: How to fill it in.
        choices: The words for values that differ from the usual ones.
    """

    zh: str
    en: str
    hint: Sentence | None = None
    choices: Mapping[str, Sentence] = {}


class Asking(NamedTuple):
    """The texts of a command's form.

    Attributes:
        labels: The labels that differ from those in `USUAL`, by the name of the field. The name of a column begins with that of its
            rows, as in `sources.kind`; rows with a single column are just `items.`.
        note: A note about the form as a whole.
    """

    zh: str
    en: str
    labels: Mapping[str, Label] = {}
    note: Sentence | None = None

    def label(self, name: str) -> Label:
        """The label of a field of this command."""
        return self.labels.get(name) or USUAL[name.rpartition(".")[-1]]


Words = Mapping[type[CommandBase], Asking]
"""The texts of each command's form."""

USUAL: Final[Mapping[str, Label]] = {
    "amount": Label("金额", "Amount"),
    "due_on": Label("最后一日", "Due on"),
    "reason": Label("理由", "Reason"),
    "step": Label("审批事项", "Step"),
    "voucher": Label("付款凭证", "Payment voucher"),
}
"""The usual labels, by the name of the field."""

ATTEMPTS: Final[Mapping[str, Label]] = {
    "attempts": Label("联系记录(至少两日)", "Attempts, on two days at least"),
    "attempts.contact": Label("或联系记录序号", "or no. of a contact"),
    "attempts.on": Label("日期", "On"),
    "attempts.how": Label("方式", "How"),
    "attempts.what": Label("情况", "What happened"),
}
"""The labels for attempts to reach somebody."""

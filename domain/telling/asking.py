"""What a command is called and what its fields ask, in both languages: the words of its form."""

from collections.abc import Mapping
from typing import Final, NamedTuple

from domain.command_base import CommandBase
from domain.telling.terms import Sentence


class Label(NamedTuple):
    """What a field asks.

    Attributes:
        hint: How it is to be filled in.
        choices: The words for some of its values, where they are others than usual.
    """

    zh: str
    en: str
    hint: Sentence | None = None
    choices: Mapping[str, Sentence] = {}


class Asking(NamedTuple):
    """The words of a command's form.

    Attributes:
        labels: What its fields ask, by their names, where they do not ask what fields of that name usually do. A column of rows
            is named with them: `sources.kind`, and `items.` where the rows have but one.
        note: What is to be known of the form as a whole.
    """

    zh: str
    en: str
    labels: Mapping[str, Label] = {}
    note: Sentence | None = None

    def label(self, name: str) -> Label:
        """What a field of this command asks."""
        return self.labels.get(name) or USUAL[name.rpartition(".")[-1]]


Words = Mapping[type[CommandBase], Asking]
"""The words of each command's form."""

USUAL: Final[Mapping[str, Label]] = {
    "amount": Label("金额", "Amount"),
    "due_on": Label("最后一日", "Due on"),
    "reason": Label("理由", "Reason"),
    "step": Label("审批事项", "Step"),
    "voucher": Label("付款凭证", "Payment voucher"),
}
"""What fields usually ask, by their names."""

ATTEMPTS: Final[Mapping[str, Label]] = {
    "attempts": Label("联系记录(至少两日)", "Attempts, on two days at least"),
    "attempts.contact": Label("或联系记录序号", "or no. of a contact"),
    "attempts.on": Label("日期", "On"),
    "attempts.how": Label("方式", "How"),
    "attempts.what": Label("情况", "What happened"),
}
"""What is asked of attempts to reach somebody."""

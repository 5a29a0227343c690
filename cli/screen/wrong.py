"""What people see when something is wrong: refusals, and faults in files. It loads no rules."""

from collections.abc import Sequence

from rich.text import Text

from domain.refusal import Refusal


def refusal_text(refusal: Refusal) -> Text:
    """A refusal in both languages, with its code and field."""
    field = f" [{refusal.field}]" if refusal.field else ""
    return Text.assemble(
        (f"{refusal.code.value}{field} ", "bold red"), refusal.message, "\n", (refusal.detail, "dim")
    )


def faults_text(source: str, faults: Sequence[str]) -> Text:
    """Everything that is wrong with a file."""
    return Text.assemble((f"{source}: {len(faults)} 处错误,未执行任何操作\n", "bold red"), "\n".join(faults))

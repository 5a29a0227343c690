"""Reading HTML forms: dotted names become tables and lists, empty inputs are dropped, and faults are reported at their inputs."""

import re
import secrets
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final, TypeVar

from pydantic import ValidationError
from pydantic_core import ErrorDetails
from starlette.datastructures import FormData

from domain.actors import Actor
from domain.commands import AnyCommand, Attach, read_command
from domain.refusal import Code, Refusal
from domain.telling.words import Sentence
from domain.value import FIRST_DAY, LAST_DAY, UNWRITABLE
from schema.window.openings import KEY_CHARACTER

Faults = Mapping[str, Sentence]
"""The faults of a form by the name of the input. The empty name stands for the form as a whole."""

Read = TypeVar("Read")

_OURS: Final = frozenset({"csrf", "command_id", "as", "more"})
_NAME: Final = re.compile(
    r"[a-z_]{1,40}(,[a-z_]{1,40})?((\.[a-z_]{1,40}){1,2}|\.[0-9]{1,3}(\.[a-z_]{1,40})?)?"
)
_ID: Final = re.compile(KEY_CHARACTER + "{1,100}")
_FAULTS: Final[Mapping[str, Sentence]] = {
    "missing": ("此项必填", "this field is needed"),
    "union_tag_not_found": ("没有此命令", "there is no such command"),
    "union_tag_invalid": ("没有此命令", "there is no such command"),
    "string_too_long": ("内容过长", "this is too long"),
    "too_long": ("项数过多", "these are too many"),
    "string_too_short": ("此项必填", "this field is needed"),
    "too_short": ("至少填写一项", "at least one is needed"),
    "literal_error": ("请从列表中选择", "choose one of the list"),
    "enum": ("请从列表中选择", "choose one of the list"),
    "extra_forbidden": ("没有此项", "there is no such field"),
    "greater_than": ("须大于零", "this must be above zero"),
    "int_parsing": ("须为整数", "this must be a whole number"),
    "greater_than_equal": ("数字太小", "this is too small"),
    "less_than_equal": ("数字太大", "this is too large"),
    "string_pattern_mismatch": ("写法不对", "this is not written as it should be"),
}
_PHRASES: Final = (
    ("not a date", "日期写作 2026-04-26"),
    ("not the name of a rule pack", "规则包写名称,如 gansu"),
    ("not an amount", "金额写作 4216万元、8.044亿元或者 42160000.00(元)"),
    ("fen (分)", "金额须精确到分,不作四舍五入"),
    ("more money than", "金额过大"),
    ("ids that begin", "命令编号不可用"),
)
"""Beginnings and parts of the English sentences of the domain's types, with their Chinese translation."""


_OUT_OF_RANGE: Final[Sentence] = (
    f"日期应在 {FIRST_DAY} 至 {LAST_DAY} 之间,请核对年份",
    f"the day must be between {FIRST_DAY} and {LAST_DAY}; check the year",
)


class Malformed(Refusal):
    """A form that describes no valid command or receipt, with every fault by its input."""

    def __init__(self, faults: Faults) -> None:
        self.faults: Final = dict(faults)
        field = next(iter(self.faults), None)
        chinese = ";".join(dict.fromkeys(sentence[0] for sentence in self.faults.values()))
        english = "; ".join(f"{name}: {sentence[1]}" for name, sentence in self.faults.items())
        super().__init__(Code.MALFORMED, f"填写有误:{chinese}", english, field)


def command_of(form: FormData, by: Actor, *, entered_by: Actor | None = None) -> AnyCommand:
    """The command to a case that a form describes, given by `by`, or entered for a party by `entered_by`.

    Raises:
        Malformed: It describes no valid command.
    """
    command = ordered(form, by, read_command, entered_by=entered_by)
    if isinstance(command, Attach):
        raise Malformed({"": ("材料须随文件提交", "a paper comes with its file")})
    return command


def ordered(
    form: FormData, by: Actor, read: Callable[[dict[str, Any]], Read], *, entered_by: Actor | None = None
) -> Read:
    """Read a form by `read`. Its command id is the form's, so that a form sent twice counts once.

    Raises:
        Malformed: `read` rejects it.
    """
    written = nested(form)
    written |= {"by": by, "entered_by": entered_by, "command_id": id_of(form)}
    try:
        return read(written)
    except ValidationError as error:
        raise Malformed(faults_in(error, tag=str(written.get("do")))) from error


def id_of(form: FormData) -> str:
    """The id that the page gave to a form; a fresh one if it has none that is valid."""
    given = form.get("command_id")
    return given if isinstance(given, str) and _ID.fullmatch(given) else fresh_id()


def fresh_id() -> str:
    """A fresh id for a form's command."""
    return f"web-{secrets.token_hex(12)}"


def nested(form: FormData) -> dict[str, Any]:
    """Convert a form to nested values: `sources.0.kind=bond` becomes `{"sources": [{"kind": "bond"}]}`. Empty fields and rows are
    dropped.

    A name such as `duty,subject` fills two fields, whose values are separated by the first comma.

    Raises:
        Malformed: None of our forms has such a name.
    """
    table: dict[str, Any] = {}
    for name, value in _written(form):
        if not _NAME.fullmatch(name):
            raise Malformed({"": ("表单有误,请重新打开页面", "this is no form of ours: open the page again")})
        names, *path = name.split(".")
        values = value.split(",", names.count(",")) if "," in names else [value]
        for first, part in zip(names.split(","), values, strict=False):
            if part:
                _put(table, [first, *path], part)
    return {name: _listed(value) for name, value in table.items()}


def _written(form: FormData) -> Iterable[tuple[str, str]]:
    """The fields that were filled in, without the form's own hidden fields and without characters that cannot be stored. Browsers end
    lines by CR LF.
    """
    for name, value in form.multi_items():
        if name not in _OURS and isinstance(value, str):
            text = UNWRITABLE.sub("", value.replace("\r\n", "\n").replace("\r", "\n")).strip()
            if text:
                yield name, text


def _put(table: dict[str, Any], path: list[str], value: str) -> None:
    *outer, last = path
    for part in outer:
        table = table.setdefault(part, {})
        if not isinstance(table, dict):
            raise Malformed({part: ("此项重复", "this field is there twice")})
    table[last] = value


def _listed(value: Any) -> Any:
    """Convert tables whose names are all numbers to lists."""
    if not isinstance(value, dict):
        return value
    inner = {name: _listed(part) for name, part in value.items()}
    if all(name.isdecimal() for name in inner):
        return [inner[name] for name in sorted(inner, key=int)]
    return inner


def typed_in(form: FormData) -> dict[str, str]:
    """The content of the inputs by their names, to be shown again, with empty rows closed up. Empty if it is not one of our forms."""
    joined = {name: value for name, value in _written(form) if "," in name}
    try:
        return dict(_flat(nested(form))) | joined
    except Malformed:
        return {}


def _flat(value: Any, name: str = "") -> Iterable[tuple[str, str]]:
    if isinstance(value, str):
        yield name, value
        return
    parts = value.items() if isinstance(value, dict) else enumerate(value)
    for part, inner in parts:
        yield from _flat(inner, f"{name}.{part}" if name else str(part))


def faults_in(error: ValidationError, tag: str = "") -> dict[str, Sentence]:
    """The faults that a validation found, by the names of their inputs.

    Args:
        tag: The `do` of a command, with which validation begins the path.
    """
    faults: dict[str, Sentence] = {}
    for found in error.errors(include_url=False):
        path = [part for part in found["loc"] if not str(part).startswith("function-")]
        if path[:1] == [tag]:
            path = path[1:]
        name = "do" if found["type"].startswith("union_tag") else ".".join(str(part) for part in path)
        faults.setdefault(name, _sentence(found))
    return faults


def _sentence(found: ErrorDetails) -> Sentence:
    """The sentence of a fault in both languages: the type's own, or the usual one for its kind."""
    context, message = found.get("ctx", {}), found["msg"].removeprefix("Value error, ")
    if "zh" in context:
        return context["zh"], message
    if isinstance(
        context.get("ge", context.get("le")), str
    ):  # limits of a day are texts, limits of a number are numbers
        return _OUT_OF_RANGE
    known = _FAULTS.get(found["type"])
    if known is not None:
        return known
    chinese = next((said for phrase, said in _PHRASES if phrase in message), "填写有误")
    return chinese, message


def faults_of_refusal(refusal: Refusal) -> Faults:
    """The faults of a refusal by input."""
    if isinstance(refusal, Malformed):
        return refusal.faults
    return {refusal.field: (refusal.message, refusal.detail)} if refusal.field else {}

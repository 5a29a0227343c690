"""Reading the columns about how far a case had come elsewhere (接入)."""

from collections.abc import Mapping
from typing import Any, Final

from pydantic import ValidationError

from domain.sheet.cells import Unfit
from domain.sheet.columns import TAKEN_IN
from domain.taken_in import TakenIn

_BY_FIELD: Final = {(column.field or "").rpartition(".")[2]: column for column in TAKEN_IN}


def taken_in(written: Mapping[str, Any]) -> TakenIn | None:
    """The content of the columns of 接入; None if all are blank.

    Args:
        written: The values of the row by field, such as `taken_in.stage`.

    Raises:
        Unfit: Something is missing or contradictory.
    """
    known = _part(written, "taken_in")
    if not known:
        return None
    recognition, plan = _part(known, "recognition"), _part(known, "plan")
    table = {field: value for field, value in known.items() if "." not in field}
    as_of = table.get("as_of")
    if recognition:
        table["recognition"] = {"settled": 0, "paid": 0, "undisputed": 0} | recognition | {"as_of": as_of}
    if plan:
        rest_fen = recognition.get("undisputed", 0) - table.get("cleared", 0)
        amount = {"amount": rest_fen}
        table["plan"] = {
            "sources": [{"kind": plan.get("kind")} | amount],
            "instalments": [{"due_on": plan.get("due_on")} | amount],
        }
    if as_of is not None and as_of < written.get("received_on", as_of):
        raise Unfit("接入截止日早于登记日", "as of a day before the case was received")
    try:
        return TakenIn.model_validate({"source": "台账"} | table)
    except ValidationError as error:
        raise unfit_of(error) from error


def _part(known: Mapping[str, Any], name: str) -> dict[str, Any]:
    return {
        field.removeprefix(f"{name}."): value
        for field, value in known.items()
        if field.startswith(f"{name}.")
    }


def unfit_of(error: ValidationError) -> Unfit:
    """The first fault of a validation, in the words of the sheet."""
    found = error.errors(include_url=False)[0]
    if found["type"] == "said":
        return Unfit(found["ctx"]["zh"], found["ctx"]["en"], found["ctx"]["field"])
    column = _BY_FIELD.get(str(found["loc"][-1]) if found["loc"] else "")
    if column is not None:
        return Unfit(f"接入的案件须填写“{column.header}”", f"{column.english} is needed: {found['msg']}")
    return Unfit("接入的内容不完整", f"what was taken in is not whole: {found['msg']}")

"""The facts of 分办, 备注, 联系 and 送达."""

from datetime import date
from typing import Literal

from pydantic import ConfigDict, Field

from domain.facts.fact import Fact
from domain.value import ServedHow

__all__ = ["Assigned", "Contacted", "DeskFact", "Remarked", "Served"]


class Assigned(Fact):
    kind: Literal["assigned"] = "assigned"
    person: str


class Remarked(Fact):
    """A remark. Only the offices of the case can read it, and it has no effect."""

    kind: Literal["remarked"] = "remarked"
    text: str


class Contacted(Fact):
    """A contact with a party. `no` counts from 1 within the case."""

    model_config = ConfigDict(serialize_by_alias=True)

    kind: Literal["contacted"] = "contacted"
    no: int
    whom: str = Field(alias="with")
    how: str
    day: date
    what: str


class Served(Fact):
    kind: Literal["served"] = "served"
    document: str
    day: date
    how: ServedHow
    receipt: str | None = None


DeskFact = Assigned | Remarked | Contacted | Served

"""Allocating a bond batch among the requests: in the order of the rule pack, to the fen, never above the quota."""

from collections.abc import Iterable
from datetime import date
from typing import Any, NamedTuple

from domain.money import format_money
from domain.names.sequence import in_sequence
from domain.rules import OrderKey


class Request(NamedTuple):
    """A case's request for bond money, in fen, and what its priority depends on.

    Attributes:
        wage_fen: How much of it is wages of migrant workers. Only that part is ranked as wages; the rest is ranked on its own.
        spending: Whether the purchase was an investment, if known. It does not affect the priority.
    """

    case_no: str
    wanted_fen: int
    wage_fen: int
    livelihood: bool
    received_on: date
    spending: str | None = None


class Allocation(NamedTuple):
    """What a case gets from a batch, in fen, and the reasons for its amount."""

    case_no: str
    requested_fen: int
    allocated_fen: int
    reason: str


class Part(NamedTuple):
    """A part of a request: the wages, or the rest."""

    request: Request
    is_wages: bool
    fen: int


def in_order(requests: Iterable[Request], order: Iterable[OrderKey]) -> list[Part]:
    """The parts of the requests in order of priority."""
    keys = tuple(order)

    def rank(part: Part) -> tuple[Any, ...]:
        first = {
            "migrant_wages": not part.is_wages,
            "livelihood": not part.request.livelihood,
            "received_on": part.request.received_on,
            "case_no": in_sequence(part.request.case_no),
        }
        return (*(first[key] for key in keys), not part.is_wages)

    parts = (
        Part(request, is_wages, fen)
        for request in requests
        for is_wages, fen in ((True, request.wage_fen), (False, request.wanted_fen - request.wage_fen))
        if fen > 0
    )
    return sorted(parts, key=rank)


def allocate(quota_fen: int, requests: Iterable[Request], order: Iterable[OrderKey]) -> list[Allocation]:
    """Serve the parts in order until the quota is used up. A request may be met in part; the rest waits for the next batch. The result
    lists each case once, at the place of its first part.
    """
    left_fen = quota_fen
    given: dict[Request, int] = {}
    for request, _, fen in in_order(requests, order):
        given_fen = min(fen, left_fen)
        given[request] = given.get(request, 0) + given_fen
        left_fen -= given_fen
    return [
        Allocation(request.case_no, request.wanted_fen, fen, _reason(request, fen))
        for request, fen in given.items()
    ]


def _reason(request: Request, given_fen: int) -> str:
    if given_fen == request.wanted_fen:
        return "足额纳入"
    if given_fen == 0:
        return "额度已用完,转入下一批"
    if given_fen == request.wage_fen:
        return f"农民工工资 {format_money(given_fen)} 优先纳入,余额转入下一批"
    return f"额度只余 {format_money(given_fen)},部分纳入,余额转入下一批"

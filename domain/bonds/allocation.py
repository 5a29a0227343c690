"""Who gets how much of a bond batch: in the order of the rule pack, to the fen, never above the quota."""

from collections.abc import Iterable
from datetime import date
from typing import Any, NamedTuple

from domain.money import format_money
from domain.names.sequence import in_sequence
from domain.rules import OrderKey


class Request(NamedTuple):
    """What a case asks of the pool, in fen, and what puts it before others."""

    case_no: str
    wanted_fen: int
    migrant_wages: bool
    livelihood: bool
    received_on: date


class Allocation(NamedTuple):
    """What a case gets from a batch, in fen, and why exactly that much."""

    case_no: str
    requested_fen: int
    allocated_fen: int
    reason: str


def in_order(requests: Iterable[Request], order: Iterable[OrderKey]) -> list[Request]:
    """The requests in the order in which they are served."""
    keys = tuple(order)

    def rank(request: Request) -> tuple[Any, ...]:
        first = {
            "migrant_wages": not request.migrant_wages,
            "livelihood": not request.livelihood,
            "received_on": request.received_on,
            "case_no": in_sequence(request.case_no),
        }
        return tuple(first[key] for key in keys)

    return sorted(requests, key=rank)


def allocate(quota_fen: int, requests: Iterable[Request], order: Iterable[OrderKey]) -> list[Allocation]:
    """Serve the requests in order until the quota is used up. A request may be met in part; the rest waits for the next batch."""
    left_fen = quota_fen
    allocations = []
    for request in in_order(requests, order):
        given_fen = min(request.wanted_fen, left_fen)
        allocations.append(
            Allocation(request.case_no, request.wanted_fen, given_fen, _reason(request, given_fen, left_fen))
        )
        left_fen -= given_fen
    return allocations


def _reason(request: Request, given_fen: int, left_fen: int) -> str:
    if given_fen == request.wanted_fen:
        return "足额纳入"
    if given_fen == 0:
        return "额度已用完,转入下一批"
    return f"额度只余 {format_money(left_fen)},部分纳入,余额转入下一批"

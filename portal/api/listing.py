"""The filters and the order of the list of cases: the parameters of `GET /api/v1/cases`."""

from datetime import date
from typing import Annotated

from fastapi import Depends, Query

from domain.actors import LONGEST_PERSON
from domain.money import FEN_MAX
from domain.rules import OfficeCode
from domain.value import Light, Mode, Stage
from schema.seen.desk import Filters, Listing, Sort


async def listing_asked(
    office: Annotated[
        OfficeCode | None,
        Query(description="Cases held or registered by this office, within what the token sees."),
    ] = None,
    stage: Stage | None = None,
    light: Light | None = None,
    mode: Mode | None = None,
    q: Annotated[
        str | None,
        Query(
            max_length=200,
            description="A case number (its beginning or end), 统一社会信用代码, voucher, telephone number, words or their 拼音.",
        ),
    ] = None,
    assigned_to: Annotated[
        str | None,
        Query(max_length=LONGEST_PERSON, description="The person of that office to whom it is assigned."),
    ] = None,
    debtor: Annotated[
        str | None, Query(max_length=200, description="The debtor's 统一社会信用代码, or words of its name.")
    ] = None,
    due_from: Annotated[date | None, Query(description="The next last day is that day or later.")] = None,
    due_until: Annotated[date | None, Query(description="The next last day is that day or earlier.")] = None,
    least_fen: Annotated[int | None, Query(ge=0, le=FEN_MAX, description="The least outstanding.")] = None,
    most_fen: Annotated[int | None, Query(ge=0, le=FEN_MAX, description="The most outstanding.")] = None,
    sort: Annotated[
        Sort,
        Query(
            description="`received`: the latest received first; `due`: the earliest last day first; `amount`: the most outstanding."
        ),
    ] = Sort.RECEIVED,
) -> Listing:
    """The list that the parameters describe."""
    days, amounts = (due_from, due_until), (least_fen, most_fen)
    return Listing(Filters(office, stage, light, mode, q, assigned_to, debtor, *days, *amounts), sort)


ListingAsked = Annotated[Listing, Depends(listing_asked)]

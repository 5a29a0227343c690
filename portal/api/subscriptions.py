"""Subscriptions: changes are posted to a web address of an office's program, as references to the journal."""

import base64
import secrets
from typing import Annotated, Any, Final, get_args
from urllib.parse import urlsplit

import structlog
from fastapi import APIRouter, Path
from fastapi.responses import JSONResponse

from domain.facts import BatchFact, CaseFact
from portal.api.callers import Caller, Follower
from portal.api.described import body, wrong
from portal.api.subscribed import NewSubscription, SubscriptionDocument, SubscriptionList, SubscriptionMade
from portal.api.written import check_text, malformed
from portal.problems import Problem, or_not_found
from portal.window import Here, Window
from schema.window import subscriptions
from schema.window.subscriptions import MOST, Subscription, WantedSubscription

log = structlog.get_logger("security")

router = APIRouter(prefix="/subscriptions", tags=["changes"])

KINDS: Final = frozenset(
    str(fact.model_fields["kind"].default) for fact in (*get_args(CaseFact), *get_args(BatchFact))
)
_SECRET_BYTES: Final = 32

Number = Annotated[int, Path(ge=1, lt=2**63)]


@router.post(
    "",
    status_code=201,
    response_model=SubscriptionMade,
    responses=wrong(400, 401, 403, 409, 413, 422),
    openapi_extra=body("NewSubscription"),
)
async def subscribe(window: Here, caller: Follower, asked: NewSubscription) -> JSONResponse:
    """Subscribe an address to changes, from now on or after a given entry. The secret is shown only now. Subscribing the same address
    again resumes where it was, with a new secret.
    """
    _check(window, asked)
    secret = "whsec_" + base64.b64encode(secrets.token_bytes(_SECRET_BYTES)).decode()
    wanted = WantedSubscription(asked.address, sorted(set(asked.kinds)), asked.after, secret)
    async with window.engine.begin() as connection:
        others = await subscriptions.others_going_on(connection, caller.office, caller.name, asked.address)
        if others >= MOST:
            raise _too_many()
        made = await subscriptions.subscribe(connection, caller.office, caller.name, wanted)
    log.info("subscribed", subscription=made.no, office=caller.office)
    return JSONResponse(_told(made) | {"secret": secret}, 201)


@router.get("", response_model=SubscriptionList, responses=wrong(400, 401, 403))
async def list_subscriptions(window: Here, caller: Follower) -> JSONResponse:
    """List the token's subscriptions, including ended ones, each with its progress and latest failure."""
    async with window.questions.connect() as connection:
        found = await subscriptions.of_token(connection, caller.office, caller.name)
    return JSONResponse({"subscriptions": [_told(one) for one in found]})


@router.get("/{no}", response_model=SubscriptionDocument, responses=wrong(400, 401, 403, 404, 422))
async def show_subscription(window: Here, caller: Follower, no: Number) -> JSONResponse:
    """Show a subscription of the token."""
    return JSONResponse(_told(await _found(window, caller, no)))


@router.delete("/{no}", response_model=SubscriptionDocument, responses=wrong(400, 401, 403, 404, 422))
async def unsubscribe(window: Here, caller: Follower, no: Number) -> JSONResponse:
    """End a subscription of the token: nothing more is posted to its address."""
    await _found(window, caller, no)
    async with window.engine.begin() as connection:
        await subscriptions.end(connection, no)
    return JSONResponse(_told(await _found(window, caller, no)))


def _too_many() -> Problem:
    return Problem(
        409,
        f"本办公室已有 {MOST} 个订阅,请先结束一个",
        f"the office has {MOST} subscriptions: end one first",
        {"code": "too_many"},
    )


def _check(window: Window, asked: NewSubscription) -> None:
    """Check the address and the kinds of a new subscription.

    Raises:
        Problem: 422: nothing may be posted there, or a kind is unknown.
    """
    check_text(asked.model_dump())
    try:
        parts = urlsplit(asked.address)
        is_allowed = parts.scheme in ("http", "https") and parts.hostname in window.subscriber_hosts
    except ValueError:
        is_allowed = False
    if not is_allowed:
        raise malformed({"address": "its host is not among those that whoever runs the stack allows"})
    if unknown := sorted(set(asked.kinds) - KINDS):
        raise malformed({"kinds": f"there are no entries of the kind {', '.join(unknown)}"})


async def _found(window: Window, caller: Caller, no: int) -> Subscription:
    async with window.questions.connect() as connection:
        found = await subscriptions.find(connection, caller.office, caller.name, no)
    return or_not_found(found, "订阅", "subscription")


def _told(found: Subscription) -> dict[str, Any]:
    waits = found.next_try_at.isoformat() if found.state == "failing" else None
    told = {name: getattr(found, name) for name in ("no", "address", "state", "after", "last_error")}
    return told | {"token": found.token, "kinds": list(found.kinds), "next_try_at": waits}

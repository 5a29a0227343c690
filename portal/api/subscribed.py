"""The requests and responses about subscriptions, field by field."""

from datetime import datetime
from typing import Annotated

from pydantic import Field

from portal.api.parts import Document
from schema.window.subscriptions import State


class NewSubscription(Document):
    """Where changes are to be posted."""

    address: str = Field(
        max_length=500, description="An http or https address at a host that the operator allows."
    )
    kinds: list[Annotated[str, Field(max_length=50)]] = Field(
        default=[], max_length=100, description="The kinds of journal entries to post; empty: all."
    )
    after: int | None = Field(
        default=None,
        ge=0,
        lt=2**63,
        description="`id` of the last known change; by default only future changes are posted.",
    )


class SubscriptionDocument(Document):
    """A subscription, its progress, and its latest failure."""

    no: int
    token: str = Field(description="The name of the token that created it, and with which it ends.")
    address: str
    kinds: list[str]
    state: State
    after: int = Field(description="`id` of the last change that was posted or skipped.")
    last_error: str | None = Field(
        description="Why a post failed, such as `no_answer` or `http_503`; `token_over` if it ended with its token."
    )
    next_try_at: datetime | None = Field(description="While it is failing.")


class SubscriptionMade(SubscriptionDocument):
    """A new subscription, with the secret that signs its posts. The secret is shown only now."""

    secret: str


class SubscriptionList(Document):
    """The subscriptions of a token."""

    subscriptions: list[SubscriptionDocument]

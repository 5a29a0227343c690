"""The ways to people, behind one interface: mail by the mail server, all others by gateways that are described as data.

A gateway gets a signed post, whose JSON is of the shape that it wants: `{to}`, `{text}` and the like in it stand for what they name.
"""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Annotated, Final, Literal, NamedTuple, Protocol

from pydantic import Field, JsonValue, model_validator

from activities.post.mail import Email
from activities.post.message import HandOver, Message, Undelivered
from activities.post.webhook import Webhook
from domain.names.addresses import WebAddress
from domain.value import Value

_PLACE: Final = re.compile(r"\{([a-z_]+)\}")
_READ: Final = 65_536

Kind = Literal["news", "code"]


class Telling(NamedTuple):
    """What one person is told, at one address.

    Attributes:
        id: Its name, the same in every attempt that tells the same.
        kind: Gateways have an approved template for each.
        what: Of `text`, what kind of thing has happened. It, `case_no` and `office` are empty where there is none, as `code` is.
    """

    id: str
    to: str
    kind: Kind
    subject: str
    text: str
    what: str = ""
    case_no: str = ""
    office: str = ""
    code: str = ""


class WayOut(Protocol):
    """How a person is told something."""

    @property
    def longest(self) -> float:
        """Seconds after which telling is over, one way or another."""

    async def tell(self, telling: Telling, hand_over: HandOver) -> None:
        """Tell it; it has been taken when this returns. `hand_over` is called before its receiver can act upon it.

        Raises:
            Undelivered: It has not, as far as is known.
        """


class ByMail:
    """By the mail server that notices go by."""

    def __init__(self, email: Email) -> None:
        self._email = email
        self.longest = email.longest

    async def tell(self, telling: Telling, hand_over: HandOver) -> None:
        """Send a mail."""
        message = Message(telling.id, telling.to, telling.subject, telling.text, (), _no_document)
        await self._email.send(message, hand_over)


async def _no_document(_: str) -> None:
    return None


class Gateway(Value):
    """A gateway for text messages or WeChat, as its operator describes it.

    Attributes:
        secret: Signs what is posted, as `Webhook` has it.
        body: The JSON that is posted, with places for what a `Telling` has, and for `template`.
        templates: What `{template}` stands for, by what is told.
        taken: What the JSON of an answer has where the message was taken; empty where its status says so.
    """

    url: WebAddress
    secret: str
    body: dict[str, JsonValue] = Field(min_length=1)
    templates: Mapping[Kind, Annotated[str, Field(max_length=200)]] = {}
    taken: Mapping[str, JsonValue] = {}

    @model_validator(mode="after")
    def _has_places_for_what_matters(self) -> "Gateway":
        named = set(_places(self.body))
        if unknown := sorted(named - {*Telling._fields, "template"}):
            raise ValueError(f"body: nothing is called {', '.join(unknown)}")
        if "to" not in named:
            raise ValueError("body: {to} is missing: nobody would be told")
        if not named & {"text", "what"} or not named & {"text", "code"}:
            raise ValueError("body: write {text}, or both {what} and {code}")
        if "template" in named and (missing := sorted({"news", "code"} - set(self.templates))):
            raise ValueError(f"templates: body has {{template}}, so name those of {', '.join(missing)}")
        return self


class ByGateway:
    """By a gateway.

    Raises:
        ValueError: The secret is none.
    """

    def __init__(self, gateway: Gateway, patience: float = 30.0) -> None:
        self._gateway, self._webhook = gateway, Webhook(gateway.secret, patience)
        self.longest = patience

    async def tell(self, telling: Telling, hand_over: HandOver) -> None:
        """Post it."""
        gateway = self._gateway
        said = telling._asdict() | {"template": gateway.templates.get(telling.kind, "")}
        body = json.dumps(_filled(gateway.body, said), ensure_ascii=False)
        read = _READ if gateway.taken else 0
        answer = await self._webhook.post(gateway.url, telling.id, body, hand_over, read=read)
        if not _says(answer, gateway.taken):
            raise Undelivered("网关未受理 the gateway did not take it", "later")


def _places(shape: JsonValue) -> Iterator[str]:
    if isinstance(shape, str):
        yield from _PLACE.findall(shape)
    elif isinstance(shape, dict):
        for part in shape.values():
            yield from _places(part)
    elif isinstance(shape, list):
        for part in shape:
            yield from _places(part)


def _filled(shape: JsonValue, said: Mapping[str, str]) -> JsonValue:
    """A shape with what is said in its places. A text that is JSON itself stays so: nothing that is said has a quotation mark."""
    if isinstance(shape, str):
        return _PLACE.sub(lambda place: said[place[1]].replace('"', "”").replace("\\", "/"), shape)
    if isinstance(shape, dict):
        return {name: _filled(part, said) for name, part in shape.items()}
    if isinstance(shape, list):
        return [_filled(part, said) for part in shape]
    return shape


def _says(answer: bytes, taken: Mapping[str, JsonValue]) -> bool:
    if not taken:
        return True
    try:
        said = json.loads(answer)
    except ValueError:
        return False
    return isinstance(said, dict) and all(said.get(name) == value for name, value in taken.items())

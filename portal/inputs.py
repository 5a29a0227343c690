"""What pages take from an address and from a line of a form: text, with an end."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

from fastapi import Form, Query

from portal.problems import Problem
from schema.paging import NotAKey

InAddress = Annotated[str, Query(max_length=200)]
Line = Annotated[str, Form(max_length=100)]


@contextmanager
def key_in_address() -> Iterator[None]:
    """While a page of a list is read, by a key that somebody may have made up.

    Raises:
        Problem: 422: it is no key of that list.
    """
    try:
        yield
    except NotAKey as error:
        raise Problem(422, "页码有误,请从第一页看起", str(error), {"code": "malformed"}) from error

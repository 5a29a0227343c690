"""The types of query parameters and form fields: texts with a maximum length."""

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
    """Answer 422 if the key of a page in the address was made up.

    Raises:
        Problem: 422: it is not a key of that list.
    """
    try:
        yield
    except NotAKey as error:
        raise Problem(422, "页码有误,请从第一页看起", str(error), {"code": "malformed"}) from error

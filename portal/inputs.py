"""What pages take from an address and from a line of a form: text, with an end."""

from typing import Annotated

from fastapi import Form, Query

InAddress = Annotated[str, Query(max_length=200)]
Line = Annotated[str, Form(max_length=100)]

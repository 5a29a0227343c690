"""The inputs of a new account, at an office or a debtor unit: the person and the login."""

from typing import Final

from pydantic import TypeAdapter, ValidationError

from domain.actors import PersonName
from domain.telling.words import Sentence
from schema.window.people import LOGIN

_PERSON: Final[TypeAdapter[str]] = TypeAdapter(PersonName)

NO_PERSON: Final[Sentence] = (
    "姓名为 1 至 40 个字,不含 @、: 和不可见字符",
    "A name has 1 to 40 characters, without @ and : and what does not show",
)
NO_LOGIN: Final[Sentence] = (
    "登录名为 2 至 40 个小写字母、数字、点、横线或下划线",
    "A login is 2 to 40 small letters, digits, dots, dashes or underscores",
)


def person_in(written: str) -> str | None:
    """A person's name in its stored form; None if it is invalid (`NO_PERSON` says so)."""
    try:
        return _PERSON.validate_python(written.strip())
    except ValidationError:
        return None


def login_in(written: str) -> str | None:
    """A login in its stored form, in lower case; None if it is invalid (`NO_LOGIN` says so)."""
    login = written.strip().lower()
    return login if LOGIN.fullmatch(login) else None

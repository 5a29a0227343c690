"""Normalising the addresses that messages are sent to, including host names in Chinese."""

import re
import unicodedata
from typing import Annotated, Final
from urllib.parse import urlsplit

import idna
from pydantic import AfterValidator, StringConstraints

from domain.value import Way

_LOCAL_PART: Final = re.compile(r"[^\s\x00-\x20\x7f@<>()\[\],;:\\\"]{1,64}")
_HOST: Final = re.compile(r"\w(?:[\w.。．｡-]{0,251}\w)?")
_LONGEST_MAIL: Final = 254
_MOBILE: Final = re.compile(r"(?:\+86)?(1[3-9][0-9]{9})")
_OPEN_ID: Final = re.compile(r"[A-Za-z0-9_-]{6,64}")


def ascii_host(host: str) -> str:
    """A host name in ASCII: `例子.中国` becomes `xn--fsqu00a.xn--fiqs8s` (IDNA 2008).

    Raises:
        ValueError: It is not a host name.
    """
    try:
        return host.lower() if host.isascii() else idna.encode(host, uts46=True).decode()
    except idna.IDNAError as error:
        raise ValueError(f"{host!r} is not the name of a host") from error


def mail_address(written: str) -> str:
    """A mail address with its host in ASCII. The part before the @ is unchanged and may be Chinese (RFC 6531).

    Raises:
        ValueError: It is not a single address.
    """
    local, _, host = written.rpartition("@")
    if not _LOCAL_PART.fullmatch(local) or not _HOST.fullmatch(host):
        raise ValueError("write a mail address like name@example.cn")
    return f"{local}@{ascii_host(host)}"


def personal_address(way: Way, written: str) -> str:
    """A person's address in the form that messages are sent to: a mail address, a mobile number without spaces, or a WeChat id.

    Raises:
        ValueError: It is not an address of that kind.
    """
    plain = unicodedata.normalize("NFKC", written).strip()
    if way is Way.MAIL:
        if len(plain) > _LONGEST_MAIL:
            raise ValueError("that is too long for a mail address")
        return mail_address(plain)
    if way is Way.SMS:
        if (mobile := _MOBILE.fullmatch(re.sub(r"[ -]", "", plain))) is None:
            raise ValueError("write a mobile number of eleven digits")
        return mobile[1]
    if _OPEN_ID.fullmatch(plain) is None:
        raise ValueError("write the identity in letters, digits, - and _")
    return plain


def _web_address(written: str) -> str:
    parts = urlsplit(written)
    if "@" in parts.netloc or not _HOST.fullmatch(parts.hostname or ""):
        raise ValueError("write a web address like https://example.cn/path, without a user's name in it")
    port = "" if parts.port is None else f":{parts.port}"
    return parts._replace(netloc=ascii_host(parts.hostname or "") + port).geturl()


MailAddress = Annotated[str, StringConstraints(max_length=_LONGEST_MAIL), AfterValidator(mail_address)]
WebAddress = Annotated[
    str,
    StringConstraints(max_length=2000, pattern=r"^https?://[^\s\x00-\x1f\x7f]+$"),
    AfterValidator(_web_address),
]

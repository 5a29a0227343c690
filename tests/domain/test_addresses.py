"""An address is one address, and the name of its host is in ASCII."""

import pytest
from pydantic import ValidationError

from domain.rules import Channels


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("clerk@anning.example", "clerk@anning.example"),
        ("Clerk.Li+a@Anning.EXAMPLE", "Clerk.Li+a@anning.example"),
        ("clerk@例子.中国", "clerk@xn--fsqu00a.xn--fiqs8s"),
        ("clerk@例子。中国", "clerk@xn--fsqu00a.xn--fiqs8s"),
        ("李敏@例子.中国", "李敏@xn--fsqu00a.xn--fiqs8s"),
    ],
)
def test_a_mail_address_keeps_its_name_and_has_its_host_in_ascii(written: str, kept: str) -> None:
    assert Channels(email=(written,)).email == (kept,)


@pytest.mark.parametrize(
    "written",
    [
        "",
        "anning",
        "@anning.example",
        "clerk@",
        "a,b@c",
        "a@b@c",
        "a@b\r\nBcc: c@d",
        "李 敏@b",
        "<a@b>",
        "a@b>",
        "a@b:25",
        "clerk@例子..中国",
        f"{'a' * 65}@b",
        f"a@{'b' * 254}",
    ],
)
def test_what_is_not_one_mail_address_is_refused(written: str) -> None:
    with pytest.raises(ValidationError):
        Channels(email=(written,))


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("https://oa.example.gov.cn/hooks?a=b", "https://oa.example.gov.cn/hooks?a=b"),
        ("http://OA.example:8080/A", "http://oa.example:8080/A"),
        ("https://例子.中国/收件", "https://xn--fsqu00a.xn--fiqs8s/收件"),
    ],
)
def test_a_web_address_has_its_host_in_ascii(written: str, kept: str) -> None:
    assert Channels(webhook=(written,)).webhook == (kept,)


@pytest.mark.parametrize(
    "written",
    [
        "ftp://a",
        "https://",
        "https:///a",
        "https://a b",
        "https://a/\r\nX: y",
        "https://user:password@a/",
        "https://a:99999/",
        "https://例子..中国/",
        f"https://a/{'b' * 2000}",
    ],
)
def test_what_is_not_a_web_address_is_refused(written: str) -> None:
    with pytest.raises(ValidationError):
        Channels(webhook=(written,))


def test_an_office_has_so_many_addresses_and_no_more() -> None:
    with pytest.raises(ValidationError):
        Channels(email=tuple(f"a{number}@b" for number in range(21)))

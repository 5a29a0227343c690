"""Recognising personal data in columns that the 台账 does not have. No journal may hold it, because entries are never deleted."""

import re
import unicodedata

from domain.sheet.columns import simplified

_OF_PEOPLE = re.compile(
    "电话|手机|联系|联络|通[讯信]|微信|邮箱|电邮|邮件|传真|住址|住所|家庭|身份|证件|护照|户籍|[账帐][号户]|开户|户名|卡号|密码|QQ"
    "|(?<![a-z])(tel|fax|iban)(?![a-z])|phone|mobile|mail|wechat|contact|account|passport|password",
    re.IGNORECASE,
)

_NUMBERS = re.compile(
    r"""
    (?<!\d) (?:
        (?:\+?86[- ]?)? 1[3-9]\d (?:[- ]?\d{4}){2}                                  # a mobile
        | 0\d{2,3} [- ]? \d{7,8}                                                    # a telephone with its area
        | [1-9]\d{5} (?:18|19|20)\d\d (?:0[1-9]|1[0-2]) (?:0[1-9]|[12]\d|3[01]) \d{3} [\dX]   # an identity card
        | \d{12,30} | \d{4}(?:[- ]\d{4}){2,6} (?:[- ]?\d{1,4})?                     # a bank account
    ) (?! \d | \.\d )
    """,
    re.VERBOSE | re.IGNORECASE,
)


def is_of_people(header: str) -> bool:
    """Whether a column with that header contains contacts, identities, or bank accounts of people."""
    return _OF_PEOPLE.search(simplified(header)) is not None


def has_number_of_people(text: str) -> bool:
    """Whether a text contains what looks like the number of a telephone, an identity card or a bank account."""
    return _NUMBERS.search(unicodedata.normalize("NFKC", text)) is not None

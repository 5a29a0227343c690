"""文书: the fields of every numbered document, and the letters that a case writes at its steps."""

from datetime import datetime

from domain.value import LetterKind, PartySide, Value


class Issued(Value):
    """A numbered document. It is delivered to the channels of the offices in `recipients`.

    Attributes:
        number: Its 文号, unique for ever.
        office: The office that issues it, and its name.
        addressee: The names of parties, or an office's name with the role.
        sides: The parties that may read it.
        basis: The article that it cites.
        deliver_at: When it is sent: the next office hour.
        sha256: The hash of the stored .docx file, as 64 hexadecimal digits; filled in when the document is recorded.
    """

    number: str
    office: str
    office_name: str
    addressee: str
    sides: tuple[PartySide, ...] = ()
    recipients: tuple[str, ...]
    basis: str
    deliver_at: datetime
    sha256: str | None = None


class Letter(Issued):
    """The letter of a step. It is part of the event that caused it, and takes its content from that event.

    Attributes:
        papers: The papers that it asks for, or names as missing, in Chinese.
    """

    letter: LetterKind
    papers: tuple[str, ...] = ()

"""文书: what every numbered document says of itself, and the letters that a case writes at its steps."""

from datetime import datetime

from domain.value import LetterKind, PartySide, Value


class Issued(Value):
    """A numbered document. It is delivered to the channels of the offices `recipients`.

    Attributes:
        number: Its 文号, unique for ever.
        office: Who issues it, and its name.
        addressee: Whom it is for: the names of parties, or an office's with the role.
        sides: The parties that may read it.
        basis: The article it rests on.
        deliver_at: The next office hour, when it goes out.
        sha256: Of the stored .docx file, as 64 hexadecimal digits; filled in when it is recorded.
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
    """A letter of a step. It is part of the event that gave rise to it, and says what that event says.

    Attributes:
        papers: The papers that it asks for, or names as missing, in Chinese.
    """

    letter: LetterKind
    papers: tuple[str, ...] = ()

"""Templates are checked before work begins: from each a sample is made, and read back as whoever receives a document reads it."""

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path

from activities.documents import samples
from activities.documents.issuing import render, render_letter
from activities.documents.template import FOLDER
from activities.documents.wording import written
from domain.value import LetterKind, NoticeKind


class BrokenTemplates(Exception):  # noqa: N818 - it is told to a person
    """Templates that are missing, or that no document can be made from; each with what is wrong."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("; ".join(faults))
        self.faults = faults


def check(folder: Path = FOLDER) -> None:
    """Make a sample from every template.

    Raises:
        BrokenTemplates: From some of them nothing can be made, or not what must be in it.
    """
    kinds = (*NoticeKind, *LetterKind)
    faults = [f"policies/notices/{kind}.docx: {fault}" for kind in kinds if (fault := _fault(kind, folder))]
    if faults:
        raise BrokenTemplates(faults)


def _fault(kind: NoticeKind | LetterKind, folder: Path) -> str | None:
    from docx import Document as Docx
    from docx.opc.exceptions import PackageNotFoundError
    from jinja2 import TemplateError

    try:
        texts = ["".join(Docx(io.BytesIO(made)).element.itertext()) for made in _made(kind, folder)]
    except FileNotFoundError:
        return "there is no such file"
    except (zipfile.BadZipFile, PackageNotFoundError, KeyError, ValueError, SyntaxError) as error:
        return f"not a .docx file: {error}"
    except TemplateError as error:
        return f"not a template: {error}"
    must_be_in = {
        "number": samples.NUMBER,
        "office": samples.OFFICE,
        "addressee": samples.ADDRESSEE,
        **({"reply_by": written(samples.DAY)} if isinstance(kind, NoticeKind) else {}),
    }
    missing = [
        f"{{{{ {name} }}}}" for name, value in must_be_in.items() if any(value not in text for text in texts)
    ]
    return f"it does not say {', '.join(missing)}" if missing else None


def _made(kind: NoticeKind | LetterKind, folder: Path) -> Iterator[bytes]:
    """A notice as it presses for a duty and for the case as a whole; a letter of each fact that may write one."""
    if isinstance(kind, NoticeKind):
        for fact in samples.notices(kind):
            yield render(fact, samples.CASE, samples.DAY, {}, folder)
    else:
        for step in samples.steps(kind):
            yield render_letter(samples.letter(kind), step, {}, folder)

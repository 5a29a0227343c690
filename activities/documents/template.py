"""Templates of documents: .docx files in `policies/notices/`, each an office's own, edited in a word processor.

A template holds all of the prose. Between `{{` and `}}` it may name what is listed in `activities.documents.filling`; a line
`{%p if … %}` and `{%p endif %}` puts paragraphs in or leaves them out, `{%tr for … %}` repeats the row of a table.
"""

import io
import zipfile
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

FOLDER: Final = Path(str(files("policies"))) / "notices"

_BODY: Final = "word/document.xml"
_XML: Final = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'


class Template:
    """A template ready to be filled: its body compiled, all other parts as they are."""

    def __init__(self, content: bytes) -> None:
        from docxtpl import DocxTemplate
        from jinja2 import Environment, StrictUndefined

        source = DocxTemplate(io.BytesIO(content))
        source.init_docx()
        environment = Environment(autoescape=True, undefined=StrictUndefined)
        body = source.xml_to_string(source.docx.element)
        self._body = environment.from_string(_XML + source.patch_xml(body))
        others = io.BytesIO()
        with zipfile.ZipFile(io.BytesIO(content)) as parts, zipfile.ZipFile(others, "w") as kept:
            for name in parts.namelist():
                if name != _BODY:
                    kept.writestr(_member(name), parts.read(name))
        self._others = others.getvalue()

    def fill(self, context: Mapping[str, Any]) -> bytes:
        """The document: a function of the context alone, for no time of day gets into its bytes."""
        whole = io.BytesIO()
        whole.write(self._others)
        with zipfile.ZipFile(whole, "a") as parts:
            parts.writestr(_member(_BODY), self._body.render(context))
        return whole.getvalue()


def _member(name: str) -> zipfile.ZipInfo:
    member = zipfile.ZipInfo(name)
    member.compress_type = zipfile.ZIP_DEFLATED
    return member


@cache
def template(source: Path) -> Template:
    """The template of a file, compiled once."""
    return Template(source.read_bytes())

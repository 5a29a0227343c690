"""Previews of documents: the text and tables of a .docx file as HTML, on a sheet of paper."""

import asyncio
import io
import re
from typing import Any, Final

from markupsafe import Markup

_STYLES: Final = "\n".join(
    ["p[style-name='centre'] => p.centre:fresh", "p[style-name='right'] => p.right:fresh"]
)
_CAPTION: Final = re.compile(r'<p class="centre">([^<]*)</p><table><thead>')
_LAID_OUT: Final = '<table role="presentation">'
"""A table without heading cells is used for layout: it is read from left to right, line by line."""

_ALIGNED: Final = {"center": "centre", "right": "right"}


async def preview(docx: bytes) -> Markup:
    """A document as HTML without active content: markup in its text is escaped."""
    return await asyncio.to_thread(_preview, docx)


def _preview(docx: bytes) -> Markup:
    from mammoth import convert_to_html, transforms

    def aligned(paragraph: Any) -> Any:
        style = _ALIGNED.get(paragraph.alignment)
        return paragraph.copy(style_name=style) if style else paragraph

    found = convert_to_html(
        io.BytesIO(docx), style_map=_STYLES, transform_document=transforms.paragraph(aligned)
    )
    html = _CAPTION.sub(
        r"<table><caption>\1</caption><thead>", found.value.replace("<th>", '<th scope="col">')
    )
    return Markup(html.replace("<table><tr>", f"{_LAID_OUT}<tr>"))

"""QR codes, drawn inline, so that the page loads nothing from elsewhere."""

from markupsafe import Markup


def qr_of(text: str) -> Markup:
    """The QR code of a text as SVG, hidden from screen readers: the page has the text beside it."""
    import segno

    drawn = segno.make_qr(text).svg_inline(omitsize=True, svgclass="qr", lineclass=None)
    return Markup(drawn.replace("<svg ", '<svg aria-hidden="true" ', 1))

"""QR codes, drawn into the page: no style or picture is loaded from anywhere."""

from markupsafe import Markup


def qr_of(text: str) -> Markup:
    """The QR code of a text, as an SVG that a page says in words beside it."""
    import segno

    drawn = segno.make_qr(text).svg_inline(omitsize=True, svgclass="qr", lineclass=None)
    return Markup(drawn.replace("<svg ", '<svg aria-hidden="true" ', 1))

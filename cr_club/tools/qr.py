"""QR codes as pictures that need no graphics library (EVT-04)."""

import base64

from reportlab.graphics.barcode.qrencoder import QR8bitByte, QRCode, QRErrorCorrectLevel

_QUIET = 4
_MOST_BYTES = 200


def make_svg(text):
    """Return a text as a QR code, as an SVG of any size.

    :param str text: up to some 200 bytes
    :rtype: str
    :raises ValueError: the text is too long for a code that a telephone reads well
    """
    if len(text.encode()) > _MOST_BYTES:
        raise ValueError("the text is too long for a QR code")
    code = QRCode(None, QRErrorCorrectLevel.M)
    code.addData(QR8bitByte(text))
    code.make()
    count = code.getModuleCount()
    side = count + 2 * _QUIET
    dark = "".join(
        f"M{column + _QUIET} {row + _QUIET}h1v1h-1z"
        for row in range(count)
        for column in range(count)
        if code.isDark(row, column)
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}"'
        f' shape-rendering="crispEdges"><path fill="#fff" d="M0 0h{side}v{side}H0z"/>'
        f'<path d="{dark}"/></svg>'
    )


def make_image(text):
    """Return a text as a QR code, as the address of a picture that is its own data.

    :rtype: str
    """
    data = base64.b64encode(make_svg(text).encode()).decode()
    return f"data:image/svg+xml;base64,{data}"

"""Whether a mail was sent by a machine that answers, and not by a person.

Nothing here knows Odoo. A machine that passes on what a person wrote, such as the form
of a website, calls itself "auto-generated" and is no machine that answers.
"""

_ANSWERS = ("X-Autoreply", "X-Autorespond")


def is_answer_of_machine(headers):
    """Return whether a mail is an absence note, a bounce or the like (RFC 3834).

    :param headers: of the mail, with `get(name)` that does not mind the case
    """
    submitted = (headers.get("Auto-Submitted") or "").strip().lower()
    precedence = (headers.get("Precedence") or "").strip().lower()
    return (
        submitted.startswith("auto-replied")
        or precedence == "auto_reply"
        or (headers.get("Return-Path") or "").strip() == "<>"
        or any(headers.get(name) for name in _ANSWERS)
    )

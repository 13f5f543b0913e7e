"""Tokens of links that open one thing of one customer, without a login."""

import secrets

# Short, because an SMS is 70 characters; long enough that nobody guesses one.
_BYTES = 12


def make_token():
    """Return a new random token that is safe in an address.

    :rtype: str
    """
    return secrets.token_urlsafe(_BYTES)


def clean_token(text):
    """Return the token of an address as the database can hold it.

    :param text: what stood in the address, may be empty
    :rtype: str
    """
    return (text or "").replace("\0", "")

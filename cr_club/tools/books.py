"""What a statement of a partner shop becomes in the books (CLB-25).

Nothing here knows a database.
"""


def bill_lines(earned, redeemed, due):
    """Return the lines of a bill or an invoice; together they are the money due.

    Each line is rounded by itself, which may miss the sum by a cent: the line of the
    points spent takes it up, so that the document equals the statement.

    :param float earned: what the shop pays for points collected there
    :param float redeemed: what the shop gets for points spent there
    :param float due: money of the statement; below zero: the shop gets it
    :return: [(`earned` or `redeemed`, money with the sign of the document)], and
        nothing where nobody owes anything
    :rtype: list[tuple[str, float]]
    """
    if not due:
        return []
    sign = 1 if due > 0 else -1
    lines = [("earned", sign * earned), ("redeemed", sign * round(due - earned, 6))]
    if not redeemed:
        lines = [("earned", sign * due)]
    elif not earned:
        lines = [("redeemed", sign * due)]
    return [line for line in lines if line[1]]

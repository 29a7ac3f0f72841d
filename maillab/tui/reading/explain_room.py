"""How many lines the pane that explains gets: always as many in a window, whatever each line needs."""

LEAST = 8  # lines, its border included


def explain_room(total: int, *, told: bool) -> int:
    """Its lines, of `total` for all panes; `told`: a story is told in it, and it gets half.

    >>> explain_room(34, told=False), explain_room(18, told=False), explain_room(34, told=True)
    (11, 8, 17)
    """
    return max(LEAST, total // 2 if told else total // 3)

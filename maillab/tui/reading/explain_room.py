"""How many lines the pane that explains gets: what its text needs, up to half, and no jumping from line to line."""

LEAST = 8  # lines, its border included
SLACK = 5  # lines that may be empty before it becomes smaller


def explain_room(needs: int, now: int, total: int, *, told: bool) -> int:
    """Its lines, of `total` for all panes; `told`: a story is told in it, and it keeps its place.

    >>> explain_room(12, 8, 34, told=False), explain_room(9, 12, 34, told=False), explain_room(3, 15, 34, told=False)
    (12, 12, 8)
    >>> explain_room(99, 8, 34, told=False), explain_room(5, 8, 34, told=True)
    (17, 17)
    """
    half = max(LEAST, total // 2)
    wanted = half if told else max(LEAST, min(needs, half))
    return now if wanted <= now <= min(half, wanted + SLACK - 1) else wanted

"""Who speaks, by the signs of the wire, where a line comes with those of a shell (RFC 5321 appendix D)."""

SIDES = {"C:": "▶", "S:": "◀", "==": "═", "**": "·"}


def as_in_the_wire(text: str) -> str:
    """A line, or its mark alone, with the sign that it has in the wire; one without a mark stays as it is.

    >>> as_in_the_wire("C: QUIT"), as_in_the_wire("S:   SIZE"), as_in_the_wire("S:"), as_in_the_wire("connected")
    ('▶ QUIT', '◀   SIZE', '◀', 'connected')
    """
    mark, blank, rest = text.partition(" ")
    return f"{SIDES.get(mark, mark)}{blank}{rest}"

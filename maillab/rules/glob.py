"""Names with `*` in them, which stands for any characters; compared without regard to case, in linear time."""


def matches(pattern: str, name: str) -> bool:
    """Is the name one that the pattern means?

    >>> matches("bob*", "Bob@recipient.test"), matches("*@b.test", "a@b.tes"), matches("a*a", "a")
    (True, False, False)
    """
    name = name.casefold()
    first, *others = pattern.casefold().split("*")
    if not others:
        return name == first
    *middle, last = others
    if not name.startswith(first) or not name.endswith(last) or len(name) < len(first) + len(last):
        return False
    at, end = len(first), len(name) - len(last)
    for piece in middle:
        place = name.find(piece, at, end)
        if place < 0:
            return False
        at = place + len(piece)
    return True

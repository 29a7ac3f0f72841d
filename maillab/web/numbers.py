"""Numbers in what strangers ask for."""


def whole_number(text: str) -> int | None:
    """A number as it stands in an address or in a field; `None` for what is none, or larger than anybody means.

    >>> whole_number("007"), whole_number("-1"), whole_number("٣"), whole_number("9" * 12)
    (7, None, None, None)
    """
    return int(text) if text.isascii() and text.isdigit() and len(text) < 12 else None

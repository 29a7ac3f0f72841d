"""A complaint that points at the place it is about, as a compiler's does."""

from maillab.views.safe import cells, clip, safe

SHOWN = 60  # columns before the caret, and behind it


def pointed(complaint: str, expression: str, column: int) -> str:
    """The complaint, and below it the expression with a caret under a column, which counts from 1.

    >>> print(pointed("no effect is called dorp; is drop meant?", "at rcpt dorp", 9))
    no effect is called dorp; is drop meant?
      at rcpt dorp
              ^
    """
    before, after = safe(expression[: column - 1]), safe(expression[column - 1 :])
    if cells(before) > SHOWN:
        before = "…" + before[-SHOWN // 2 :]
    return f"{complaint}\n  {before}{clip(after, SHOWN)}\n  {' ' * cells(before)}^"

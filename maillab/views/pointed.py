"""A complaint that points at the place it is about, as a compiler's does."""

from maillab.views.safe import cells, clip, safe

SHOWN = 60  # columns before the caret, and behind it


def pointed(complaint: str, expression: str, column: int, shown: int = SHOWN) -> str:
    """The complaint, and below it the expression with a caret under a column, which counts from 1.

    At most `shown` columns of the expression stand before the caret, and as many behind it.

    >>> print(pointed("no effect is called dorp; did you mean drop?", "at rcpt dorp", 9))
    no effect is called dorp; did you mean drop?
      at rcpt dorp
              ^
    """
    before, after = safe(expression[: column - 1]), safe(expression[column - 1 :])
    if cells(before) > shown:
        before = "…" + before[-shown // 2 :]
    return f"{complaint}\n  {before}{clip(after, shown)}\n  {' ' * cells(before)}^"

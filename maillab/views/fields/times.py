"""Lengths of time in words, as they stand in an explanation."""

from maillab.views.language import Say

_UNITS = ((86_400, "{} d"), (3_600, "{} h"), (60, "{} min"), (1, "{} s"))


def span(seconds: int, say: Say) -> str:
    """In its two largest units.

    >>> span(3600, Say("en", {})), span(90, Say("en", {})), span(0, Say("en", {}))
    ('1 h', '1 min 30 s', '0 s')
    """
    parts = []
    for size, unit in _UNITS:
        count, seconds = divmod(seconds, size)
        if count:
            parts.append(say(unit, count))
    return " ".join(parts[:2]) or say("{} s", 0)


def kept(seconds: int, say: Say) -> str:
    """What a time to live says.

    >>> kept(3600, Say("en", {})), kept(0, Say("en", {}))
    ('keep 1 h', 'do not keep')
    """
    return say("keep {}", span(seconds, say)) if seconds else say("do not keep")


def later(seconds: float, say: Say) -> str:
    """How much later something is than what was before it.

    >>> later(0.25, Say("en", {})), later(93, Say("en", {})), later(-3, Say("en", {}))
    ('+0.25 s', '+1 min 33 s', '-3 s')
    """
    sign, size = "-" if seconds < 0 else "+", abs(seconds)
    return f"{sign}{size:.3g} s" if size < 60 else f"{sign}{span(round(size), say)}"

"""Keys as people write them, and as Textual names them."""

from functools import lru_cache

from maillab.views.safe import safe

_SHOWN = {
    "question_mark": "?", "colon": ":", "plus": "+", "minus": "-", "comma": ",", "full_stop": ".", "slash": "/",
    "left_square_bracket": "[", "right_square_bracket": "]", "left_curly_bracket": "{", "right_curly_bracket": "}",
    "less_than_sign": "<", "greater_than_sign": ">", "exclamation_mark": "!", "apostrophe": "'",
    "quotation_mark": '"', "escape": "Esc", "enter": "Enter", "space": "Space", "backspace": "Backspace",
    "delete": "Del", "pageup": "PgUp", "pagedown": "PgDn", "up": "↑", "down": "↓", "left": "←", "right": "→",
    "home": "Home", "end": "End",
}  # fmt: skip

_NAMED = {sign: name for name, sign in _SHOWN.items()}  # a person may write what the window shows


def named(keys: str) -> tuple[str, ...]:
    """Keys as a person writes them, with blanks between, by the names that Textual gives them.

    >>> named("ctrl+w W ? Enter")
    ('ctrl+w', 'W', 'question_mark', 'enter')
    """
    return tuple(_NAMED.get(key, key) for key in keys.split())


@lru_cache(512)  # bars ask for all their keys whenever the focus moves
def shown(key: str) -> str:
    """A key as people write it; a configuration may call one anything.

    >>> shown("ctrl+s"), shown("shift+f6"), shown("question_mark"), shown("G")
    ('^S', 'shift+F6', '?', 'G')
    """
    if key.startswith("ctrl+"):
        name = shown(key.removeprefix("ctrl+"))
        return "^" + (name.upper() if len(name) == 1 else name)
    if key.startswith("shift+"):
        return "shift+" + shown(key.removeprefix("shift+"))
    return _SHOWN.get(key) or safe(key.upper() if key[:1] == "f" and key[1:].isdigit() else key)


def key_of(sign: str) -> str:
    """The key that is shown so, by the name that Textual gives it; "" for a sign of several keys.

    >>> key_of("^S"), key_of("Esc"), key_of("F1"), key_of("Tab"), key_of("+"), key_of("↑↓")
    ('ctrl+s', 'escape', 'f1', 'tab', 'plus', '')
    """
    if sign.startswith("^") and sign != "^":
        return f"ctrl+{sign[1:].lower()}"
    if sign in _NAMED or len(sign) == 1:
        return _NAMED.get(sign, sign)
    return sign.lower() if sign.isalnum() else ""

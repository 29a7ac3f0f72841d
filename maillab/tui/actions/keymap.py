"""Which keys a person may give to which action: a key means one thing in a place, and clashes are named."""

from collections.abc import Iterable, Mapping

from maillab.spelling import nearest
from maillab.tui.actions.spelled import named, shown
from maillab.tui.actions.table import ACTIONS, BY_NAME
from maillab.views.gloss import Lang

UNBOUND = "no_key"  # the key of an action that is to have none
TOGETHER = (  # contexts whose keys are in force at one time: within each, a key means one thing
    ("app", "rows", "transcript", "reading"),
    ("app", "hops", "reading"),
    ("app", "rows", "machine", "reading"),
    ("app", "rows", "names", "reading"),
    ("app", "rows", "mail"),
    ("app", "rows", "sessions"),
    ("app", "compose"),
    ("app", "byhand"),
    ("app", "rows", "reading", "replay"),
)

HEARD_WITH_ALT = frozenset((  # all others arrive as Esc and the key, which are two keys: see `pasting`
    "up", "down", "left", "right", "home", "end", "pageup", "pagedown", "insert", "delete",
    *(f"f{number}" for number in range(1, 13)),
))  # fmt: skip


class KeysError(ValueError):
    """A key means two things in one place or cannot be heard, or an action is not known; the text names all of them."""


def keymap(own: Mapping[str, str]) -> dict[str, str]:
    """What a person's `[keys]` make of the table: action to keys, as Textual takes it.

    An empty text takes an action its keys. Raises `KeysError`.

    >>> keymap({"transcript.wrap": "W"})
    {'transcript.wrap': 'W'}
    >>> keymap({"transcript.wrap": "f"})
    Traceback (most recent call last):
    maillab.tui.actions.keymap.KeysError: f is both transcript.wrap and reading.filter
    """
    for name in own:
        if name not in BY_NAME:
            raise KeysError(_unknown(name))
        _refuse_unheard(name, named(own[name]))
    keys = {action.name: named(own[action.name]) if action.name in own else action.keys for action in ACTIONS}
    for contexts in TOGETHER:
        _refuse_clashes(((name, key) for name in keys if BY_NAME[name].context in contexts for key in keys[name]), own)
    return {name: ",".join(keys[name]) or UNBOUND for name in own}


def chosen(keymap: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    """The same as tuples, by action.

    >>> chosen({"app.send": "f5,ctrl+t", "app.help": UNBOUND})
    {'app.send': ('f5', 'ctrl+t'), 'app.help': ()}
    """
    return {name: tuple(keys.split(",")) if keys != UNBOUND else () for name, keys in keymap.items()}


def first_key(name: str, own: Mapping[str, tuple[str, ...]]) -> str:
    """The first key of an action, as people write it; "" where it has none.

    >>> first_key("app.send", {}), first_key("app.send", {"app.send": ("f5",)}), first_key("app.send", {"app.send": ()})
    ('^S', 'F5', '')
    """
    keys = own.get(name, BY_NAME[name].keys)
    return shown(keys[0]) if keys else ""


def named_key(name: str, own: Mapping[str, tuple[str, ...]], lang: Lang) -> str:
    """The same for a sentence: where an action has no key, what it is called, by which the palette finds it.

    >>> named_key("app.send", {}, "en"), named_key("app.send", {"app.send": ()}, "en")
    ('^S', '‹Send›')
    """
    return first_key(name, own) or f"‹{BY_NAME[name].label(lang)}›"


def _refuse_clashes(pairs: Iterable[tuple[str, str]], own: Mapping[str, str]) -> None:
    """A key may mean two things only where the table itself says so: the nearer place wins."""
    seen: dict[str, str] = {}
    for name, key in pairs:
        other = seen.setdefault(key, name)
        is_chosen, same_place = name in own or other in own, BY_NAME[other].context == BY_NAME[name].context
        if other != name and (is_chosen or same_place):
            raise KeysError(f"{key} is both {other} and {name}")


def _refuse_unheard(name: str, keys: Iterable[str]) -> None:
    for key in keys:
        *held, pressed = key.split("+")
        if "alt" in held and pressed not in HEARD_WITH_ALT:
            raise KeysError(f"{key} cannot be {name}: a terminal sends Esc and {pressed}, and Esc is a key of its own")


def _unknown(name: str) -> str:
    near = nearest(name, BY_NAME)
    return f"no action is called {name}" + (f"; did you mean {near}?" if near else "")

"""THE TABLE of keys, and of all that a person can do in the window: palette, key bar, help and manual are views of it.

Rules for this file: an action is named context.verb; the context is the kind of place in which its keys hold; its words
stand in the catalogues under act.NAME (a label) and tip.NAME (a sentence). What it does is in the class that has the
context: its method action_VERB, or the call that stands in the table.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from textual.binding import Binding, BindingType

from maillab.views.safe import safe

UNBOUND = "no_key"  # the key of an action that is to have none
LAST = 90  # places in the key bar beyond it are at the right edge, and never fall away


class KeysError(ValueError):
    """A key means two things in one place, or an action or a key is not known; the text names all of them."""


@dataclass(frozen=True, slots=True)
class Action:
    """`keys` as Textual names them, in their order; `bar` is its place in the key bar, 0 for none; `call` does it."""

    name: str
    keys: tuple[str, ...] = ()
    bar: int = 0
    call: str = ""

    @property
    def context(self) -> str:
        """The kind of place in which it holds."""
        return self.name.partition(".")[0]

    @property
    def method(self) -> str:
        """The method of its place that does it, without action_."""
        return self.call.partition("(")[0]


def _table(*rows: tuple[str, str] | tuple[str, str, int] | tuple[str, str, int, str]) -> tuple[Action, ...]:
    """Rows of name, keys, place in the key bar, call; without a call it is the verb of the name."""
    return tuple(
        Action(
            row[0],
            tuple(row[1].split()),
            row[2] if len(row) > 2 else 0,
            row[3] if len(row) > 3 else row[0].partition(".")[2],
        )
        for row in rows
    )


ACTIONS = _table(
    # ── everywhere ──
    ("app.help", "f1 question_mark", 1),
    ("app.palette", "ctrl+p colon", 99),
    ("app.jump", "ctrl+o", 8),
    ("app.send", "ctrl+s f5", 2),
    ("app.next_pane", "f6", 7, "step_pane(1)"),
    ("app.previous_pane", "shift+f6", 0, "step_pane(-1)"),
    ("app.record", "ctrl+r", 60),
    ("app.mark", "f8"),
    ("app.quit", "ctrl+q", 98),
    ("app.suspend_process", "ctrl+z"),
    ("app.step_back", "escape"),
    ("app.copy", "ctrl+c super+c"),
    ("app.lab", "1", 0, "go('lab')"),
    ("app.mail", "2", 0, "go('mail')"),
    ("app.wire", "3", 0, "go('wire')"),
    ("app.sessions", "4", 0, "go('sessions')"),
    ("app.zoom", "z", 50),
    ("app.grow", "plus", 0, "resize_split(1)"),
    ("app.shrink", "minus", 0, "resize_split(-1)"),
    ("app.clock", ""),
    ("app.story", "L"),
    ("app.settings", "f9"),
    ("app.rules", "f12"),
    ("app.add_person", ""),
    ("app.free_ports", "f7"),
    ("app.theme", ""),
    ("app.language", ""),
    # ── a session that plays ──
    ("replay.play", "space", 10),
    ("replay.line_back", "comma", 12, "move(-1)"),
    ("replay.line_on", "full_stop", 11, "move(1)"),
    ("replay.pair_back", "left_square_bracket", 0, "pair(-1)"),
    ("replay.pair_on", "right_square_bracket", 13, "pair(1)"),
    ("replay.slower", "less_than_sign", 0, "faster(-1)"),
    ("replay.faster", "greater_than_sign", 14, "faster(1)"),
    ("replay.begin", "ctrl+home"),
    ("replay.end", "ctrl+end"),
    ("replay.seek", "s", 15),
    ("replay.mark_on", "apostrophe", 16),
    ("replay.leave", "Q", 17),
    # ── every list ──
    ("rows.up", "up k", 0, "move(-1)"),
    ("rows.down", "down j", 0, "move(1)"),
    ("rows.page_up", "pageup ctrl+u", 0, "move_page(-1)"),
    ("rows.page_down", "pagedown ctrl+d", 0, "move_page(1)"),
    ("rows.first", "home g"),
    ("rows.last", "end G"),
    ("rows.left", "left", 0, "move_aside(-1)"),
    ("rows.right", "right", 0, "move_aside(1)"),
    ("rows.open", "enter"),
    # ── the transcript ──
    ("transcript.follow", "F", 22),
    ("transcript.wrap", "w", 30),
    ("transcript.time", "t"),
    ("transcript.pair_back", "left_square_bracket", 0, "pair(-1)"),
    ("transcript.pair_on", "right_square_bracket", 0, "pair(1)"),
    ("transcript.leg_back", "left_curly_bracket", 0, "leg(-1)"),
    ("transcript.leg_on", "right_curly_bracket", 0, "leg(1)"),
    # ── all that is said, in every pane that shows some of it ──
    ("reading.find", "slash", 20),
    ("reading.find_next", "n", 0, "find_again(1)"),
    ("reading.find_previous", "N", 0, "find_again(-1)"),
    ("reading.filter", "f", 21),
    ("reading.side", "d"),
    ("reading.hex", "x", 31),
    ("reading.mark", "m", 0, "app.mark"),
    ("reading.mark_on", "apostrophe", 0, "app.mark_on"),
    ("reading.copy_line", "y", 32, "copy_form('line')"),
    ("reading.copy_as", "Y"),
    ("reading.export", "e", 33),
    # ── the message's way ──
    ("hops.left", "left h", 0, "step(-1)"),
    ("hops.right", "right l", 0, "step(1)"),
    ("hops.older", "up k", 0, "step_message(-1)"),
    ("hops.newer", "down j", 0, "step_message(1)"),
    ("hops.all", "enter backspace"),
    # ── composing ──
    ("compose.leave", "escape", 9, "ask('leave')"),
    ("compose.tab_back", "shift+f4", 0, "step_tab(-1)"),
    ("compose.tab_on", "f4", 20, "step_tab(1)"),
    ("compose.attach", "f2", 21, "ask('attach')"),
    ("compose.detach", "shift+f2", 0, "ask('detach')"),
    ("compose.editor", "f3", 22, "ask('editor')"),
    ("compose.service", "f10", 0, "ask('service')"),
    ("compose.clear", "ctrl+n", 0, "ask('clear')"),
    ("byhand.service", "f10", 20, "ask('byhand_service')"),
    ("byhand.hang_up", "f3", 21, "ask('byhand_hang_up')"),
    # ── the machines ──
    ("sender.pause", "p", 10, "ask('pause')"),
    ("sender.retry", "r", 11, "ask('retry')"),
    ("sender.remove", "delete D", 13, "ask('remove')"),
    ("sender.bounce", "B", 12, "ask('bounce')"),
    ("sender.power", "o", 14, "ask('power')"),
    ("sender.rules", "b", 15, "ask('rules')"),
    ("recipient.power", "o", 10, "ask('power')"),
    ("recipient.add", "a", 11, "ask('add')"),
    ("recipient.rules", "b", 12, "ask('rules')"),
    ("recipient.greylist", "y", 13, "ask('greylist')"),
    ("recipient.tls", "s", 14, "ask('tls')"),
    # ── mail ──
    ("mail.fetch", "f", 20),
    ("mail.fetch_often", "F"),
    ("mail.reply", "r", 21, "answer('reply')"),
    ("mail.reply_all", "R", 0, "answer('reply_all')"),
    ("mail.forward", "w", 22, "answer('forward')"),
    ("mail.forward_attached", "W", 0, "answer('forward_attached')"),
    ("mail.unread", "u", 23),
    ("mail.delete", "d delete", 24),
    ("mail.restore", "D"),
    ("mail.search", "slash", 25),
    ("mail.save", "s", 26),
    ("mail.keep", "K"),
    ("mail.tab_back", "left_square_bracket", 0, "step_tab(-1)"),
    ("mail.tab_on", "right_square_bracket", 27, "step_tab(1)"),
    ("mail.in_wire", "x"),
    # ── saved sessions ──
    ("sessions.rename", "n", 20),
    ("sessions.delete", "d delete", 21),
    ("sessions.compare", "c", 22),
    ("sessions.export", "e", 23),
    ("sessions.reenact", "a", 24),
    ("sessions.refresh_list", "f"),
)

BY_NAME = {action.name: action for action in ACTIONS}
TOGETHER = (  # contexts whose keys are in force at one time: within each, a key means one thing
    ("app", "rows", "transcript", "reading"),
    ("app", "hops", "reading"),
    ("app", "rows", "sender", "reading"),
    ("app", "rows", "recipient", "reading"),
    ("app", "rows", "mail"),
    ("app", "rows", "sessions"),
    ("app", "compose"),
    ("app", "byhand"),
    ("app", "rows", "reading", "replay"),
)


def of(context: str) -> Iterator[Action]:
    """The actions of a context, in the order of the table."""
    return (action for action in ACTIONS if action.context == context)


def bindings(context: str) -> list[BindingType]:
    """Textual's own form of the keys of a context."""
    return [
        Binding(",".join(action.keys), action.call, id=action.name, show=False, priority=False)
        for action in of(context)
        if action.keys
    ]


def keymap(own: Mapping[str, str]) -> dict[str, str]:
    """What a person's `[keys]` make of the table: action to keys, as Textual takes it.

    An empty text takes an action its keys. Raises `KeysError`.

    >>> keymap({"transcript.wrap": "W"})
    {'transcript.wrap': 'W'}
    >>> keymap({"transcript.wrap": "f"})
    Traceback (most recent call last):
    maillab.tui.bindings.KeysError: f is both transcript.wrap and reading.filter
    """
    for name in own:
        if name not in BY_NAME:
            raise KeysError(_unknown(name))
    keys = {action.name: _split(own[action.name]) if action.name in own else action.keys for action in ACTIONS}
    for contexts in TOGETHER:
        _refuse_clashes(((name, key) for name in keys if BY_NAME[name].context in contexts for key in keys[name]), own)
    return {name: ",".join(keys[name]) or UNBOUND for name in own}


def _split(keys: str) -> tuple[str, ...]:
    """Keys as a person writes them, with blanks between: `ctrl+w W ?`."""
    return tuple(_NAMED.get(key, key) for key in keys.split())


def _refuse_clashes(pairs: Iterable[tuple[str, str]], own: Mapping[str, str]) -> None:
    """A key may mean two things only where the table itself says so: the nearer place wins."""
    seen: dict[str, str] = {}
    for name, key in pairs:
        other = seen.setdefault(key, name)
        is_chosen, same_place = name in own or other in own, BY_NAME[other].context == BY_NAME[name].context
        if other != name and (is_chosen or same_place):
            raise KeysError(f"{key} is both {other} and {name}")


def _unknown(name: str) -> str:
    from difflib import get_close_matches

    near = get_close_matches(name, BY_NAME, n=1, cutoff=0.4)
    return f"no action is called {name}" + (f"; did you mean {near[0]}?" if near else "")


_SHOWN = {
    "question_mark": "?", "colon": ":", "plus": "+", "minus": "-", "comma": ",", "full_stop": ".", "slash": "/",
    "left_square_bracket": "[", "right_square_bracket": "]", "left_curly_bracket": "{", "right_curly_bracket": "}",
    "less_than_sign": "<", "greater_than_sign": ">", "apostrophe": "'", "escape": "Esc", "enter": "↵", "space": "space",
    "delete": "Del", "backspace": "⌫", "pageup": "PgUp", "pagedown": "PgDn", "up": "↑", "down": "↓", "left": "←",
    "right": "→", "home": "Home", "end": "End",
}  # fmt: skip

_NAMED = {sign: name for name, sign in _SHOWN.items() if len(sign) == 1 and sign.isascii()}


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

"""The colours: a dark and a light theme of our own, and a pair that leaves the choice to the terminal.

One colour (primary) says where the focus is, one (accent) what can be pressed. Client lines are warm, server lines
cool, red is for refusals only, and nothing depends on colour: each verdict has a sign, too. Text has a contrast of
4.5:1 at least, marks and borders 3:1 (tests/tui/looks/test_theme.py).
"""

from collections.abc import Mapping

from rich.style import Style
from textual.color import Color
from textual.theme import BUILTIN_THEMES, Theme

from maillab.tui.looks.palettes import PALETTES, as_made, readable_theme

DEFAULTS = {  # what our style sheets need of a theme that is not ours
    "client": "ansi_yellow",
    "server": "ansi_cyan",
    "good": "ansi_green",
    "warn": "ansi_yellow",
    "bad": "ansi_red",
    "quiet": "ansi_bright_black",
    "edge": "ansi_bright_black",
    "edge-focus": "ansi_blue",
    "row": "ansi_blue",
    "row-blur": "ansi_bright_black",
    "bar": "ansi_black",
    "ok": "ansi_black",
    "ok-ground": "ansi_green",
    "later": "ansi_black",
    "later-ground": "ansi_yellow",
    "refused": "ansi_bright_white",
    "refused-ground": "ansi_red",
    "press": "ansi_black",
    "press-ground": "ansi_cyan",
}

# Styles of pieces: a colour of the theme for the text, one for the ground, and weights. They are no component classes,
# which each widget would work out for itself, a dozen times, before the first picture.
ThemeStyle = tuple[str, str, str]
LINES: dict[str, ThemeStyle] = {
    "plain": ("", "", ""),
    "dim": ("quiet", "", ""),
    "bold": ("", "", "bold"),
    "client": ("client", "", ""),
    "server": ("server", "", ""),
    "good": ("good", "", ""),
    "warn": ("warn", "", ""),
    "bad": ("bad", "", "bold"),
    "accent": ("accent", "", ""),
    "key": ("accent", "", ""),
    "heading": ("primary", "", "bold"),
    "mark": ("accent", "", "bold"),
    "found": ("", "", "reverse"),
    "typed": ("accent", "", "underline"),  # why something was found
    "badge-ok": ("ok", "ok-ground", "bold"),  # a result: 2xx, done
    "badge-later": ("later", "later-ground", "bold"),  # 4xx, it waits
    "badge-refused": ("refused", "refused-ground", "bold"),  # 5xx, it failed
    "badge-press": ("press", "press-ground", "bold"),  # the one thing to press here
}
CURSORS: dict[str, ThemeStyle] = {"focus": ("", "row", "bold"), "blur": ("", "row-blur", "bold")}
BARS: dict[str, ThemeStyle] = LINES | {
    "bad": ("bad", "", ""),
    "accent": ("accent", "", "bold"),
    "key": ("accent", "", "bold"),
    "heading": ("", "", "bold"),
    "mark": ("accent", "", ""),
    "on": ("background", "primary", "bold"),
    "tab": ("primary", "", "bold underline"),
    "full": ("", "", ""),  # a tab that holds something; others are dim
}

DARK = Theme(
    name="maillab-dark",
    dark=True,
    primary="#b9a5ff",
    secondary="#a3abc2",
    accent="#5fdfc6",
    success="#84dc8d",
    warning="#f1d068",
    error="#ff8f8f",
    foreground="#e3e5ef",
    background="#11121a",
    surface="#191b26",
    panel="#222535",
    variables={
        "client": "#ffbd7a",
        "server": "#7ecbff",
        "good": "#84dc8d",
        "warn": "#f1d068",
        "bad": "#ff8f8f",
        "quiet": "#9ea5b9",
        "edge": "#62687e",
        "edge-focus": "#b9a5ff",
        "row": "#312c52",
        "row-blur": "#232637",
        "bar": "#11121a",
        "ok": "#a4f0aa",
        "ok-ground": "#1d4a2b",
        "later": "#ffe08a",
        "later-ground": "#54450f",
        "refused": "#ffb9b9",
        "refused-ground": "#6b1d2b",
        "press": "#0d1f1c",
        "press-ground": "#5fdfc6",
    },
)

LIGHT = Theme(
    name="maillab-light",
    dark=False,
    primary="#5b3fc4",
    secondary="#575668",
    accent="#00685c",
    success="#1b6a2b",
    warning="#735200",
    error="#b3001b",
    foreground="#1f1d2b",
    background="#fcfbfd",
    surface="#f4f2f8",
    panel="#e9e6f0",
    variables={
        "client": "#8a4600",
        "server": "#00558c",
        "good": "#1b6a2b",
        "warn": "#735200",
        "bad": "#b3001b",
        "quiet": "#575668",
        "edge": "#858297",
        "edge-focus": "#5b3fc4",
        "row": "#ded7f7",
        "row-blur": "#e8e6ee",
        "bar": "#fcfbfd",
        "ok": "#0f4f1e",
        "ok-ground": "#c4ecca",
        "later": "#593f00",
        "later-ground": "#fbe6a4",
        "refused": "#8c0016",
        "refused-ground": "#ffd6d6",
        "press": "#ffffff",
        "press-ground": "#00685c",
    },
)


def _ansi(name: str, *, dark: bool) -> Theme:
    """Sixteen colours, as the terminal's owner has chosen them."""
    return Theme(
        name=name,
        ansi=True,
        dark=dark,
        primary="ansi_bright_magenta" if dark else "ansi_blue",
        secondary="ansi_cyan",
        accent="ansi_cyan" if dark else "ansi_blue",
        success="ansi_green",
        warning="ansi_yellow",
        error="ansi_red",
        foreground="ansi_default",
        background="ansi_default",
        surface="ansi_default",
        panel="ansi_default",
        boost="ansi_default",
        variables=BUILTIN_THEMES["ansi-dark" if dark else "ansi-light"].variables
        | DEFAULTS
        | {
            "input-cursor-background": "ansi_default",
            "input-cursor-foreground": "ansi_default",
            "input-cursor-text-style": "reverse",
            "client": "ansi_yellow" if dark else "ansi_magenta",
            "server": "ansi_cyan" if dark else "ansi_blue",
            "edge-focus": "ansi_bright_magenta" if dark else "ansi_blue",
            "warn": "ansi_yellow" if dark else "ansi_magenta",
            "quiet": "ansi_default",
            "row": "ansi_blue" if dark else "ansi_white",
            "row-blur": "ansi_default",
            "bar": "ansi_default",
        },
    )


ANSI_DARK, ANSI_LIGHT = _ansi("maillab-ansi-dark", dark=True), _ansi("maillab-ansi-light", dark=False)

THEMES = {"dark": DARK, "light": LIGHT, "ansi-dark": ANSI_DARK, "ansi-light": ANSI_LIGHT}
NAMES = (*THEMES, *PALETTES)


def named(name: str) -> Theme:
    """The theme of this name, which is one of `NAMES`; those that others made are worked out when they are wanted."""
    return THEMES[name] if name in THEMES else readable_theme(name)


def is_dark(name: str) -> bool:
    """Has it light letters on a dark ground? Nothing is worked out for that."""
    return (THEMES[name] if name in THEMES else as_made(name)).dark


def styles(looks: Mapping[str, ThemeStyle], colours: Mapping[str, str]) -> dict[str, Style]:
    """Each look in the colours of a theme, as Textual's `theme_variables` has them.

    >>> str(styles({"bad": ("bad", "", "bold")}, {"bad": "#ff8a80"})["bad"])
    'bold #ff8a80'
    >>> str(styles({"dim": ("quiet", "", "")}, {"quiet": "ansi_default"})["dim"])
    'dim'
    """
    return {name: _style(colours, *look) for name, look in looks.items()}


def bars(colours: Mapping[str, str]) -> dict[str, Style]:
    """The looks of the bars. Where no colour is dimmer than another one, a tab that holds something is bold instead."""
    is_dim = colours["quiet"] != "ansi_default"
    return styles(BARS if is_dim else BARS | {"full": ("", "", "bold")}, colours)


def cursors(colours: Mapping[str, str]) -> dict[str, Style]:
    """The ground of the line that is chosen; where the terminal's owner chose the colours it is reversed.

    In a list that is not lit it is underlined there: another ground is not to be had.

    >>> [str(style) for style in cursors({"row": "ansi_blue", "row-blur": "ansi_default"}).values()]
    ['bold reverse', 'bold underline']
    """
    return {"focus": _REVERSED, "blur": _UNDERLINED} if _is_reversed(colours) else styles(CURSORS, colours)


def on_cursor(looks: Mapping[str, Style], colours: Mapping[str, str]) -> dict[str, Style]:
    """The styles of pieces in that line: nobody knows which of sixteen colours can be read on another one.

    >>> str(on_cursor({"bad": Style.parse("bold red")}, {"row": "ansi_blue"})["bad"])
    'bold'
    >>> str(on_cursor({"found": Style(reverse=True)}, {"row": "ansi_blue"})["found"])
    'bold underline not reverse'
    """
    if not _is_reversed(colours):
        return dict(looks)
    return {
        name: _STANDS_OUT if look.reverse else _BRIGHT if look.dim else look.without_color
        for name, look in looks.items()
    }


def _is_reversed(colours: Mapping[str, str]) -> bool:
    return colours["row"].startswith("ansi_")


_STANDS_OUT = Style(bold=True, underline=True, reverse=False)  # in a line that is reversed
_BRIGHT = Style(dim=False)  # half bright letters are hard to read there
_REVERSED, _UNDERLINED = Style(bold=True, reverse=True), Style(bold=True, underline=True)


def _style(colours: Mapping[str, str], text: str, ground: str, weight: str) -> Style:
    front, back = (Color.parse(colours[name]).rich_color if name else None for name in (text, ground))
    if text == "background" and colours[text] == "ansi_default":  # as a colour of text it would be that of all text
        return Style(color=back, reverse=True) + Style.parse(weight)
    if text == "quiet" and colours[text] == "ansi_default":  # sixteen colours have none that is sure to be readable
        return Style(dim=True, bgcolor=back) + Style.parse(weight)
    return Style(color=front, bgcolor=back) + Style.parse(weight)


def choose(asked: str, term: str, *, colours: bool = True) -> str:
    """One of `NAMES`: the theme asked for, else the one that fits the terminal (TERM).

    Without colours it is one of the pair that paints no ground, so that what is chosen can be reversed.

    >>> choose("", "xterm-256color"), choose("light", "linux"), choose("", "linux")
    ('dark', 'light', 'ansi-dark')
    """
    if not colours:
        return "ansi-light" if asked.endswith("light") else "ansi-dark"
    if asked in NAMES:
        return asked
    return "ansi-dark" if term in ("linux", "vt100", "vt220", "ansi", "screen.linux") else "dark"

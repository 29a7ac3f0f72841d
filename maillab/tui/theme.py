"""The colours: a dark and a light theme of our own, and a pair that leaves the choice to the terminal.

Client lines are warm, server lines cool, red is for refusals only, and nothing depends on colour: each verdict has a
sign, too. Text has a contrast of 4.5:1 at least (tests/tui/test_theme.py).
"""

from collections.abc import Mapping

from rich.style import Style
from textual.color import Color
from textual.theme import BUILTIN_THEMES, Theme

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
}
CURSORS: dict[str, ThemeStyle] = {"focus": ("", "row", "bold"), "blur": ("", "row-blur", "")}
BARS: dict[str, ThemeStyle] = LINES | {
    "bad": ("bad", "", ""),
    "accent": ("accent", "", "bold"),
    "key": ("accent", "", "bold"),
    "heading": ("", "", "bold"),
    "mark": ("accent", "", ""),
    "on": ("background", "primary", "bold"),
}

DARK = Theme(
    name="maillab-dark",
    dark=True,
    primary="#7cb7ff",
    secondary="#9fb4cc",
    accent="#ffb454",
    success="#8ddb8c",
    warning="#f2cc60",
    error="#ff8a80",
    foreground="#dce3ea",
    background="#12161b",
    surface="#171c22",
    panel="#1e252d",
    variables={
        "client": "#ffc27a",
        "server": "#8fd0ff",
        "good": "#8ddb8c",
        "warn": "#f2cc60",
        "bad": "#ff8a80",
        "quiet": "#98a6b5",
        "edge": "#5f6f80",
        "edge-focus": "#ffb454",
        "row": "#2b3a4d",
        "row-blur": "#222b36",
        "bar": "#1e252d",
    },
)

LIGHT = Theme(
    name="maillab-light",
    dark=False,
    primary="#0b57a4",
    secondary="#4a5866",
    accent="#8f4a00",
    success="#1c6b2a",
    warning="#765300",
    error="#b3001b",
    foreground="#1d242b",
    background="#fbfaf7",
    surface="#f4f2ed",
    panel="#e9e6df",
    variables={
        "client": "#8a4600",
        "server": "#00558c",
        "good": "#1c6b2a",
        "warn": "#765300",
        "bad": "#b3001b",
        "quiet": "#56616d",
        "edge": "#7c8791",
        "edge-focus": "#8f4a00",
        "row": "#d8e3f0",
        "row-blur": "#e6e9ec",
        "bar": "#e9e6df",
    },
)


def _ansi(name: str, *, dark: bool) -> Theme:
    """Sixteen colours, as the terminal's owner has chosen them."""
    return Theme(
        name=name,
        ansi=True,
        dark=dark,
        primary="ansi_blue",
        secondary="ansi_cyan",
        accent="ansi_yellow" if dark else "ansi_magenta",
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
            "quiet": "ansi_default",
            "row": "ansi_blue" if dark else "ansi_bright_yellow",
            "row-blur": "ansi_default",
            "bar": "ansi_default",
        },
    )


ANSI_DARK, ANSI_LIGHT = _ansi("maillab-ansi-dark", dark=True), _ansi("maillab-ansi-light", dark=False)

THEMES = {"dark": DARK, "light": LIGHT, "ansi-dark": ANSI_DARK, "ansi-light": ANSI_LIGHT}


def styles(looks: Mapping[str, ThemeStyle], colours: Mapping[str, str]) -> dict[str, Style]:
    """Each look in the colours of a theme, as Textual's `theme_variables` has them.

    >>> str(styles({"bad": ("bad", "", "bold")}, {"bad": "#ff8a80"})["bad"])
    'bold #ff8a80'
    """
    return {name: _style(colours, *look) for name, look in looks.items()}


def _style(colours: Mapping[str, str], text: str, ground: str, weight: str) -> Style:
    front, back = (Color.parse(colours[name]).rich_color if name else None for name in (text, ground))
    return Style(color=front, bgcolor=back) + Style.parse(weight)


def choose(asked: str, term: str, *, colours: bool = True) -> str:
    """The name of a theme in `THEMES`: the one asked for, else the one that fits the terminal (TERM).

    Without colours it is one of the pair that paints no ground, so that what is chosen can be reversed.

    >>> choose("", "xterm-256color"), choose("light", "linux"), choose("", "linux")
    ('dark', 'light', 'ansi-dark')
    """
    if not colours:
        return "ansi-light" if asked.endswith("light") else "ansi-dark"
    if asked in THEMES:
        return asked
    return "ansi-dark" if term in ("linux", "vt100", "vt220", "ansi", "screen.linux") else "dark"

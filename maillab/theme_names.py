"""The colours of the window by name, for the configuration and the command line, which do not know the window.

maillab/tui/looks/theme.py has the themes themselves.
"""

from typing import Literal, get_args

ThemeName = Literal[
    "",  # what fits the terminal
    "dark", "light", "ansi-dark", "ansi-light", "nord", "gruvbox", "dracula", "tokyo-night", "monokai", "flexoki",
    "catppuccin-mocha", "catppuccin-macchiato", "catppuccin-frappe", "rose-pine", "rose-pine-moon",
    "solarized-dark", "atom-one-dark", "textual-dark", "galaxy", "nebula", "sunset", "aurora", "nautilus", "cobalt",
    "twilight", "hacker", "hypernova", "synthwave", "manuscript", "catppuccin-latte", "rose-pine-dawn",
    "solarized-light", "atom-one-light", "textual-light",
]  # fmt: skip

THEME_NAMES: tuple[str, ...] = get_args(ThemeName)[1:]

"""The real window in a browser: a terminal of the window's own, and xterm.js in front of it (package textual-serve).

One process, one lab: whoever has the token sees and types into the same window. Nothing of the lab is known here, only
octets of a terminal. Of textual-serve only files for the browser are used, none of its code runs here: its server lets
in whoever asks, starts a lab for each, and fetches a font from the Internet.
"""

"""The words of the window, with the keys of the table in them."""

from maillab.tui.actions.keymap import named_key
from maillab.tui.texts import Texts


def words(lang="en"):
    return Texts(lang, lambda action: named_key(action, {}, lang))

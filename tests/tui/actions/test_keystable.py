"""The table of keys in the manual."""

from maillab.tui.actions.keystable import keys_table
from maillab.tui.actions.table import ACTIONS
from maillab.tui.texts import Texts


def test_every_action_has_a_row():
    """Place by place, with its keys as people write them."""
    rows = list(keys_table(Texts("en")))
    assert "| `app.send` | `^S` `F5` | " in "\n".join(rows)
    assert len(rows) == 2 + len(ACTIONS) + len({action.context for action in ACTIONS})

"""What an action is."""

from maillab.tui.actions.action import Offer, row


def do(at):
    """Something."""


def test_a_row():
    """A function does it, or the method of its place; keys stand with blanks between them."""
    walk = row("rows.up", "up k", ("Up", "one line up"), ("Lên", "lên một dòng"), call="move(-1)")
    assert (walk.context, walk.keys, walk.pressed, walk.method) == ("rows", ("up", "k"), "move(-1)", "move")
    short = row("rows.open", "enter", ("Open", "open it"), ("Mở", "mở"))
    assert short.pressed == "open"
    done = row("app.send", "ctrl+s", ("Send", "send it"), ("Gửi", "gửi"), does=do, needs=int)
    assert (done.pressed, done.method, done.needs) == ("app.run('app.send')", "", (int,))
    assert (done.label("vi"), done.sentence("en")) == ("Gửi", "send it")


def test_an_offer():
    """What can be done here needs no way."""
    done = row("app.send", "ctrl+s", ("Send", "send it"), ("Gửi", "gửi"), does=do)
    assert Offer(done).is_here
    assert not Offer(done, (), "lab", "wire").is_here

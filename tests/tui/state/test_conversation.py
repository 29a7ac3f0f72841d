"""The conversation that is typed by hand."""

from maillab.protocols.pop3 import POP3
from maillab.protocols.smtp import SMTP
from maillab.tui.state.conversation import Conversation, HandBegun, HandNote


def test_whoever_follows_it_hears_everything_once():
    """Also one who comes later; of the conversation before nothing is told again."""
    talk = Conversation()
    talk.begin("with smtp", SMTP)
    talk.note("hello")
    assert list(talk.since(0)) == [HandBegun("with smtp", SMTP), HandNote("hello")]
    followed = talk.count
    talk.note("more")
    assert list(talk.since(followed)) == [HandNote("more")]
    followed = talk.count
    talk.begin("with pop3", POP3)
    assert list(talk.since(followed)) == list(talk.since(0)) == [HandBegun("with pop3", POP3)]

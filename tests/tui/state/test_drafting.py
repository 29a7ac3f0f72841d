"""The message that is being written."""

from msgspec.structs import replace

from maillab.config import default
from maillab.tui.machines.drafts import DraftForm
from maillab.tui.state.drafting import Drafting, first_message
from maillab.tui.texts import Texts

FORM = DraftForm("alice@sender.test", "bob@recipient.test", subject="Hello", text="x")


def test_who_has_changed_it():
    """What the form tells is no news for it; what somebody else puts there is."""
    drafting = Drafting()
    drafting.typed(FORM)
    assert (drafting.form, drafting.version) == (FORM, 0)
    drafting.put(FORM)
    assert drafting.version == 1


def test_a_stamp_lasts_as_long_as_its_message():
    """What is shown is what will be sent; another message has another id."""
    drafting = Drafting(FORM)
    stamp = drafting.stamped(1.0)
    later = drafting.stamped(2.0)
    assert (later.message_id, later.word) == (stamp.message_id, stamp.word)
    assert later.now == 2.0  # its date is that of its sending, not of a look at it
    assert stamp.message_id.endswith("@laptop.sender.test>")
    drafting.typed(DraftForm("not an address"))
    assert drafting.stamped(3.0).message_id.endswith("@laptop.localhost>")


def test_untouched():
    """A message that was offered, or sent, and in which nobody has written since."""
    drafting = Drafting()
    assert drafting.is_untouched
    drafting.typed(FORM)
    assert not drafting.is_untouched
    drafting.sent = FORM
    assert drafting.is_untouched


def test_the_first_message():
    """From the first person to the first one of another site; without one, within the site."""
    texts, config = Texts("en"), default()
    message = first_message(config, texts)
    assert (message.sender, message.to) == ("alice@sender.test", "bob@recipient.test")
    alone = first_message(replace(config, sites=config.sites[1:]), texts)
    assert (alone.sender, alone.to) == ("bob@recipient.test", "carol@recipient.test")
    assert first_message(None, texts) == DraftForm()

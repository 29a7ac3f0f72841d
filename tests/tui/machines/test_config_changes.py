"""What is different between two configurations."""

import msgspec
import pytest

from maillab.config import default
from maillab.events import Adjusted
from maillab.tui.machines import lab_actions
from maillab.tui.machines.config_changes import changes
from maillab.views.vietnamese import VIETNAMESE
from maillab.views.words import Phrases

LAB = default()


@pytest.mark.parametrize(
    ("after", "event", "said"),
    [
        (msgspec.structs.replace(LAB, plaintext_pop3=False), Adjusted("lab", "setting", "POP3 passwords without TLS: off"), "setting: POP3 passwords without TLS: off"),
        (msgspec.structs.replace(LAB, plaintext_imap=False), Adjusted("lab", "setting", "IMAP passwords without TLS: off"), "setting: IMAP passwords without TLS: off"),
        (msgspec.structs.replace(LAB, fetch="pop3"), Adjusted("lab", "setting", "mail is fetched by POP3"), "setting: mail is fetched by POP3"),
        (msgspec.structs.replace(LAB, catch_all=True), Adjusted("lab", "setting", "mail for every domain is caught: on"), "setting: mail for every domain is caught: on"),
        (lab_actions.with_site(LAB, "recipient.test", greylist=120), Adjusted("recipient.test", "setting", "greylisting: on"), "setting: greylisting: on"),
        (lab_actions.with_site(LAB, "sender.test", tls=False), Adjusted("sender.test", "setting", "TLS: off"), "setting: TLS: off"),
        (lab_actions.with_person(LAB, "eve@sender.test", "eve"), Adjusted("sender.test", "mailbox", "eve@sender.test"), "new mailbox eve@sender.test"),
        (lab_actions.with_server_auth(LAB, "sender.test", "recipient.test"), Adjusted("sender.test", "login", "recipient.test"), "logs in at recipient.test"),
    ],
)  # fmt: skip
def test_what_is_told(after, event, said):
    """The setting is named, with where it holds and how it is now; back again, it is told, too."""
    assert changes(LAB, after) == [event]
    assert changes(LAB, LAB) == []
    [back] = changes(after, LAB) or [None]
    assert back is None or back.where == event.where
    assert Phrases("en", str).of(event) == said


def test_in_vietnamese():
    """Everything that can be changed is said in Vietnamese, and nothing of it is a warning."""
    for after in (
        msgspec.structs.replace(
            LAB,
            strictness="strict",
            plaintext_pop3=False,
            plaintext_imap=False,
            catch_examples=False,
            catch_all=True,
            fetch="imaps",
        ),
        lab_actions.with_site(LAB, "recipient.test", greylist=9, tls=False),
    ):
        for event in (*changes(LAB, after), *changes(after, LAB)):
            assert event.value in VIETNAMESE
            assert Phrases("vi", str).of(event) != Phrases("en", str).of(event)

"""The test of signup.py: a real message through a real mail system, read as its recipient reads it."""

import threading
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import urlopen

import pytest
from signup import SignUp


@pytest.fixture
def program(maillab):
    """The program under test, whose mail goes to the lab: `maillab` is a fixture that comes with the package."""
    with SignUp(0, maillab.endpoint("sender.test", "smtp").port) as program:
        thread = threading.Thread(target=program.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield program
        program.shutdown()
        thread.join()


def sign_up(program: SignUp, address: str) -> str:
    """Fill in the form; the page that answers."""
    with urlopen(f"http://127.0.0.1:{program.server_port}/signup", urlencode({"email": address}).encode()) as page:
        return page.read().decode()


def test_message_confirms(maillab, program):
    """Bob signs up, follows the link in the message, and is a member."""
    assert "We have sent you a message" in sign_up(program, "bob@recipient.test")

    [message] = maillab.wait_for_messages("to:bob@recipient.test")

    assert message.subject == "Please confirm"
    assert program.members == set()
    [link] = message.links()
    with urlopen(link) as page:
        assert "Welcome, bob@recipient.test" in page.read().decode()
    assert program.members == {"bob@recipient.test"}


def test_stranger_outside(program):
    """An address outside the lab gets no message: no test ever writes to a real person."""
    with pytest.raises(HTTPError, match="400") as refused:
        sign_up(program, "someone@elsewhere.internal")
    refused.value.close()
    assert program.asked == {}


def test_header_injection(program):
    """A line break in the form cannot add a header to the message."""
    with pytest.raises(HTTPError, match="400") as refused:
        sign_up(program, "bob@recipient.test\r\nBcc: carol@recipient.test")
    refused.value.close()

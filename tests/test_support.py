"""The helpers that many tests share."""

import asyncio

import pytest

from maillab.events import Closed
from maillab.logbook import Logbook
from tests.support import missing, need, run, wait_for


def test_past_and_future():
    """An event is found whether it has happened already or is yet to come."""

    async def story():
        book = Logbook(clock=lambda: 0.0)
        book.append(Closed("relay-1", "quit"))
        past = await wait_for(book, lambda event: isinstance(event, Closed))
        asyncio.get_running_loop().call_soon(book.append, Closed("relay-2", "lost"))
        future = await wait_for(book, lambda event: event == Closed("relay-2", "lost"))
        return past.seq, future.seq

    assert run(story()) == (1, 2)


def test_never():
    """An event that does not come fails the test and shows what came instead."""

    async def story():
        book = Logbook(clock=lambda: 0.0)
        book.append(Closed("relay-1", "quit"))
        await wait_for(book, lambda event: False, timeout=0.01)

    with pytest.raises(AssertionError, match=r"nothing of the kind within 0\.01 s(?s:.*)relay-1"):
        run(story())


def test_endless():
    """A coroutine that does not end fails its test instead of holding up the others."""
    with pytest.raises(TimeoutError):
        run(asyncio.Event().wait(), seconds=0.01)


def test_missing_judge(monkeypatch):
    """A missing judge skips its test and names the command that installs it; it is an error where judges are required."""
    monkeypatch.setenv("PATH", "/nowhere")
    monkeypatch.setenv("NODE_PATH", "")
    monkeypatch.delenv("MAILLAB_JUDGES", raising=False)
    with pytest.raises(pytest.skip.Exception, match="apt-get install swaks"):
        need("swaks")
    monkeypatch.setenv("MAILLAB_JUDGES", "required")
    with pytest.raises(pytest.fail.Exception, match="npm install"):
        need("nodemailer")
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(pytest.fail.Exception, match="terminal-web"):
        need("textual-serve")
    with pytest.raises(pytest.fail.Exception, match="its master needs root"):
        missing("judge postfix cannot start: its master needs root")

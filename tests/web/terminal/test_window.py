"""A program on a terminal of its own, and those who look at it."""

import asyncio
import errno
import os
import sys

import pytest

from maillab.web.terminal.heard import Resized
from maillab.web.terminal.window import BEHIND, PIECE, TerminalWindow, command_of, environment
from tests.support import run

ECHO = """
import os, signal, sys, termios, tty
def tell(*_):
    columns, rows = os.get_terminal_size(0)
    os.write(1, b"\\x1b[?1049h<%d,%d>" % (columns, rows))
signal.signal(signal.SIGWINCH, tell)
tty.setraw(0)
tell()
while True:
    try:
        keys = os.read(0, 100)
    except InterruptedError:
        continue
    if keys == b"q":
        sys.exit()
    if keys == b"flood":
        for _ in range(64):
            os.write(1, b"x" * 65536)
    os.write(1, b"{%s %d}" % (keys, os.tcgetpgrp(0) == os.getpgrp()))
"""


def program():
    return TerminalWindow([sys.executable, "-c", ECHO])


async def until(viewer, words):
    """All that is shown up to these words."""
    shown = b""
    async with asyncio.timeout(20):
        while words not in shown:
            octets = await viewer.news.get()
            assert octets is not None, shown
            shown += octets
    return shown


def test_one_who_looks():
    """The program has the terminal, its size and its keys; it is told of another size, and its end is the end."""

    async def play():
        window = program()
        viewer = await window.join(Resized(100, 30))
        assert b"<100,30>" in await until(viewer, b">")
        window.type("é".encode())
        assert "{é 1}".encode() in await until(viewer, b"}")
        window.resize(Resized(80, 25))
        await until(viewer, b"<80,25>")
        window.type(b"q")
        async with asyncio.timeout(20):
            while await viewer.news.get() is not None:
                pass
        window.type(b"nobody is there")
        window.leave(viewer)
        await window.close()

    run(play())


def test_whoever_comes_later_sees_the_same():
    """T287: there is one program for all; it goes on without anybody, and draws anew for who comes."""

    async def play():
        window = program()
        first, second = await asyncio.gather(window.join(Resized(100, 30)), window.join(Resized(100, 30)))
        await until(first, b"<100,30>")
        process = window._process
        window.leave(first)
        window.leave(second)
        assert window.viewers == 0
        third = await window.join(Resized(100, 30))
        window.resize(Resized(100, 30))  # as a browser says at once
        assert window._process is process
        shown = await until(third, b"<100,30>")
        assert shown.startswith(b"\x1b[?1049h")
        assert b"<100,29>" in shown
        window.type(b"q")
        await process.wait()
        while await third.news.get() is not None:
            pass
        window.leave(third)
        again = await window.join(Resized(100, 30))
        assert window._process is not process
        await until(again, b"<100,30>")
        await window.close()

    run(play())


def test_nobody_joins_a_window_that_closes():
    """Neither one that comes afterwards, nor one for whom a program is just being started: it is not left behind."""

    async def play():
        window = program()
        viewer = await window.join(Resized(100, 30))
        process = window._process
        await window.close()
        assert process.returncode is not None
        assert viewer.news._queue[-1] is None
        with pytest.raises(OSError, match=os.strerror(errno.ESHUTDOWN)):
            await window.join(Resized(100, 30))

        window = program()
        joining = asyncio.gather(*(window.join(Resized(100, 30)) for _ in range(2)), return_exceptions=True)
        await asyncio.sleep(0)  # the first of them starts the program, the second waits
        await window.close()
        first, second = await joining
        assert first.news._queue[-1] is None
        assert isinstance(second, OSError)
        assert (window.viewers, window._process) == (0, None)
        assert window._ended.returncode is not None

    run(play())


def test_a_viewer_who_does_not_keep_up():
    """The program waits for it, as for a slow terminal; memory is bounded, and nothing is lost."""

    async def play():
        window = program()
        viewer = await window.join(Resized(100, 30))
        await until(viewer, b"<100,30>")
        window.type(b"flood")
        taken = 0
        async with asyncio.timeout(20):
            while viewer.behind < BEHIND:
                taken += (await viewer.news.get()).count(b"x")
            assert not window._reads
            assert viewer.behind < BEHIND + PIECE
            waiting = sum(len(octets or b"") for octets in viewer.news._queue)
            window.took(viewer, b"x" * (viewer.behind - waiting))
            while taken < 64 * 65_536:
                octets = await viewer.news.get()
                taken += octets.count(b"x")
                window.took(viewer, octets)
        window.leave(viewer)
        await window.close()

    run(play())


def test_a_long_paste():
    """All of it arrives, however slowly it is taken."""

    async def play():
        window = program()
        viewer = await window.join(Resized(100, 30))
        await until(viewer, b"<100,30>")
        window.type(b"y" * 60_000)
        got = 0
        async with asyncio.timeout(20):
            while got < 60_000:
                octets = await viewer.news.get()
                got += octets.count(b"y")
                window.took(viewer, octets)
        await window.close()

    run(play())


def test_no_shell():
    """T294: the window is a list of words, and so are its arguments."""
    assert command_of(["--lab", "a b; touch x", "$(id)"])[1:] == ["-m", "maillab", "--lab", "a b; touch x", "$(id)"]


def test_what_it_knows_of_its_terminal(monkeypatch):
    """It is that of the browser, whatever this one is; nothing tells Textual to draw elsewhere."""
    monkeypatch.setenv("TERM", "dumb")
    monkeypatch.setenv("TEXTUAL_DRIVER", "x:y")
    monkeypatch.setenv("MAILLAB_HTTP_TOKEN", "correct-horse-battery")
    assert environment()["TERM"] == "xterm-256color"
    assert not {"TEXTUAL_DRIVER", "MAILLAB_HTTP_TOKEN"} & environment().keys()

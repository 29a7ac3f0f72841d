"""Moments named while a lab serves."""

import asyncio
import os

import pytest

from maillab.cli.marks import Moments
from tests.support import run


def named(*writes):
    """The names that come of what is written into a pipe, which is then closed."""
    names, ours, theirs = [], *os.pipe()

    async def typing():
        done = asyncio.Event()

        class Watched(Moments):
            def _read(self):
                super()._read()
                done.set()

        Watched(ours, asyncio.get_running_loop(), names.append).watch()
        for octets in (*writes, b""):
            done.clear()
            os.write(theirs, octets) if octets else os.close(theirs)
            await asyncio.wait_for(done.wait(), 5)

    try:
        run(typing())
    finally:
        os.close(ours)
    return names


def test_each_line_is_a_name():
    """Lines become names however they come; blank ones and one without an end are none."""
    assert named(b"the server ", b"is gone\n\n  back again  \nnot en") == ["the server is gone", "back again"]


def test_whatever_is_typed():
    """Octets that are no text are shown as such, and a name has an end."""
    assert named(b"\xff\n" + b"x" * 300 + b"\n") == ["\ufffd", "x" * 200]


def test_nothing_can_be_typed(tmp_path):
    """A plain file and /dev/null are not read."""

    async def watch(handle):
        Moments(handle, asyncio.get_running_loop(), pytest.fail).watch()
        await asyncio.sleep(0)

    (tmp_path / "x").write_bytes(b"name\n")
    for path in (tmp_path / "x", "/dev/null"):
        with open(path, "rb") as file:
            run(watch(file.fileno()))


def test_a_job_in_the_background(monkeypatch):
    """What is typed while another job is in front is not read; later it looks again."""
    ours, theirs = os.openpty()
    names = []

    async def typing():
        loop = asyncio.get_running_loop()
        again = asyncio.Event()
        moments = Moments(theirs, loop, lambda name: (names.append(name), again.set()))
        monkeypatch.setattr("maillab.cli.marks.LATER", 0.0)
        looks = iter([os.getpgrp() + 1, os.getpgrp()])
        monkeypatch.setattr(os, "tcgetpgrp", lambda _: next(looks, os.getpgrp()))
        moments.watch()
        os.write(ours, b"in front\n")
        await asyncio.wait_for(again.wait(), 5)
        loop.remove_reader(theirs)

    try:
        run(typing())
    finally:
        os.close(ours)
        os.close(theirs)
    assert names == ["in front"]

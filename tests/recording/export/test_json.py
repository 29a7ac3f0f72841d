"""Entries as JSON."""

import json

from maillab.recording.session import Header, Session
from tests.recording.export.sample import exported, sample


def test_array():
    """The array holds an object for every entry, with its leg, also of the entries that do not say it."""
    objects = json.loads(exported("json", sample()))
    assert [one["seq"] for one in objects if "seq" in one] == [entry.seq for entry in sample().entries]
    assert objects[2]["leg"] == "submit"


def test_narration():
    """What a narrator says is an object at its place, in the language asked for, as `demo --json` has it."""
    objects = json.loads(exported("json", sample(), lang="vi"))
    assert objects[0] == {"kind": "told", "text": "Alice viết thư."}


def test_lines():
    """As lines, each is the same object."""
    lines = exported("json", sample(), lines=True).splitlines()
    assert [json.loads(line) for line in lines] == json.loads(exported("json", sample()))


def test_none():
    """No entries are an empty array."""
    assert json.loads(exported("json", Session(Header(), ()))) == []

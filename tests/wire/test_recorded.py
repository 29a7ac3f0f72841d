"""Content on its way into the logbook."""

import collections

import pytest

from maillab.wire import recorded as module
from maillab.wire.recorded import Recorded


@pytest.fixture(autouse=True)
def _small(monkeypatch):
    monkeypatch.setattr(module, "IN_MEMORY", 100)


def test_what_is_refused_is_not_kept_whole(tmp_path):
    """The kind: files that grow with what strangers send. Of content that is refused the record keeps the beginning."""
    content = Recorded(tmp_path)
    for _ in range(1000):
        content.hold(b"0123456789")
    content.refuse()
    for _ in range(1000):
        content.hold(b"more")
    content.drop(3)
    assert content.content().whole() == b"0123456789" * 10
    assert [path.stat().st_size for path in tmp_path.iterdir()] == [100]
    assert content.trouble == "it was refused"


def test_what_is_small_is_kept_though_it_was_refused(tmp_path):
    """Nothing is written for it, and a refusal that comes twice changes nothing."""
    content = Recorded(tmp_path)
    content.hold(b"hi\r\n")
    content.refuse()
    content.refuse()
    assert content.content().whole() == b"hi\r\n"
    assert list(tmp_path.iterdir()) == []


def test_the_record_leaves_the_last_of_the_disk_to_the_mail(tmp_path, monkeypatch):
    """On a disk that is nearly full the record stops, and says so."""
    usage = collections.namedtuple("usage", "total used free")
    monkeypatch.setattr(module.shutil, "disk_usage", lambda _: usage(0, 0, module.RECORD_FLOOR))
    content = Recorded(tmp_path)
    content.hold(b"x" * 1000)
    assert (content.content().whole(), content.trouble) == (b"", "the disk is nearly full")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("cut", range(1, 4))
def test_the_end_mark_is_taken_back(tmp_path, cut):
    """The end mark is no content, even where its first octets came long before its last."""
    content = Recorded(tmp_path)
    content.hold(b"y" * 1000 + b".\r\n"[:cut])
    content.hold(b".\r\n"[cut:])
    content.drop(3)
    assert content.content().whole() == b"y" * 1000

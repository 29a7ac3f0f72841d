"""Errors of deeper rooms are said in Vietnamese, where they come from as they are."""

import errno
import os
import re

import pytest

from maillab.cli.language import say, speaking
from maillab.cli.vietnamese import SENTENCES
from maillab.views.errors_vi import ERRORS
from tests.cli.calling import call
from tests.house import HOUSE

SOURCE = " ".join(
    "".join(path.read_text("utf-8").split('"\n')) for path in HOUSE.rglob("*.py") if "cli" not in path.parts
)


SYSTEM = {os.strerror(number) for number in errno.errorcode}


def said_by_re(pattern: str) -> str:
    """What Python says of a wrong pattern."""
    with pytest.raises(re.error) as caught:
        re.compile(pattern)
    return caught.value.msg


RE = " ".join(map(said_by_re, ("(", ")", "*", "a**", "a{2,1}", "[b-a]", r"\q")))


def test_tables_do_not_overlap() -> None:
    """A sentence stands in one table."""
    assert ERRORS.keys() & SENTENCES.keys() == set()


@pytest.mark.parametrize("text", ERRORS)
def test_values_stay_in_place(text: str) -> None:
    """Both languages name the same number of values, and the sentence is still said by some room."""
    assert text.count("{}") == ERRORS[text].count("{}")
    longest = max(text.split("{}"), key=len).strip(" :;")
    assert longest in SOURCE or longest.partition(": ")[2] in SOURCE or longest in SYSTEM or longest in RE


@pytest.mark.parametrize(
    ("argv", "said"),
    [
        (["serve", "--filter", "kode:x"], "không có điều kiện “kode”; ý bạn là code: phải không?"),
        (["serve", "--filter", "code:abc"], "ở đây cần một mã trả lời"),
        (["send", "--ephemeral", "--to", "bob"], "địa chỉ sai: địa chỉ được viết là tên@tên-miền"),
        (["send", "--from", "a@b.test", "--to", "b@c.test", "--server", "127.0.0.1:1"], "kết nối bị từ chối"),
        (["replay", "README.md", "--print"], "không phải là phiên của maillab"),
    ],
)
def test_errors_that_a_person_meets(
    argv: list[str], said: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What goes wrong in a filter, an address, a connection or a file is told in Vietnamese."""
    monkeypatch.chdir(HOUSE.parent)
    assert call(*argv, "--lang", "vi") != 0
    assert said in capsys.readouterr().err


def test_the_marker_under_a_filter_stays() -> None:
    """Lines that are no sentences, as that which points at the place, stay as they are."""
    with speaking("vi"):
        assert say("this ) closes nothing\n  a)\n   ^") == "dấu ) này không đóng dấu nào\n  a)\n   ^"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("line 7: the field leg cannot be x", "dòng 7: trường leg không thể là x"),
        ("line 1: the field lab is missing", "dòng 1: thiếu trường lab"),
        ("MX: a number is expected here; write it like: @ MX 10 mx", "MX: ở đây cần một số; hãy viết như: @ MX 10 mx"),
        ("A: “2.2.2.2” is too much; write it like: mx A 127.0.0.1", "A: thừa “2.2.2.2”; hãy viết như: mx A 127.0.0.1"),
        ("a.txt: no such file or directory", "a.txt: không có tệp hay thư mục này"),
        (
            "no action is called app.sned; did you mean app.send?",
            "không có thao tác nào tên app.sned; ý bạn là app.send phải không?",
        ),
    ],
)
def test_a_sentence_in_a_sentence(text: str, said: str) -> None:
    """Where a fault is named by its place, both are said, and nothing is taken for a value."""
    with speaking("vi"):
        assert say(text) == said

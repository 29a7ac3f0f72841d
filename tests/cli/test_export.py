"""`maillab export`."""

import json
import stat

import pytest

from maillab.cli.main import build
from maillab.recording.export import FORMATS
from maillab.recording.session import SCHEMA, save
from tests.cli.calling import call
from tests.papers import page
from tests.recording.export.capture import packets
from tests.recording.export.sample import golden, sample


@pytest.fixture
def saved(tmp_path):
    """The sample session as a file."""
    path = tmp_path / "friday.maillab"
    save(sample(), path)
    return path


@pytest.mark.parametrize("name", FORMATS)
def test_stdout(name, saved, capsysbinary):
    """Every format goes to stdout where no file is named, to the octet what the golden file is."""
    assert call("export", str(saved), "--format", name) == 0
    assert capsysbinary.readouterr().out == golden(name).read_bytes()


def test_output(saved, tmp_path, capsys):
    """A file is written for its owner alone; its name tells the format."""
    out = tmp_path / "friday.html"
    assert call("export", str(saved), "--output", str(out)) == 0
    assert out.read_bytes() == golden("html").read_bytes()
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    assert capsys.readouterr().out == ""


def test_never_over_a_file(saved, tmp_path, capsys):
    """A file that is there stays as it is, unless --force says otherwise; a link is not followed."""
    out = tmp_path / "friday.txt"
    out.write_text("precious")
    assert call("export", str(saved), "--output", str(out)) == 1
    assert out.read_text() == "precious"
    assert "--force" in capsys.readouterr().err
    assert call("export", str(saved), "--output", str(out), "--force") == 0
    assert out.read_bytes() == golden("text").read_bytes()
    link = tmp_path / "link.txt"
    link.symlink_to(tmp_path / "nowhere")
    assert call("export", str(saved), "--output", str(link)) == 1


def test_filter(saved, capsys):
    """Only what matches is exported."""
    assert call("export", str(saved), "--format", "json", "--filter", "code:450") == 0
    assert [one["text"] for one in json.loads(capsys.readouterr().out) if one["kind"] == "said"] == [
        "450 4.7.1 Greylisted"
    ]


def test_filter_keeps_talks_whole(saved, capsysbinary):
    """Where half a talk means nothing, whole talks are exported."""
    assert call("export", str(saved), "--format", "pcapng", "--filter", "code:450") == 0
    found = packets(capsysbinary.readouterr().out)
    assert {min(one.ports) for one in found} == {25}
    assert found[0].flags == 2


def test_options(saved, capsys):
    """Notation, language and lines reach the format."""
    assert call("export", str(saved), "--format", "text", "--notation", "swaks", "--lang", "vi") == 0
    assert "# Alice viết thư." in (said := capsys.readouterr().out)
    assert "relay-1  -> DATA" in said
    assert call("export", str(saved), "--format", "json", "--lines") == 0
    assert len(capsys.readouterr().out.splitlines()) == len(sample().entries) + len(sample().told)


@pytest.mark.parametrize("name", ["text", "md", "mermaid", "cast", "html"])
def test_content(saved, capsys, name):
    """Messages are in what is read, as far as was asked; what is left out is counted."""
    for argv, there in ((), True), (("--content", "none"), name == "html"):
        assert call("export", str(saved), "--format", name, *argv) == 0
        assert ("Hello Bob" in capsys.readouterr().out) is there
    assert call("export", str(saved), "--format", name, "--content", "2") == 0
    assert ("more lines, " in capsys.readouterr().out) is (name != "html")


@pytest.mark.parametrize(
    ("argv", "words"),
    [
        ((), "which session?"),
        (("FILE",), "which format?"),
        (("FILE", "--format", "docx"), "invalid choice: 'docx'"),
        (("FILE", "--format", "html", "--notation", "curl"), "--notation means nothing in html"),
        (("FILE", "--format", "swaks", "--content", "3"), "--content means nothing in swaks"),
        (("FILE", "--format", "text", "--filter", "leg:realy"), "^"),
        (("/nowhere/x.maillab", "--format", "text"), "No such file"),
        ((__file__, "--format", "text"), "line 1: not a maillab session"),
    ],
)
def test_usage(argv, words, saved, capsys):
    """What cannot be done is exit 2, and says why."""
    assert call("export", *(str(saved) if word == "FILE" else word for word in argv)) == 2
    assert words in capsys.readouterr().err


def test_cannot_write(saved, tmp_path, capsys):
    """A place that cannot be written is exit 1, and nothing is left there."""
    assert call("export", str(saved), "--output", str(tmp_path / "no" / "x.txt")) == 1
    assert "cannot write" in capsys.readouterr().err


def test_schema(capsys):
    """--schema prints the JSON Schema of a session file's lines."""
    assert call("export", "--schema") == 0
    assert json.loads(capsys.readouterr().out) == SCHEMA


def test_formats_are_told():
    """Every format stands in the help and in the manual."""
    text = page("exports").read_text("utf-8")
    told = build("export")._subparsers._group_actions[0].choices["export"].format_help()
    assert [name for name in FORMATS if f"  {name} " not in told] == []
    assert [name for name in FORMATS if f"| `{name}` " not in text] == []

"""What is seen, as a file."""

import pytest

from maillab.cli.language import speaking
from maillab.cli.main import build, command_of
from maillab.recording.session import Header, Session
from maillab.testing import RunningLab
from maillab.tui.reading.exporting import export_to, file_name, formats, header_of
from tests.recording.told import told
from tests.support import run


@pytest.fixture(scope="module")
def session():
    """Some session."""
    return Session(Header("x"), told("seven-steps"))


def test_every_format(tmp_path, session):
    """Each format of `maillab export` can be written, under a name that tells which it is."""
    for name, what in formats("en"):
        assert what
        path = run(export_to(str(tmp_path / file_name(name)), name, session))
        assert path.name == file_name(name)
        assert path.stat().st_size


def test_the_list_in_vietnamese():
    """The list of the window says of each format what the help of the command says, in the same language."""
    with speaking("vi"):
        helped = " ".join(command_of(build("export"), "export").format_help().split())
    assert [line for line in (f"{name} {what}" for name, what in formats("vi")) if line not in helped] == []


def test_the_language_of_the_window(tmp_path, session):
    """What can be said in two languages is said in that of the window."""
    path = run(export_to(str(tmp_path / "a.html"), "html", session, "vi"))
    assert '<html lang="vi">' in path.read_text("utf-8")


def test_the_lab_of_the_window():
    """A session of a lab tells of its sites and of the doors that are open, without passwords; of no lab nothing."""
    assert header_of(None) == Header("maillab")
    with RunningLab() as running:
        header = header_of(running.lab)
        ports = {door.service: door.port for door in running.lab.endpoints if door.site == "recipient.test"}
    [_, site] = header.lab["sites"]
    assert (site["domain"], site["ports"]) == ("recipient.test", ports)
    assert "password" not in str(header.lab)


def test_a_recording_is_told_the_ports_of_now():
    """A command made from a recording goes to the server that listens now; a site that does not run keeps its ports."""
    sites = [{"domain": "recipient.test", "ports": {"smtp": 9}}, {"domain": "gone.test", "ports": {"smtp": 9}}, "?"]
    recorded = Header("x", lab={"sites": sites})
    assert header_of(None, recorded) is recorded
    with RunningLab() as running:
        there, gone, odd = header_of(running.lab, recorded).lab["sites"]
        assert there["ports"]["smtp"] == running.lab.endpoint("recipient.test", "smtp").port
        assert header_of(running.lab, Header("x", lab={"sites": 7})).lab == {"sites": 7}
    assert (gone, odd) == (sites[1], "?")
    assert sites[0]["ports"] == {"smtp": 9}


def test_never_over_a_file(tmp_path, session):
    """A second one has a number."""
    for expected in ("maillab.txt", "maillab-1.txt"):
        path = run(export_to(str(tmp_path / file_name("text")), "text", session))
        assert path.name == expected

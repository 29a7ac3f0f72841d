"""What is seen, as a file."""

from maillab.recording.session import Header
from maillab.tui.exporting import export_to, file_name, formats
from tests.recording.told import told
from tests.support import run


def test_every_format(tmp_path):
    """Each format of `maillab export` can be written, under a name that tells which it is."""
    for name, what in formats():
        assert what
        path = run(export_to(str(tmp_path / file_name(name)), name, Header("x"), told("seven-steps"), ()))
        assert path.name == file_name(name)
        assert path.stat().st_size


def test_never_over_a_file(tmp_path):
    """A second one has a number."""
    for expected in ("maillab.txt", "maillab-1.txt"):
        path = run(export_to(str(tmp_path / file_name("text")), "text", Header("x"), told("seven-steps"), ()))
        assert path.name == expected

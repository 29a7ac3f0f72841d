"""A part of a message in a browser."""

import stat
import sys

import pytest

from maillab.tui.mail import browser
from maillab.tui.mail.browser import can_be_opened, open_in_browser, page_of, written
from tests.support import run


@pytest.mark.parametrize("kind", ["application/x-desktop", "text/x-shellscript", "image/svg+xml", "message/rfc822", ""])
def test_what_may_act_is_not_opened(kind):
    """Only pages, texts, pictures and PDF are opened: what else a stranger sends may be a program to the desktop."""
    assert not can_be_opened(kind)


def test_a_page_loads_nothing_and_runs_nothing():
    """Before anything of the page stands the rule that its scripts, pictures and styles from elsewhere are refused."""
    page = page_of("<img src=http://tracker.test/1.gif><script>x</script>\ud800").decode()
    assert page.index("default-src 'none'") < page.index("<img")
    assert "img-src data:" in page


def test_a_file_of_its_own():
    """Its name is ours, whatever the stranger called it, and nobody else can read it."""
    path = written("text/html", b"<p>hi")
    assert path.name == "message.html"
    assert path.read_bytes() == b"<p>hi"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


@pytest.mark.parametrize(("answer", "opened"), [("True", True), ("False", False)])
def test_whether_there_is_a_browser(tmp_path, monkeypatch, capfd, answer, opened):
    """It is known whether a browser came up; what it prints reaches no terminal, and it knows of none."""
    (tmp_path / "webbrowser.py").write_text(
        "import os\nassert 'TERM' not in os.environ\n"
        f"def open(url):\n    print('NOISE')\n    return {answer} and url.startswith('file:')\n"
    )
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    assert run(open_in_browser(tmp_path / "message.html")) is opened
    assert "NOISE" not in capfd.readouterr().out


def test_a_browser_that_stays(tmp_path, monkeypatch):
    """One that runs as long as its window does has come up."""
    monkeypatch.setattr(browser, "_OPEN", "import sys; sys.stdin.read() or __import__('threading').Event().wait(1)")
    monkeypatch.setattr(browser, "_PATIENCE", 0.01)
    assert sys.executable
    assert run(open_in_browser(tmp_path / "message.html"))

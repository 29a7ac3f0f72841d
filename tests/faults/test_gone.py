"""The folder of a lab is deleted while it runs: every door says that it may come again, and nothing is made anew."""

import contextlib
import shutil
from pathlib import Path

from maillab.events import Stumbled
from tests.faults import doors
from tests.faults.doors import Imap, open_lab

CHANGING = (
    doors.Smtp, doors.SmtpLarge, doors.Submission, doors.SubmissionLarge, doors.Pop3Quit, doors.Pop3Read,
    doors.ImapAppend, doors.ImapAppendLarge, doors.ImapFetch, doors.ImapStore, doors.ImapExpunge, doors.ImapCopy,
    doors.ImapCreate, doors.HttpSend, doors.HttpDelete,
)  # fmt: skip


# What IMAP says of folders and messages that somebody took away (RFC 5530 §3).
GONE = ("NO [TRYCREATE]", "NO [NONEXISTENT]", "OK [EXPUNGEISSUED]")


def test_every_door(tmp_path: Path) -> None:
    """Nothing is promised, the logbook says what is gone, and a lab that is asked goes on answering."""  # T038
    folder = tmp_path / "lab"
    with open_lab(folder) as running, contextlib.ExitStack() as stack:
        lab = running.lab
        lab.dispatcher("recipient.test").pause()
        clients = [stack.enter_context(contextlib.closing(kind(lab))) for kind in CHANGING]
        for client in clients:
            client.prepare()
        bystander = stack.enter_context(contextlib.closing(Imap(lab)))
        shutil.rmtree(folder)
        answers = [(type(client).__name__, client.act(), (*client.bad, *GONE)) for client in clients]
        said = [entry.event.what for entry in lab.logbook.since(0) if isinstance(entry.event, Stumbled)]
        assert [(name, answer) for name, answer, bad in answers if not answer.startswith(bad)] == []
        assert any(str(folder) in what for what in said)
        assert bystander.ask("NOOP") == "OK Done"
        assert not folder.exists()

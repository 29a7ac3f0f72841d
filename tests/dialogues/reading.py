"""Conversations as text files, read. Who plays them is `stage.py`.

The first paragraph says what the conversation shows. Then:

    Given: tls, strict         what is different from the usual: the words are rows of GIVEN in the test that plays it
    C: USER bob                the client says a line             C| raw\\x00octets\\n         exactly these octets
    C& MAIL FROM:<a@a.test>    a line that leaves in one piece with the next
    S: +OK                     the server says this line          S~ \\+OK .*                  a line like this
    S* 500 5.5.2 .*            the server says lines like this until the client speaks again
    * closes quit              the server hangs up and why        * TLS   * waits   * warns   * logs in alice PLAIN
    * tolerates RFC 5321 ...   a rule that was bent               * plays 451 at RCPT         * stumbles OSError: disk
    * drops                    the client is suddenly gone
    Left: 1 2                  what lies in bob's mailbox afterwards (POP3)
    Kept: a@a.test > b@b.test  the envelopes that were taken, all of them, in order (SMTP); "nothing" for none
    Kept| Subject: x\\r\\n      the content of the last one

Blanks at the end of a line count.
"""

import re
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).resolve().parent
LINE = re.compile(r"(Given: |Left: ?|Kept: |Kept\| |C: ?|C& |C\| |S: |S~ |S\* |\* )(.*)")
SAYS = ("C:", "C&", "C|")


def files(protocol):
    """The conversations in this protocol."""
    return sorted(FOLDER.glob(f"*.{protocol}.txt"))


def name(path):
    """What a test calls a conversation."""
    return path.name.partition(".")[0]


@dataclass(frozen=True)
class Step:
    """One line of the script: where it stands, its mark, its text."""

    where: str
    mark: str
    text: str

    @property
    def octets(self):
        """What the client says, or what was kept."""
        if self.mark in ("C:", "C&"):
            return self.text.encode() + b"\r\n"
        return self.text.encode().decode("unicode_escape").encode("latin-1")


def read(path):
    """The steps of a file; whatever is not one stops the reading."""
    steps = []
    head, _, body = path.read_text(encoding="utf-8").partition("\n\n")
    assert head.endswith("."), f"{path.name}: the first paragraph is a sentence"
    start = head.count("\n") + 3
    for number, line in enumerate(body.split("\n"), start):
        if line:
            found = LINE.fullmatch(line)
            assert found, f"{path.name}:{number}: not a line of a dialogue: {line!r}"
            steps.append(Step(f"{path.name}:{number}", found[1].strip(), found[2]))
    return steps


def given(steps):
    """What is different from the usual."""
    return [word for step in steps if step.mark == "Given:" for word in step.text.split(", ")]


def said(steps):
    """All that the client says."""
    return b"".join(step.octets for step in steps if step.mark in SAYS)


def agree(step, line):
    """Is this what the script expects? `line` is the server's, with its ending."""
    if step.mark == "S:":
        return line == step.text.encode() + b"\r\n"
    return step.mark in ("S~", "S*") and re.fullmatch(step.text.encode() + rb"\r\n", line) is not None

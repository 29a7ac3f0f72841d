"""Conversations as text files, read and played.

The first paragraph says what the conversation shows. Then:

    Given: tls, secure, no plaintext, stuck, broken, in use, empty, gone 1     what is different from the usual
    C: USER bob              the client says a line                  C| raw\\x00octets\\n     exactly these octets
    S: +OK                   the server says this line               S~ \\+OK .*              a line like this
    * closes quit            the server hangs up and why             * TLS   * waits   * removes 1 2   * reads 1
    * drops                  the client is suddenly gone
    Left: 1 2                what lies in bob's mailbox afterwards

Blanks at the end of a line count.
"""

import re
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).resolve().parent.parent / "dialogues"
FILES = sorted(FOLDER.glob("*.pop3.txt"))
LINE = re.compile(r"(Given: |Left: ?|C: |C\| |S: |S~ |\* )(.*)")


@dataclass(frozen=True)
class Step:
    """One line of the script: where it stands, its mark, its text."""

    where: str
    mark: str
    text: str

    @property
    def octets(self):
        """What the client says."""
        if self.mark == "C:":
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


def agree(step, line):
    """Is this what the script expects? `line` is the server's, with its ending."""
    if step.mark == "S:":
        return line == step.text.encode() + b"\r\n"
    return step.mark == "S~" and re.fullmatch(step.text.encode() + rb"\r\n", line)

"""The Mermaid diagram."""

import re

from tests.recording.export.sample import exported, hostile, sample, session, talk

STATEMENT = re.compile(
    r"sequenceDiagram|    title [^;]*(?:#\d+;[^;]*)*|    autonumber|    participant P\d+ as \S.*"
    r"|    (?:P\d+(?:->>|-->>|--x)P\d+|Note over P\d+(?:,P\d+)?): \S.*"
)


def lines(one):
    return exported("mermaid", one).decode().splitlines()


def test_statements():
    """Every line is one statement; no `;` ends it early, no `#`, `<`, `>` or `%%` stands bare."""
    for one in (sample(), hostile()):
        for line in lines(one):
            assert STATEMENT.fullmatch(line), line
            bare = re.sub(r"#\d+;", "", re.sub(r"->>|-->>|--x", "", line))
            assert not re.search(r"[;#<>%$]", bare), line


def test_letter_is_one_arrow():
    """A letter is one arrow with its size, and its end mark is not told again."""
    assert "    P1->>P2: message, 94 octets" in lines(sample())
    assert not any(line.endswith(": .") for line in lines(sample()))


def test_reply_is_one_arrow():
    """The lines of one reply are joined."""
    assert "    P2-->>P1: 250 mail.sender.test, SIZE 26214400, STARTTLS" in lines(sample())


def test_refusal_is_crossed():
    """A refusal ends in a cross."""
    assert "    P4--xP2: 450 4.7.1 Greylisted" in lines(sample())


def test_words_that_mermaid_knows():
    """An empty line is told as such, and `wrap:` at the beginning is no order."""
    said = lines(session(*talk("relay-1", "C: ", "C: wrap: me", "C: nowrap:x")))
    assert [line.partition(": ")[2] for line in said[-3:]] == [
        "(an empty line)",
        "#119;#114;#97;#112;: me",
        "#110;#111;#119;#114;#97;#112;:x",
    ]

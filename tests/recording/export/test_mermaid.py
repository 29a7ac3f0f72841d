"""The Mermaid diagram."""

import re
from dataclasses import replace

from maillab.recording.session import Mark
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
            bare = re.sub(r"#\d+;", "", re.sub(r"->>|-->>|--x|<br/>", "", line))
            assert not re.search(r"[;#<>%$]", bare), line


def test_message_is_one_arrow():
    """A message is one arrow with its size, and its end mark is not told again."""
    assert "    P1->>P2: message, 94 bytes" in lines(sample())
    assert not any(line.endswith(": .") for line in lines(sample()))


def test_message_is_read():
    """Below its arrow a message stands as a note, line by line, as far as was asked."""
    assert (
        "    Note over P1,P2: From: alice@sender.test<br/>To: bob@recipient.test<br/>Subject: Xin chào#59; #35;1 #60;b#62;<br/><br/>Hello Bob<br/>.."
        in lines(sample())
    )
    assert not any("Hello Bob" in line for line in exported("mermaid", sample(), content=0).decode().splitlines())


def test_narration():
    """The narrator's words are a note over all, in the language asked for; a mark at the same place is not needed."""
    one = sample()
    doubled = replace(one, notes=(*one.notes, Mark("step-1", 0, 0.0)))
    said = exported("mermaid", doubled, lang="vi").decode()
    assert said.count("    Note over P1,P6: ") == 2
    assert "    Note over P1,P6: Alice viết thư.\n" in said
    assert "    Note over P1,P6: the lookup\n" in said


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

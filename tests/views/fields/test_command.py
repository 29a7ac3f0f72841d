"""Commands of SMTP with their parameters."""

from maillab.protocols.follower import Follower
from maillab.protocols.smtp import SMTP
from maillab.views.fields.command import blocks
from tests.views.fields.words import EN, VI, told


def parts(line, say=EN):
    return told(blocks(Follower(SMTP, greeted=True).client(line.encode()), line, say))


def test_mail():
    """The sender of the envelope, and every parameter with its value in words."""
    found = parts("MAIL FROM:<a@b.test> SIZE=2000000 BODY=8BITMIME RET=HDRS ENVID=x+2By SMTPUTF8 AUTH=<> FOO=1")
    assert found["<a@b.test>"].startswith("where reports go")
    assert found["SIZE=2000000"] == "the message will have 2.0 MB; the server may refuse it now"
    assert found["BODY=8BITMIME"] == "the content may hold bytes above 127"
    assert found["RET=HDRS"] == "a report returns the header fields only"
    assert found["ENVID=x+2By"].endswith(": x+y")
    assert found["AUTH=<>"] == "the sender is not verified"
    assert found["FOO=1"] == ""


def test_the_empty_sender():
    """Nobody gets a report about it."""
    assert parts("MAIL FROM:<>")["<>"] == "nobody: no report will ever be sent about this message"


def test_rcpt():
    """The recipient, what is to be reported, and who was meant first."""
    found = parts("rcpt to: <bob@b.test> NOTIFY=SUCCESS,DELAY ORCPT=rfc822;bob@a.test")
    assert found["<bob@b.test>"].startswith("where this copy goes")
    assert found["NOTIFY=SUCCESS,DELAY"] == "report the delivery, report a delay"
    assert found["ORCPT=rfc822;bob@a.test"].endswith(": bob@a.test")
    assert parts("RCPT TO:<b@b.test>", VI)["RCPT TO:"] == "nêu một người nhận"


def test_greetings_and_chunks():
    """EHLO with a name or an address; BDAT with its length."""
    assert parts("EHLO me.test")["me.test"] == "the client's own name for itself; not verified"
    assert "its address" in parts("HELO [127.0.0.1]")["[127.0.0.1]"]
    assert parts("BDAT 1200 LAST") == {
        "BDAT": "a chunk of the content, with its length",
        "1200": "this many bytes follow: 1.2 kB",
        "LAST": "they complete the message",
    }


def test_without_parts():
    """A command of one word, and one that is broken, have none."""
    assert parts("QUIT") == parts("MAIL FRM") == parts("EHLO") == {}
    assert parts("MAIL TO:<a@b.test>") == parts("RCPT FROM:<a@b.test>") == {}

"""Every capability that is announced, proved by use: what is said, and what must be told."""

import re

import pytest

from tests.recipient.imap.staging import Stage

OUTSIDE, CLEAR, INSIDE, LOOKING = ["tls"], ["tls", "no plaintext"], ["logged in"], ["selected"]
PROVED = {  # capability: in which state what is said, and what is told
    "IMAP4rev1": (LOOKING, b"a SEARCH 1", rb"\* SEARCH 1\r\na OK .*"),
    "IMAP4rev2": (INSIDE, b"a ENABLE IMAP4rev2\r\nb SELECT INBOX\r\nc SEARCH 1", rb'(?s).*\* ESEARCH \(TAG "c"\) ALL 1\r\nc OK .*'),
    "LITERAL+": (INSIDE, b"a SELECT {5+}\r\nINBOX", rb"(?s)\* .*a OK .*"),
    "STARTTLS": (OUTSIDE, b"a STARTTLS", rb"a OK Begin TLS\r\n"),
    "LOGINDISABLED": (CLEAR, b"a LOGIN bob bob", rb"a NO \[PRIVACYREQUIRED\] .*"),
    "AUTH=SCRAM-SHA-256": (OUTSIDE, b"a AUTHENTICATE SCRAM-SHA-256", rb"\+ \r\n"),
    "AUTH=CRAM-MD5": (OUTSIDE, b"a AUTHENTICATE CRAM-MD5", rb"\+ [A-Za-z0-9+/=]+\r\n"),
    "AUTH=PLAIN": (OUTSIDE, b"a AUTHENTICATE PLAIN\r\nAGJvYgBib2I=", rb"\+ \r\na OK .*"),
    "SASL-IR": (OUTSIDE, b"a AUTHENTICATE PLAIN AGJvYgBib2I=", rb"a OK .*"),
    "ID": (OUTSIDE, b"a ID NIL", rb'\* ID \("name" .*\)\r\na OK .*'),
    "ENABLE": (INSIDE, b"a ENABLE CONDSTORE", rb"\* ENABLED CONDSTORE\r\na OK .*"),
    "UTF8=ACCEPT": (INSIDE, 'a ENABLE UTF8=ACCEPT\r\nb CREATE "Thư"\r\nc LIST "" Th*'.encode(), '(?s).*"/" "Thư"\r\nc OK .*'.encode()),
    "CONDSTORE": (LOOKING, b"a STORE 1 (UNCHANGEDSINCE 1) FLAGS ()", rb"\* OK \[HIGHESTMODSEQ 4\] .*\r\na OK \[MODIFIED 1\] .*"),
    "QRESYNC": (INSIDE, b"a ENABLE QRESYNC\r\nb SELECT INBOX (QRESYNC (1 1))", rb"(?s).*\* 1 FETCH \(UID 1 FLAGS \(\) MODSEQ \(2\)\).*b OK .*"),
    "CREATE-SPECIAL-USE": (INSIDE, b'a CREATE x (USE (\\Junk))\r\nb LIST "" x', rb"(?s).*\\Junk\) \"/\" x\r\nb OK .*"),
    "CHILDREN": (INSIDE, b'a LIST "" INBOX', rb"\* LIST \(\\HasNoChildren\) .*\r\na OK .*"),
    "LIST-EXTENDED": (INSIDE, b'a LIST (SUBSCRIBED) "" (I* S*)', rb"\* LIST \(\\HasNoChildren \\Subscribed\) \"/\" INBOX\r\na OK .*"),
    "LIST-STATUS": (INSIDE, b'a LIST "" INBOX RETURN (STATUS (MESSAGES))', rb"\* LIST .*\r\n\* STATUS INBOX \(MESSAGES 3\)\r\na OK .*"),
    "SPECIAL-USE": (INSIDE, b'a LIST (SPECIAL-USE) "" Sent', rb"\* LIST .*\\Sent.*\r\na OK .*"),
    "NAMESPACE": (INSIDE, b"a NAMESPACE", rb'\* NAMESPACE \(\("" "/"\)\) NIL NIL\r\na OK .*'),
    "STATUS=SIZE": (INSIDE, b"a STATUS INBOX (SIZE)", rb"\* STATUS INBOX \(SIZE [0-9]+\)\r\na OK .*"),
    "MULTIAPPEND": (INSIDE, b"a APPEND Sent {3+}\r\na:b {3+}\r\nc:d", rb"a OK \[APPENDUID 2 1:2\] .*"),
    "IDLE": (INSIDE, b"a IDLE\r\nDONE", rb"\+ .*\r\na OK .*"),
    "QUOTA": (INSIDE, b'a GETQUOTA ""', rb'\* QUOTA "" .*\r\na OK .*'),
    "QUOTA=RES-STORAGE": (INSIDE, b"a GETQUOTAROOT INBOX", rb'(?s).*\* QUOTA "" \(STORAGE [0-9]+ [0-9]+\)\r\na OK .*'),
    "COMPRESS=DEFLATE": (INSIDE, b"a COMPRESS DEFLATE", rb"a OK .*"),
    "UNSELECT": (LOOKING, b"a UNSELECT", rb"a OK .*"),
    "UIDPLUS": (LOOKING, b"a COPY 1 Sent\r\nb STORE 1:2 +FLAGS.SILENT \\Deleted\r\nc UID EXPUNGE 1", rb"(?s)a OK \[COPYUID 2 1 1\] .*\* 1 EXPUNGE\r\nc OK .*"),
    "ESEARCH": (LOOKING, b"a SEARCH RETURN (COUNT) ALL", rb'\* ESEARCH \(TAG "a"\) COUNT 3\r\na OK .*'),
    "SEARCHRES": (LOOKING, b"a SEARCH RETURN (SAVE) 2\r\nb FETCH $ UID", rb"(?s)a OK .*\* 2 FETCH \(UID 2\)\r\nb OK .*"),
    "WITHIN": (LOOKING, b"a SEARCH OLDER 100000000", rb"\* SEARCH\r\na OK .*"),
    "SORT": (LOOKING, b"a SORT (REVERSE SIZE) UTF-8 ALL", rb"\* SORT 3 1 2\r\na OK .*"),
    "ESORT": (LOOKING, b"a SORT RETURN (COUNT) (REVERSE SIZE) UTF-8 ALL", rb'\* ESEARCH \(TAG "a"\) COUNT 3\r\na OK .*'),
    "THREAD=ORDEREDSUBJECT": (LOOKING, b"a THREAD ORDEREDSUBJECT UTF-8 1", rb"\* THREAD \(1\)\r\na OK .*"),
    "THREAD=REFERENCES": (LOOKING, b"a THREAD REFERENCES UTF-8 1", rb"\* THREAD \(1\)\r\na OK .*"),
    "BINARY": (LOOKING, b"a FETCH 3 BINARY.PEEK[2]", rb"(?s)\* 3 FETCH \(BINARY\[2\] ~\{3\}\r\n\x00\x01\x02\)\r\na OK .*"),
    "OBJECTID": (INSIDE, b"a STATUS INBOX (MAILBOXID)", rb"\* STATUS INBOX \(MAILBOXID \(F1\)\)\r\na OK .*"),
    "PREVIEW": (LOOKING, b"a FETCH 1 (PREVIEW)", rb'\* 1 FETCH \(PREVIEW "Hello Bob"\)\r\na OK .*'),
    "SAVEDATE": (LOOKING, b"a FETCH 1 (SAVEDATE)", rb'\* 1 FETCH \(SAVEDATE ".*"\)\r\na OK .*'),
    "MOVE": (LOOKING, b"a MOVE 1 Archive", rb"(?s)\* OK \[COPYUID .*\* 1 EXPUNGE\r\na OK .*"),
    "APPENDLIMIT=26214400": (INSIDE, b"a APPEND INBOX {26214401}", rb"a NO \[TOOBIG\] .*"),
}  # fmt: skip


BEFORE = [[], OUTSIDE, ["no plaintext"], CLEAR, ["secure"], ["tls", "secure"], ["tls", "secure", "no plaintext"]]


def announced(stage):
    """The answer to CAPABILITY."""
    return stage.heard(b"a CAPABILITY\r\n")[0].decode().split()[2:]


def unasked(line):
    """What the greeting, or the answer to a login, announces."""
    return re.search(r"\[CAPABILITY (.*?)\]", line.decode())[1].split()


def test_the_table_is_what_is_announced():
    """Nothing is announced in any situation that is not proved here, and nothing is proved that is never announced."""
    told = {word for words in (*BEFORE, INSIDE, LOOKING) for word in announced(Stage(words))}
    assert told == PROVED.keys()


@pytest.mark.parametrize("words", BEFORE, ids=" ".join)
def test_it_is_announced_without_being_asked_for(words):
    """The greeting tells what CAPABILITY tells before the login, and its answer what it tells after it."""
    stage = Stage(words)
    assert unasked(stage.told[0]) == announced(stage)
    if "LOGINDISABLED" not in announced(stage):
        assert unasked(stage.heard(b"a LOGIN bob bob\r\n")[-1]) == announced(stage)


def test_what_is_over_is_not_announced():
    """After STARTTLS there is no STARTTLS, inside there is no way to log in, and what is deflated is not deflated again."""
    stage = Stage(["tls"])
    assert {"STARTTLS", "AUTH=PLAIN", "SASL-IR"} <= {*announced(stage)}
    stage.hear(b"a STARTTLS\r\n")
    assert "STARTTLS" not in announced(stage)
    stage.hear(b"a LOGIN bob bob\r\n")
    assert not {"AUTH=PLAIN", "SASL-IR"} & {*announced(stage)}
    assert "COMPRESS=DEFLATE" in announced(stage)
    stage.hear(b"a COMPRESS DEFLATE\r\n")
    assert "COMPRESS=DEFLATE" not in announced(stage)


@pytest.mark.parametrize("capability", PROVED)
def test_it_can_be_used(capability):
    """What it stands for is said, and told."""
    words, said, told = PROVED[capability]
    answer = b"".join(line for line in Stage(words).heard(said + b"\r\n") if isinstance(line, bytes))
    assert re.fullmatch(b"(?s)" + told.removeprefix(b"(?s)"), answer), answer

"""Every word of a talk that the lab says or hears has its explanation, in both languages."""

import ast
import csv
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import maillab
from maillab.protocols.dns import DNS
from maillab.protocols.follower import Follower
from maillab.protocols.imap import IMAP
from maillab.protocols.pop3 import POP3
from maillab.protocols.protocol import UNKNOWN, AnswerLine, Request
from maillab.protocols.smtp import SMTP
from maillab.recipient import folders
from maillab.recipient.folders import FolderRefusal
from maillab.views.gloss import LANGS, Gloss, Lang, content_gloss, gloss, stock
from maillab.wire.smtp_server import VERBS
from tests.dialogues.reading import files, name, read

HOUSE = Path(maillab.__file__).parent
TABLE = HOUSE / "views" / "glosses.csv"


def rows() -> list[dict[str, str]]:
    with TABLE.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


PROTOCOLS = {protocol.name: protocol for protocol in (SMTP, POP3, IMAP, DNS, UNKNOWN)}


def explain(protocol: str, side: str, line: bytes, previous: bytes = b"", lang: str = "en") -> Gloss | None:
    """What is said beside a line, when `previous` was said by the other side before it."""
    follower = Follower(PROTOCOLS[protocol], greeted=True)
    if side == "client":
        if previous:
            follower.server(previous)
        heard = follower.client(line)
    else:
        if previous == b".\r\n":
            follower.client(b"DATA\r\n")
            follower.server(b"354 go ahead\r\n")
        if previous:
            follower.client(previous)
        if protocol == "pop3" and previous and line[:1] not in b"+-":  # a line after the first of an answer
            follower.server(b"+OK\r\n")
        heard = follower.server(line)
    return gloss(PROTOCOLS[protocol], heard, line, lang)


def key(protocol: str, side: str, line: bytes, previous: bytes = b"") -> str:
    found = explain(protocol, side, line, previous)
    return found.key if found else ""


@pytest.mark.parametrize("row", rows(), ids=lambda row: f"{row['protocol']} {row['kind']} {row['key']}")
def test_every_row_is_complete(row: dict[str, str]) -> None:
    """Each gloss has a source and a sentence in both languages, free of stray blanks and controls."""
    assert all(value and value == value.strip() and value.isprintable() for value in row.values())
    assert row["en"] != row["vi"]
    assert row["en"][-1] in ".?)…@"
    assert row["vi"][-1] in ".?)…@"
    assert re.fullmatch(r"no RFC|IANA|[0-9]{3,4}( §[0-9.]+)?(; [0-9]{3,4}( §[0-9.]+)?)*", row["rfc"])


def test_keys_are_unique() -> None:
    """No word has two glosses of one kind."""
    keys = [(row["protocol"], row["kind"], row["key"].upper()) for row in rows()]

    assert len(set(keys)) == len(keys)
    assert all(len(stock(lang)) == len(keys) for lang in LANGS)


def test_everything_the_house_says_has_a_gloss() -> None:
    """Each reply code, enhanced code and SMTP verb that stands in the source is in the table."""
    source = "\n".join(path.read_text(encoding="utf-8") for path in HOUSE.rglob("*.py"))
    codes = set(re.findall(r"(?:Reply|refused)\(([2-5]\d\d)\b", source))
    enhanced = set(re.findall(r'"[245]\.(\d\.\d{1,2})"', source))
    known = stock("en")

    assert {"501", "553"} <= codes
    assert [code for code in codes if ("smtp", "reply", code) not in known] == []
    assert [code for code in enhanced if ("smtp", "enhanced", f"X.{code}") not in known] == []
    assert [verb for verb in VERBS if not explain("smtp", "client", verb.encode())] == []


@pytest.mark.parametrize(
    ("line", "word"),
    [
        (b"EHLO client.sender.test\r\n", "EHLO"),
        (b"helo\r\n", "HELO"),
        (b"MAIL FROM:<alice@sender.test> SIZE=12\r\n", "MAIL FROM"),
        (b"mail from:<> BODY=8BITMIME\r\n", "MAIL FROM:<>"),
        (b"MAIL FROM: <>\r\n", "MAIL FROM:<>"),
        (b"RCPT TO:<bob@recipient.test>\r\n", "RCPT TO"),
        (b"AUTH PLAIN AGFs\r\n", "AUTH PLAIN"),
        (b"auth scram-sha-256\r\n", "AUTH SCRAM-SHA-256"),
        (b"AUTH XOAUTH2 x\r\n", "AUTH"),
        (b"DATA\r\n", "DATA"),
        (b".\r\n", "."),
        (b"BDAT 12 LAST\r\n", "BDAT"),
        (b"STARTTLS\r\n", "STARTTLS"),
        (b"XYZZY\r\n", ""),
        (b"\r\n", ""),
        (b"MAIL\r\n", "MAIL FROM"),
        (b"MAIL FORM:<a@b.test>\r\n", ""),
        (b"MAIL TO:<a@b.test>\r\n", ""),
        (b"RCPT FROM:<a@b.test>\r\n", ""),
    ],
)
def test_smtp_commands(line: bytes, word: str) -> None:
    """A client's line is explained by its verb, in any case, with its special forms; a slip is not."""
    assert key("smtp", "client", line) == word


@pytest.mark.parametrize(
    ("line", "previous", "word"),
    [
        (b"250-PIPELINING\r\n", b"EHLO a\r\n", "PIPELINING"),
        (b"250 AUTH=LOGIN PLAIN\r\n", b"ehlo a\r\n", "AUTH"),
        (b"250 SIZE 1000\r\n", b"EHLO a\r\n", "SIZE"),
        (b"250-mx.recipient.test\r\n", b"EHLO a\r\n", "250"),
        (b"250-PIPELINING\r\n", b"HELO a\r\n", "250"),
        (b"250 2.0.0 stored\r\n", b".\r\n", "250 ."),
        (b"250 stored\r\n", b"BDAT 5 LAST\r\n", "250 ."),
        (b"250 ok\r\n", b"BDAT 5\r\n", "250"),
        (b"550 5.1.1 no\r\n", b"RCPT TO:<x@y.test>\r\n", "550 5.1.1"),
        (b"550-5.7.26 no\r\n", b".\r\n", "550 5.7.26"),
        (b"550 4.1.1 classes disagree\r\n", b"", "550"),
        (b"550 5.99.99 no\r\n", b"", "550"),
        (b"599 what\r\n", b"", "5yz"),
        (b"250", b"", "250"),
        (b"2500 no\r\n", b"", ""),
        (b"hello\r\n", b"", ""),
    ],
)
def test_smtp_replies(line: bytes, previous: bytes, word: str) -> None:
    """A reply is explained by its code, then its enhanced code; after EHLO by its keyword; after the dot as a promise."""
    assert key("smtp", "server", line, previous) == word


def test_code_comes_first_then_the_enhanced_code() -> None:
    """The sentence of the code is followed by that of the enhanced code, and both sources are named."""
    found = explain("smtp", "server", b"550 5.1.1 no\r\n")

    assert found is not None
    assert found.text.startswith("Refused: no such mailbox")
    assert found.text.endswith("No such mailbox at that domain.")
    assert found.source == "RFC 5321 §4.2.3, RFC 3463"


@pytest.mark.parametrize("code", ["500", "502", "503"])
def test_a_refused_command_is_explained_once(code: str) -> None:
    """X.5.1 says of each of them that the command is invalid or out of order: the code alone says which."""
    found = explain("smtp", "server", f"{code} 5.5.1 no\r\n".encode())
    assert found is not None
    assert found.key == code


def test_login_is_explained_step_by_step() -> None:
    """A challenge is decoded, its answer is called what it is, and giving up is seen."""
    challenge = explain("smtp", "server", b"334 VXNlcm5hbWU6\r\n", b"AUTH LOGIN\r\n")

    assert challenge is not None
    assert "[“Username:”]" in challenge.text
    assert key("smtp", "client", b"YWxpY2U=\r\n", b"334 VXNlcm5hbWU6\r\n") == "base64"
    assert key("smtp", "client", b"*\r\n", b"334 \r\n") == "*"
    assert key("pop3", "server", b"+ \r\n", b"AUTH PLAIN\r\n") == "+"
    assert key("pop3", "client", b"YWxpY2U=\r\n", b"+ \r\n") == "base64"


def test_challenge_that_would_act_is_not_decoded() -> None:
    """A challenge that decodes to an escape sequence is left in base64."""
    found = explain("smtp", "server", b"334 G1szMW0=\r\n")  # T261

    assert found is not None
    assert found.text.isprintable()
    assert "[" not in found.text


@pytest.mark.parametrize("challenge", [b"%%%", b"QQ", b"w6k=", b""])
def test_challenge_that_is_no_plain_text(challenge: bytes) -> None:
    """A challenge that is no base64, or no ASCII inside, is explained without being decoded."""
    assert explain("smtp", "server", b"334 " + challenge) == stock("en")["smtp", "reply", "334"]


@pytest.mark.parametrize(
    ("side", "line", "previous", "word"),
    [
        ("client", b"user bob\r\n", b"", "USER"),
        ("client", b"TOP 1 0\r\n", b"", "TOP"),
        ("client", b"AUTH PLAIN\r\n", b"", "AUTH PLAIN"),
        ("client", b"LANG\r\n", b"", "LANG"),
        ("server", b"+OK maillab\r\n", b"", "+OK ready"),
        ("server", b"+OK\r\n", b"NOOP\r\n", "+OK"),
        ("server", b"+OK logged in\r\n", b"PASS x\r\n", "+OK PASS"),
        ("server", b"+OK goodbye, 0 deleted\r\n", b"QUIT\r\n", "+OK QUIT"),
        ("server", b"+OK 2 messages\r\n", b"LIST\r\n", "+OK many"),
        ("server", b"-ERR [IN-USE] busy\r\n", b"PASS \r\n", "-ERR [IN-USE]"),
        ("server", b"-ERR [sys/temp] busy\r\n", b"PASS \r\n", "-ERR [SYS/TEMP]"),
        ("server", b"-ERR no\r\n", b"", "-ERR"),
        ("server", b"AUTH-RESP-CODE\r\n", b"CAPA\r\n", "AUTH-RESP-CODE"),
        ("server", b"SASL PLAIN\r\n", b"capa\r\n", "SASL"),
        ("server", b".\r\n", b"CAPA\r\n", "."),
        ("server", b"1 120\r\n", b"LIST\r\n", "LIST"),
        ("server", b"1 whqtswO00WBw418f9t5JxYwZ\r\n", b"UIDL\r\n", "UIDL"),
        ("server", b"Subject: hi\r\n", b"RETR 1\r\n", ""),
        ("server", b"\r\n", b"", ""),
    ],
)
def test_pop3_lines(side: str, line: bytes, previous: bytes, word: str) -> None:
    """POP3 is explained by its verbs, its status words, the code in brackets, and what a listing holds."""
    assert key("pop3", side, line, previous) == word


@pytest.mark.parametrize(
    ("side", "line", "previous", "word"),
    [
        ("client", b"a1 select INBOX\r\n", b"", "SELECT"),
        ("client", b"a1 AUTHENTICATE plain\r\n", b"", "AUTHENTICATE PLAIN"),
        ("client", b"a1 AUTHENTICATE XOAUTH2 x\r\n", b"", "AUTHENTICATE"),
        ("client", b"a1 UID FETCH 1 UID\r\n", b"", "FETCH"),
        ("client", b"a1 NONSENSE\r\n", b"", ""),
        ("server", b"* OK [CAPABILITY IMAP4rev1] maillab\r\n", b"", "OK ready"),
        ("server", b"* PREAUTH hello\r\n", b"", "PREAUTH"),
        ("server", b"* BYE too long\r\n", b"", "BYE"),
        ("server", b"* 3 EXISTS\r\n", b"a NOOP\r\n", "* EXISTS"),
        ("server", b"* 3 FETCH (FLAGS ())\r\n", b"", "* FETCH"),
        ("server", b"* LIST () NIL x\r\n", b"", "* LIST"),
        ("server", b"* XYZZY\r\n", b"", ""),
        ("server", b"* OK [UIDNEXT 5] x\r\n", b"a SELECT x\r\n", "OK [UIDNEXT]"),
        ("server", b"* OK still here\r\n", b"a IDLE\r\n", "* OK"),
        ("server", b"+ idling\r\n", b"a IDLE\r\n", "+ IDLE"),
        ("server", b"+ go\r\n", b"a LOGIN {3}\r\n", "+"),
        ("server", b"+ \r\n", b"a AUTHENTICATE PLAIN\r\n", "+"),
        ("server", b"a OK in\r\n", b"a AUTHENTICATE PLAIN\r\n", "OK LOGIN"),
        ("server", b"a OK [CAPABILITY IMAP4rev1] in\r\n", b"a LOGIN bob x\r\n", "OK LOGIN"),
        ("server", b"a OK [READ-WRITE] open\r\n", b"a SELECT x\r\n", "OK [READ-WRITE]"),
        ("server", b"a OK open\r\n", b"a EXAMINE x\r\n", "OK SELECT"),
        ("server", b"a OK done\r\n", b"a NOOP\r\n", "OK"),
        ("server", b"a NO [trycreate] no\r\n", b"a COPY 1 x\r\n", "NO [TRYCREATE]"),
        ("server", b"a BAD what\r\n", b"a NOOP x\r\n", "BAD"),
        ("server", b"hello\r\n", b"", ""),
    ],
)
def test_imap_lines(side: str, line: bytes, previous: bytes, word: str) -> None:
    """IMAP is explained behind its tags: by verbs, status words, the code in brackets, and the word of what is told."""
    assert key("imap", side, line, previous) == word


def test_imap_beyond_one_line() -> None:
    """What follows a literal, a go-ahead or a line that goes on is explained as what it is; UID adds a sentence."""
    follower = Follower(IMAP, greeted=True)

    def word(heard: Request | AnswerLine, line: bytes) -> str:
        found = gloss(IMAP, heard, line)
        return found.key if found else ""

    follower.client(b"a LOGIN {3+}\r\n")
    assert word(follower.client(b"bob x\r\n"), b"bob x\r\n") == "rest"
    follower.server(b"a OK\r\n")
    follower.client(b"b IDLE\r\n")
    follower.server(b"+ idling\r\n")
    assert word(follower.client(b"done\r\n"), b"done\r\n") == "DONE"
    follower.server(b"b OK\r\n")
    follower.client(b"c FETCH 1 BODY[]\r\n")
    follower.server(b"* 1 FETCH (BODY[] {3}\r\n")
    follower.server_content()
    assert word(follower.server(b")\r\n"), b")\r\n") == "told"
    by_uid, by_number = (explain("imap", "client", line) for line in (b"a UID COPY 1 x", b"a COPY 1 x"))
    assert by_uid is not None
    assert by_number is not None
    assert by_uid.text.startswith(by_number.text + " With UID")


def test_every_command_of_imap_has_a_gloss() -> None:
    """And so has every word of SASL that the lab knows."""
    verbs = [*IMAP.verbs, *(f"AUTHENTICATE {word}" for word in ("PLAIN", "LOGIN", "CRAM-MD5", "SCRAM-SHA-256"))]
    assert [verb for verb in verbs if ("imap", "verb", verb) not in stock("vi")] == []


_CODE_AT = {"no": 1, "bad": 1, "remark": 0, "Done": 1, "status": 2, "_hang_up": 1, "ImapRefusal": 2}


def codes_of_imap() -> set[str]:
    """The response codes that the server of IMAP says, as its code has them."""
    kinds = [kind for kind in vars(folders).values() if isinstance(kind, type) and issubclass(kind, FolderRefusal)]
    codes = {kind.code for kind in kinds if kind.code}
    for path in (HOUSE / "recipient" / "imap").glob("*.py"):
        for call in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(call, ast.Call):
                continue
            at = _CODE_AT.get(getattr(call.func, "id", getattr(call.func, "attr", "")), 9)
            for value in (one for argument in call.args[at : at + 1] for one in ast.walk(argument)):
                if isinstance(value, ast.Constant) and (code := re.match("[A-Z][A-Z-]+(?= |$)", str(value.value))):
                    codes.add(code[0])
    return codes


@pytest.mark.parametrize("lang", LANGS)
def test_every_code_of_imap_has_a_gloss(lang: Lang) -> None:
    """What stands in brackets in an answer of the lab is explained."""
    codes = codes_of_imap()
    assert codes >= {"TRYCREATE", "APPENDUID", "MODIFIED", "UIDVALIDITY", "SERVERBUG", "TOOBIG", "UNAVAILABLE"}
    assert [code for code in codes if ("imap", "code", f"[{code}]") not in stock(lang)] == []


@pytest.mark.parametrize("path", files("imap"), ids=name)
def test_every_line_of_a_dialogue_of_imap_has_a_gloss(path: Path) -> None:
    """Whatever the lab says there, in whatever state, a sentence stands beside it."""
    said = [step.text.encode() + b"\r\n" for step in read(path) if step.mark == "S:"]
    lines = [line for line in said if re.match(rb"[*+] |\S+ (?:OK|NO|BAD) ", line)]  # and not what stands in a literal
    assert [line for line in lines if gloss(IMAP, Follower(IMAP, greeted=True).server(line), line) is None] == []


@pytest.mark.parametrize(
    ("line", "word"),
    [
        (b"recipient.test. IN MX ?", "MX"),
        (b"recipient.test. 300 IN MX 10 mx1.recipient.test.", "MX"),
        (b"nomail.test. 300 IN MX 0 .", "null MX"),
        (b"mx1.recipient.test. 300 IN A 127.0.0.1", "A"),
        (b"mx1.recipient.test. 300 IN AAAA ::1", "AAAA"),
        (b'sender.test. 300 IN TXT "v=spf1 -all"', "TXT v=spf1"),
        (b'_dmarc.sender.test. 300 IN TXT "v=DMARC1; p=none"', "TXT _dmarc"),
        (b'k1._domainkey.sender.test. 300 IN TXT "p=abc"', "TXT _domainkey"),
        (b'x.test. 300 IN TXT "free"', "TXT"),
        (b"NXDOMAIN nowhere.test. MX", "NXDOMAIN"),
        (b"SERVFAIL", "SERVFAIL"),
        (b"NOERROR, MX 10 mx.", "MX"),
        (b"NOERROR", "NOERROR"),
        (b"hello there", ""),
    ],
)
def test_dns_lines(line: bytes, word: str) -> None:
    """A question or an answer is explained by its type, and a failure by its response code."""
    assert key("dns", "server", line) == word


def test_words_that_the_lab_offers_are_there() -> None:
    """Every capability of POP3 and every SASL mechanism of the lab has a gloss."""
    for word in [
        "TOP",
        "UIDL",
        "SASL",
        "STLS",
        "USER",
        "PIPELINING",
        "EXPIRE",
        "IMPLEMENTATION",
        "RESP-CODES",
        "AUTH-RESP-CODE",
        "UTF8",
        "LANG",
    ]:
        assert ("pop3", "keyword", word) in stock("vi")
    for word in ["PLAIN", "LOGIN", "CRAM-MD5", "SCRAM-SHA-256"]:
        assert ("smtp", "verb", f"AUTH {word}") in stock("vi")
        assert ("pop3", "verb", f"AUTH {word}") in stock("vi")
    for word in ["MX", "A", "AAAA", "CNAME", "PTR", "SOA", "NS", "TXT", "SRV"]:
        assert ("dns", "record", word) in stock("vi")


def test_languages_differ_in_the_sentence_only() -> None:
    """A Vietnamese gloss names the same word and source."""
    english, vietnamese = explain("smtp", "client", b"QUIT"), explain("smtp", "client", b"QUIT", lang="vi")

    assert english is not None
    assert vietnamese is not None
    assert english[:4] == vietnamese[:4]
    assert vietnamese.text.startswith("Chào tạm biệt")
    assert content_gloss(SMTP, "vi") is not None
    assert content_gloss(DNS) is None


@given(
    st.sampled_from(sorted(PROTOCOLS)),
    st.sampled_from(["client", "server"]),
    st.binary(),
    st.binary(),
)
def test_nothing_is_ever_raised(protocol: str, side: str, line: bytes, previous: bytes) -> None:
    """Any octets at all have a gloss or none."""
    found = explain(protocol, side, line, previous)

    assert found is None or found.text.isprintable()


def test_a_long_line_is_read_at_its_beginning() -> None:
    """Of a line of a megabyte only the beginning counts."""
    assert key("smtp", "server", b"550 5.1.1 " + b"x" * 1_000_000) == "550 5.1.1"
    assert key("dns", "server", b"x " * 500_000 + b"MX") == ""

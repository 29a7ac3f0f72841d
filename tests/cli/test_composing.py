"""Options and files become a message, or a sentence about what is wrong with them."""

import argparse
import itertools
from pathlib import Path

import pytest

from maillab.cli import send
from maillab.cli.composing import (
    MessageError,
    attachment,
    dsn_options,
    person,
    raw,
    sender_of,
    text_of,
    with_crlf,
    written,
)
from maillab.mail.message import Message


def options(*argv: str) -> argparse.Namespace:
    """The options of `maillab send`."""
    parser = argparse.ArgumentParser()
    send.add(parser.add_subparsers())
    return parser.parse_args(["send", "--to", "bob@recipient.test", *argv])


def message(*argv: str, text: str = "Hello\n", eight_bit: bool = True, utf8: bool = True) -> Message:
    """The message of these options."""
    words = itertools.count(1)
    args = options(*argv)
    writing = written(
        args, person("--from", "alice@sender.test"), text, "en", now=0.0, word=lambda: f"word{next(words)}"
    )
    return writing(eight_bit=eight_bit, utf8=utf8)


def test_whole() -> None:
    """Names, copies and further fields stand in the header, blind copies in the envelope alone."""
    one = message(
        "--cc",
        "Carol <carol@recipient.test>",
        "--bcc",
        "dave@recipient.test",
        "--header",
        "X-Class: 5A",
        "--subject",
        "hi",
    )
    octets = one.content.whole()
    assert [str(each.address) for each in one.envelope.recipients] == [
        "bob@recipient.test",
        "carol@recipient.test",
        "dave@recipient.test",
    ]
    assert b"Cc: Carol <carol@recipient.test>\r\n" in octets
    assert b"X-Class: 5A\r\n" in octets
    assert b"Message-ID: <word1@sender.test>\r\n" in octets
    assert b"dave" not in octets
    assert octets.endswith(b"\r\n\r\nHello\r\n")


def test_attachments(tmp_path: Path) -> None:
    """A file goes along under its own name, with the type that its name tells; what is packed is octets."""
    for name in ("thư.txt", "all.tar.gz", "noname"):
        (tmp_path / name).write_bytes(b"x\n")
    kinds = [attachment(str(tmp_path / name)).type for name in ("thư.txt", "all.tar.gz", "noname")]
    assert kinds == ["text/plain", "application/octet-stream", "application/octet-stream"]
    assert b"filename*=utf-8''th%C6%B0.txt" in message("--attach", str(tmp_path / "thư.txt")).content.whole()


def test_attached_message(tmp_path: Path) -> None:
    """A message saved on Unix is attached as a message, with the line ends of the wire."""
    (tmp_path / "old.eml").write_bytes(b"Subject: old\n\nHello\n")
    one = attachment(str(tmp_path / "old.eml"))
    assert (one.type, one.octets) == ("message/rfc822", b"Subject: old\r\n\r\nHello\r\n")


def test_reports() -> None:
    """--notify, --ret and --envid stand in the envelope, the last in xtext."""
    envelope = message("--notify", "success,failure", "--ret", "hdrs", "--envid", "a=1").envelope
    assert [one.notify for one in envelope.recipients] == [("SUCCESS", "FAILURE")]
    assert (envelope.ret, envelope.envid) == ("HDRS", "a+3D1")
    assert dsn_options(options("--notify", "never")).notify == ("NEVER",)


@pytest.mark.parametrize(
    ("argv", "said"),
    [
        (["--notify", "never,success"], "--notify"),
        (["--notify", "often"], "--notify"),
        (["--cc", "nobody"], "--cc nobody"),
        (["--header", "no colon"], "--header"),
        (["--header", "Subject: two"], "Subject"),
        (["--subject", "a\r\nBcc: evil@x.test"], "U\\+000D"),
    ],
)
def test_wrong_options(argv: list[str], said: str) -> None:
    """What cannot be written is named before a word is said to a server."""
    with pytest.raises(MessageError, match=said):
        message(*argv)


def test_text() -> None:
    """A text is UTF-8, with or without its mark; anything else is not guessed."""
    assert text_of(b"\xef\xbb\xbfCh\xc3\xa0o", "stdin") == "Chào"
    with pytest.raises(MessageError, match="not UTF-8"):
        text_of(b"\xff\xfe", "stdin")


def test_raw() -> None:
    """A whole message keeps its octets; Unix line ends become those of the wire, a mixture is refused."""
    sender = person("--from", "alice@sender.test")
    args = options("--to", "bob@recipient.test")
    one = raw(args, sender, b"Subject: x\r\n\r\n.\xc3\xa0\r\n")
    assert (one.content.whole(), one.envelope.eight_bit) == (b"Subject: x\r\n\r\n.\xc3\xa0\r\n", True)
    assert [str(each.address) for each in one.envelope.recipients] == ["bob@recipient.test"]
    assert raw(args, sender, b"a\nb").content.whole() == b"a\r\nb"
    with pytest.raises(MessageError, match="unix2dos"):
        raw(args, sender, b"a\r\nb\n")
    assert with_crlf(b"a\rb\n") == b"a\rb\n"


def test_several_people_in_one_word() -> None:
    """Kind: what another mail program takes. `--to 'a@x, b@y'` names two, also where a quoted name holds a comma."""
    args = options("--to", '"Doe, John" <john@recipient.test>, carol@recipient.test')
    one = written(args, person("--from", "a@sender.test"), "x", "en", now=0.0, word=lambda: "w")(
        eight_bit=True, utf8=True
    )
    assert [str(each.address) for each in one.envelope.recipients] == [
        "bob@recipient.test", "john@recipient.test", "carol@recipient.test",
    ]  # fmt: skip
    with pytest.raises(MessageError, match="--to nobody"):
        written(options("--to", "nobody, x@y.test"), person("--from", "a@b.test"), "x", "en", now=0.0, word=lambda: "w")


def test_addresses_stay_addresses() -> None:
    """A further field that names people keeps its addresses readable; a wrong one is named."""
    octets = message("--header", "Reply-To: Nguyễn <n@sender.test>, b@c.test").content.whole()
    assert b"Reply-To: =?utf-8?" in octets
    assert b"<n@sender.test>,\r\n b@c.test\r\n" in octets
    with pytest.raises(MessageError, match="Reply-To: Bad address"):
        message("--header", "Reply-To: Nguyễn")


def test_the_null_sender() -> None:
    """`--from '<>'` is the sender of a report; From names the mail system of the domain."""
    args = options("--from", "<>")
    writing = written(args, sender_of("<>", "sender.test"), "x", "en", now=0.0, word=lambda: "w")
    one = writing(eight_bit=True, utf8=True)
    assert one.envelope.sender is None
    assert b"From: Mail Delivery System <mailer-daemon@sender.test>\r\n" in one.content.whole()
    assert raw(args, sender_of("<>", "sender.test"), b"Subject: x\r\n\r\n").envelope.sender is None

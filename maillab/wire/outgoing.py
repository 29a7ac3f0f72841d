"""What a client writes to hand over a message, and what comes of it: MAIL, RCPT, the content with its dots
(RFC 5321 §4.1.1, §4.5.2), the waiting times (§4.5.3.2).

Rules for this file: no socket. The envelope goes out as it stands; nothing is parsed again, nothing repaired.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace

from maillab.mail.address import Address
from maillab.mail.envelope import Envelope, Recipient
from maillab.mail.line_ends import all_crlf
from maillab.mail.reply import Reply
from maillab.wire.reply_reader import NotOffered

_CONTROL = re.compile(rb"[\x00-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class Timeouts:
    """How long each phase may take, in seconds (RFC 5321 §4.5.3.2); each a total, however it dribbles (T073)."""

    connect: float = 60
    tls: float = 60
    greeting: float = 300
    command: float = 300  # EHLO, STARTTLS, AUTH, RSET
    mail: float = 300
    rcpt: float = 300
    data: float = 120
    block: float = 180
    dot: float = 600
    quit: float = 10

    @staticmethod
    def all(seconds: float) -> "Timeouts":
        """The same for every phase: for people who wait at a terminal."""
        every = Timeouts(**{field.name: seconds for field in fields(Timeouts)})
        return replace(every, quit=min(seconds, Timeouts().quit))


@dataclass(frozen=True, slots=True)
class TransactionResult:
    """What the server answered to one message.

    `rcpts` has one reply for each recipient, in order; where MAIL was refused, they are MAIL's reply. `data` is the
    answer to DATA or, after 354, to the end of the content; `None` when no recipient was accepted.
    """

    mail: Reply
    rcpts: tuple[Reply, ...]
    data: Reply | None

    @property
    def last_words(self) -> tuple[Reply, ...]:
        """For each recipient the reply that decides: 2yz means that the server took the message for them."""
        return tuple(self.data if reply.ok and self.data is not None else reply for reply in self.rcpts)


def result_of(mail: Reply, rcpts: Sequence[Reply], data: Reply | None) -> TransactionResult:
    """What the three say together: after a refused MAIL nothing else counts, and DATA only if somebody was accepted.

    >>> no = Reply(550, "", ("no",))
    >>> result_of(Reply(250, "", ("ok",)), [no], Reply(503, "", ("bad sequence",))).data is None
    True
    """
    if not mail.ok:
        return TransactionResult(mail, (mail,) * len(rcpts), None)
    return TransactionResult(mail, tuple(rcpts), data if any(reply.ok for reply in rcpts) else None)


class ContentError(ValueError):
    """A CR or LF that stands alone: RFC 5321 §2.3.8 forbids to send it, because servers disagree about what it ends."""


def line(text: str) -> bytes:
    """One command with its end. Raises `ValueError` for a control character, which would end it early.

    >>> line("NOOP")
    b'NOOP\\r\\n'
    """
    octets = text.encode("utf-8")
    if _CONTROL.search(octets):
        raise ValueError("control character in an SMTP command")
    return octets + b"\r\n"


def mail(envelope: Envelope, octets: int, offered: Mapping[str, str]) -> bytes:
    """The MAIL command, with the parameters that the server offers to understand.

    >>> mail(Envelope(None, ()), 42, {"SIZE": ""})
    b'MAIL FROM:<> SIZE=42\\r\\n'
    """
    words = [f"MAIL FROM:<{envelope.sender or ''}>"]
    if "SIZE" in offered:
        words.append(f"SIZE={octets}")  # RFC 1870 §6
    if envelope.eight_bit and "8BITMIME" in offered:
        words.append("BODY=8BITMIME")  # RFC 6152 §2
    if envelope.smtputf8 and "SMTPUTF8" in offered:
        words.append("SMTPUTF8")  # RFC 6531 §3.4
    if "DSN" in offered:
        words += [f"RET={envelope.ret}"] if envelope.ret else []  # RFC 3461 §4.3
        words += [f"ENVID={envelope.envid}"] if envelope.envid else []  # RFC 3461 §4.4
    return line(" ".join(words))


def rcpt(recipient: Recipient, offered: Mapping[str, str]) -> bytes:
    """The RCPT command of one recipient, with its own DSN parameters."""
    words = [f"RCPT TO:<{recipient.address}>"]
    if "DSN" in offered:
        words += [f"NOTIFY={','.join(recipient.notify)}"] if recipient.notify else []  # RFC 3461 §4.1
        words += [f"ORCPT={recipient.orcpt}"] if recipient.orcpt else []  # RFC 3461 §4.2
    return line(" ".join(words))


def lacking(envelope: Envelope, offered: Mapping[str, str]) -> NotOffered | None:
    """Why this envelope cannot go to a server that offers this, `None` when it can."""
    addresses: list[Address | None] = [envelope.sender, *(recipient.address for recipient in envelope.recipients)]
    needs_utf8 = envelope.smtputf8 or any(address is not None and not address.is_ascii for address in addresses)
    if needs_utf8 and "SMTPUTF8" not in offered:  # RFC 6531 §3.5
        return NotOffered("mail", Reply(550, "5.6.7", ("The next server does not offer SMTPUTF8",)))
    if needs_utf8 and not envelope.smtputf8:
        return NotOffered("mail", Reply(553, "5.6.7", ("A UTF-8 address needs SMTPUTF8",)))
    if envelope.eight_bit and "8BITMIME" not in offered:  # RFC 6152 §3
        return NotOffered("mail", Reply(554, "5.6.3", ("The next server does not offer 8BITMIME",)))
    return None


def stuffed(blocks: Iterable[bytes]) -> Iterator[bytes]:
    """Content as it stands on the wire: a dot before every line that begins with one, CRLF at the end, the end mark.

    Blocks may be cut anywhere. Raises `ContentError` at the first block with a lone CR or LF in it.

    >>> b"".join(stuffed([b".a\\r", b"\\n", b".b"]))
    b'..a\\r\\n..b\\r\\n.\\r\\n'
    """
    before = b"\r\n"  # what of the last block may begin a "CRLF dot"; a content begins as a line does
    held = b""
    for block in blocks:
        window = before + block
        unfinished = window.endswith(b"\r")
        if not all_crlf(window[:-1] if unfinished else window):
            raise ContentError("a CR or LF stands alone in the content")
        if held:
            yield held
        held = block if window.rfind(b"\r\n.") < 0 else window.replace(b"\r\n.", b"\r\n..")[len(before) :]
        before = b"\r\n" if window.endswith(b"\r\n") else b"\r" if unfinished else b""
    if before == b"\r":
        raise ContentError("the content ends in a lone CR")
    yield held + (b".\r\n" if before == b"\r\n" else b"\r\n.\r\n")

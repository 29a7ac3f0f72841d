"""POP3 on paper (RFC 1939, RFC 2449): command lines, status lines, and a message as it travels after +OK.

The message's two sides share it: how it is dressed, and how many octets a reader will have.
"""

import re
from dataclasses import dataclass

from maillab.mail.line_ends import all_crlf
from maillab.protocols.protocol import (
    AnswerForm,
    AnswerKind,
    ArgumentForm,
    Named,
    Protocol,
    Request,
    RequestKind,
    Verb,
    table,
)

COMMAND_OCTETS = 255  # RFC 2449 §4, with the CRLF
END = b".\r\n"  # RFC 1939 §3

_VERB = re.compile(rb"[A-Za-z][A-Za-z0-9]{2,3}(?![^ ])")
_VERDICT = re.compile(rb"\+OK|-ERR(?: \[([^\]\r\n]{1,100})\])?")
_CONTROL = re.compile(rb"[\x00-\x1f\x7f]")
_BARE_LF = re.compile(rb"(?<!\r)\n")


class Malformed(ValueError):  # noqa: N818 - said of the line, in the words of the trade
    """Not a command line of RFC 1939 §3; the text says why and repeats nothing of the line."""


@dataclass(frozen=True, slots=True)
class Pop3Command:
    """One command: the verb in capitals, the arguments as octets."""

    verb: str
    args: tuple[bytes, ...] = ()


@dataclass(frozen=True, slots=True)
class Status:
    """The first line of an answer; `code` is the response code without brackets (RFC 2449 §8), "" where none is."""

    ok: bool
    code: str
    text: str

    def wire(self) -> bytes:
        """The line as octets.

        >>> Status(False, "AUTH", "wrong name or password").wire()
        b'-ERR [AUTH] wrong name or password\\r\\n'
        """
        words = ("+OK" if self.ok else "-ERR", f"[{self.code}]" if self.code else "", self.text)
        return " ".join(word for word in words if word).encode() + b"\r\n"


def parse_command(line: bytes) -> Pop3Command:
    """Read a line with its ending (CRLF; a lone LF is read too). Raises `Malformed`.

    The argument of PASS is all that follows the first space: a password may hold spaces (RFC 1939 §7).

    >>> parse_command(b"retr 1\\r\\n"), parse_command(b"PASS a  b \\r\\n")
    (Pop3Command(verb='RETR', args=(b'1',)), Pop3Command(verb='PASS', args=(b'a  b ',)))
    """
    text = line.removesuffix(b"\n").removesuffix(b"\r")
    if _CONTROL.search(text):
        raise Malformed("a command line has no control characters")
    verb_match = _VERB.match(text)
    if not verb_match:
        raise Malformed("a command begins with a word of three or four characters")
    verb = verb_match.group().decode("ascii").upper()
    rest = text[verb_match.end() + 1 :]
    if verb == "PASS":
        return Pop3Command(verb, (rest,) if rest else ())
    return Pop3Command(verb, tuple(word for word in rest.split(b" ") if word))


def parse_number(word: bytes) -> int | None:
    """A number of ASCII digits, None for anything else: no sign, no exponent, no digits of other scripts.

    >>> parse_number(b"12"), parse_number(b"-1"), parse_number("٣".encode()), parse_number(b"9" * 5000)
    (12, None, None, None)
    """
    return int(word) if len(word) <= 20 and word.isascii() and word.isdigit() else None


class Stuffing:
    """A message as it travels in a multi-line answer, block by block: every line ended by CRLF, a dot before a dot.

    A bare LF (of a file that a stranger stored) becomes CRLF, since an answer is made of lines (RFC 1939 §3).

    >>> stuffing = Stuffing()
    >>> stuffing.feed(b"a\\r\\n."), stuffing.feed(b"b"), stuffing.end()
    (b'a\\r\\n..', b'b', b'\\r\\n')
    """

    def __init__(self) -> None:
        self._last = b""  # the last octet seen

    def feed(self, block: bytes) -> bytes:
        """The block as it goes out."""
        if not block:
            return b""
        last, self._last = self._last, block[-1:]
        if not all_crlf(block):
            before = b"\r" if last == b"\r" else b""
            block = _BARE_LF.sub(b"\r\n", before + block)[len(before) :]
        if last in (b"", b"\n") and block.startswith(b"."):
            block = b"." + block
        return block if block.rfind(b"\n.") < 0 else block.replace(b"\n.", b"\n..")

    def end(self) -> bytes:
        """What the last line lacks of its CRLF. The end mark is not part of it."""
        return b"" if self._last in (b"", b"\n") else (b"\n" if self._last == b"\r" else b"\r\n")


class Measure:
    """Counts a message's octets as a reader will have them: lines ended by CRLF, dots not doubled.

    >>> measure = Measure()
    >>> measure.feed(b"a\\nb"), measure.octets
    (None, 6)
    """

    def __init__(self) -> None:
        self._octets = 0
        self._last = b""

    def feed(self, block: bytes) -> None:
        """Count one more block."""
        if not block:
            return
        self._octets += len(block)
        if not all_crlf(block):
            self._octets += self._bare(block)
        self._last = block[-1:]

    def _bare(self, block: bytes) -> int:
        """How many LF stand alone."""
        bare = block.count(b"\n") - block.count(b"\r\n")
        if self._last == b"\r" and block.startswith(b"\n"):
            bare -= 1
        return bare

    @property
    def octets(self) -> int:
        """The size that LIST and RETR announce (RFC 1939 §11)."""
        return self._octets + {b"": 0, b"\n": 0, b"\r": 1}.get(self._last, 2)

    @property
    def unended(self) -> int:
        """The size without what the last line lacks of its CRLF: where the message itself says how long it is."""
        return self._octets


# ── the value ──


def _kind(line: bytes) -> AnswerKind:
    """RFC 1939 §3, and of a challenge RFC 5034 §4."""
    if line[:3].upper() == b"+OK":
        return AnswerKind.GOOD
    if line[:4].upper() == b"-ERR":
        return AnswerKind.PERMANENT
    return AnswerKind.CHALLENGE if line.rstrip(b"\r\n") == b"+" or line[:2] == b"+ " else AnswerKind.OTHER


def _goes_on(request: Request | None, first: bytes, line: bytes) -> bool:
    """RFC 1939 §3: some positive answers go on up to a lone dot."""
    if request is None or request.kind is not RequestKind.COMMAND or _kind(first) is not AnswerKind.GOOD:
        return False
    match request.row.answer:
        case AnswerForm.STATUS:
            return False
        case AnswerForm.LIST_OF_ALL if request.argument:
            return False
        case _:
            return line.rstrip(b"\r\n") != b"."


def _hangs_up(request: Request | None, line: bytes) -> bool:
    """After QUIT, and after a greeting that turns the client away."""
    return request.row.ends if request is not None else _kind(line) is AnswerKind.PERMANENT


def _verdict(line: bytes) -> str:
    """+OK, or -ERR with its response code in brackets (RFC 2449 §8)."""
    match = _VERDICT.match(line)
    return (match[0] if match else line.strip()).decode("utf-8", "backslashreplace")


POP3 = Protocol(
    "pop3",
    table(
        Verb("USER", names=Named.USER, typed=("USER ",)),
        Verb("PASS", typed=("PASS ",), argument=ArgumentForm.NONE, login=True),
        Verb("STAT", typed=("STAT",), again=True),
        Verb("LIST", typed=("LIST",), answer=AnswerForm.LIST_OF_ALL, again=True),
        Verb("UIDL", typed=("UIDL",), answer=AnswerForm.LIST_OF_ALL, again=True),
        Verb("RETR", typed=("RETR ",), answer=AnswerForm.MESSAGE, again=True),
        Verb("DELE", typed=("DELE ",)),
        Verb("TOP", typed=("TOP ",), answer=AnswerForm.MESSAGE, again=True),
        Verb("CAPA", typed=("CAPA",), answer=AnswerForm.LIST, offers=True, again=True),  # RFC 2449 §5
        Verb("QUIT", typed=("QUIT",), ends=True, again=True),
        Verb("RSET", typed=("RSET",), again=True),
        Verb("NOOP", typed=("NOOP",), argument=ArgumentForm.NONE, again=True),
        Verb("STLS", typed=("STLS",), tls=True),
        Verb("APOP", typed=("APOP ",), argument=ArgumentForm.WORD, login=True),
        Verb("AUTH", answer=AnswerForm.LIST_OF_ALL, argument=ArgumentForm.WORD, login=True),  # RFC 5034 §4
        Verb("UTF8"),
        Verb("LANG", answer=AnswerForm.LIST_OF_ALL),  # RFC 6856 §3
    ),
    then={
        "": ("USER", "STLS"),
        "STLS": ("USER",),
        "USER": ("PASS",),
        "PASS": ("STAT", "LIST", "RETR"),
        "APOP": ("STAT", "LIST", "RETR"),
        "AUTH": ("STAT", "LIST", "RETR"),
        "STAT": ("LIST", "RETR", "QUIT"),
        "LIST": ("RETR", "TOP", "QUIT"),
        "UIDL": ("RETR", "TOP", "QUIT"),
        "TOP": ("RETR", "DELE", "QUIT"),
        "RETR": ("RETR", "DELE", "QUIT"),
        "DELE": ("RETR", "RSET", "QUIT"),
        "RSET": ("LIST", "RETR", "QUIT"),
    },
    kind=_kind,
    goes_on=_goes_on,
    verdict=_verdict,
    mechanisms="SASL",
    challenge=b"+ ",
    hangs_up=_hangs_up,
    refusal=b"-ERR [SYS/TEMP] The record has no answer to this\r\n",
)

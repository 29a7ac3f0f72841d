"""How SMTP is written: commands, their parameters, replies. Bytes to values, for either side.

Rules for this file: what is wrong raises `Refused` with the reply that a server gives; what is only unusual is
read when `lenient`, and named in `tolerated`, so that a server can say it aloud.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

from maillab.mail.address import Address, AddressError
from maillab.mail.envelope import Recipient
from maillab.mail.reply import Refused, Reply, refused
from maillab.protocols.protocol import AnswerKind, ArgumentForm, ContentForm, Named, Protocol, Request, Verb, table

COMMAND_OCTETS = 512  # RFC 5321 §4.5.3.1.4, with CRLF
# Beyond that: SIZE (RFC 1870 §3), BODY, SMTPUTF8 (RFC 6531 §3.1), RET and ENVID (RFC 3461 §4.3-4.4), AUTH (RFC 4954 §3)
MAIL_OCTETS = COMMAND_OCTETS + 26 + 16 + 10 + 124 + 500
RCPT_OCTETS = COMMAND_OCTETS + 29 + 507  # NOTIFY and ORCPT (RFC 3461 §4.1-4.2)
AUTH_OCTETS = 12_288  # RFC 4954 §4
REPLY_OCTETS = 512  # RFC 5321 §4.5.3.1.5

_VERB = re.compile(rb"[A-Za-z][A-Za-z0-9]*\Z")
_BLANKS = re.compile(rb"[ \t]+")
_CODE = re.compile(rb"([2-5])([0-9]{2})(?=[ \r\n-]|\Z)")
_PATH = re.compile(rb"(?i)[ \t]*(?:FROM|TO)[ \t]*:[ \t]*(<[^>]{0,1000}>?|[^ \t\r\n]{0,1000})")
_VERDICT = re.compile(rb"([0-9]{3})[ -]?(?:([245]\.[0-9]{1,3}\.[0-9]{1,3})(?=[ \r\n]|\Z))?")
_CHUNK = re.compile(rb"(?i)\s*BDAT(?![A-Za-z0-9])")
_CONTROL = re.compile(rb"[\x00-\x08\x0a-\x1f\x7f]")
_PARAMETER = re.compile(r"([A-Za-z0-9][A-Za-z0-9-]*)(?:=([^\x00-\x20=\x7f]+))?\Z")
_XTEXT = re.compile(r"(?:[!-*,-<>-~]|\+[0-9A-F]{2})*\Z")
_ORCPT = re.compile(r"[!-:<-~]+;.+\Z")
_DIGITS = re.compile(r"[0-9]{1,20}\Z")
_HELLO = re.compile(
    r"[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?)*\Z|\[[0-9A-Za-z.:]+\]\Z"
)
HELLO_OCTETS = 255  # RFC 5321 §4.5.3.1.2
_NOT_IN_A_TRACE = re.compile(r"[^!-~]|[<>()\\\";:@,\[\]]")  # what would mean something in a Received field


@dataclass(frozen=True, slots=True)
class SmtpCommand:
    """A verb in capitals and what followed it, without the line end."""

    verb: str
    rest: str


@dataclass(frozen=True, slots=True)
class MailFrom:
    """MAIL FROM with its parameters. `size` is 0 when it was not said."""

    sender: Address | None
    size: int = 0
    eight_bit: bool = False
    smtputf8: bool = False
    ret: str = ""
    envid: str = ""
    tolerated: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RcptTo:
    """RCPT TO with its DSN parameters."""

    recipient: Recipient
    tolerated: tuple[str, ...] = ()


def read_command(line: bytes) -> SmtpCommand:
    """Read a command line whose end was already cut off. Raises `Refused` (500 5.5.2).

    Blanks at the end are borne (RFC 5321 §4.1.1), and a tab is as good as a space, as everywhere in the trade.

    >>> read_command(b"mail FROM:<a@b.test>")
    SmtpCommand(verb='MAIL', rest='FROM:<a@b.test>')
    """
    if not line.strip(b" \t"):
        raise refused(500, "5.5.2", "An empty line is no command")
    verb, rest = (*_BLANKS.split(line, maxsplit=1), b"")[:2]
    if not _VERB.match(verb) or _CONTROL.search(rest):
        raise refused(500, "5.5.2", "Not a command: control characters or no verb")
    try:
        text = rest.decode("utf-8")
    except UnicodeDecodeError as error:
        raise refused(500, "5.5.2", "Command is neither ASCII nor UTF-8") from error
    return SmtpCommand(verb.decode("ascii").upper(), text.strip(" \t"))


def announces_chunk(line: bytes) -> bool:
    """Is this line, however wrong, meant for a BDAT? Then octets follow that are no commands (RFC 3030 §2).

    >>> announces_chunk(b"bdat 5 x"), announces_chunk(b"BDATA 5")
    (True, False)
    """
    return bool(_CHUNK.match(line))


@dataclass(frozen=True, slots=True)
class Hello:
    """Who the client says it is; `name` can stand in a Received field."""

    name: str
    tolerated: tuple[str, ...] = ()


def read_hello(rest: str, *, lenient: bool) -> Hello:
    """The name after HELO or EHLO: a domain or an address literal (RFC 5321 §4.1.1.1). Raises `Refused`.

    `lenient` takes what computers are really called, and none at all. What a trace field could misread becomes "?",
    as Postfix does it.

    >>> read_hello("my_app_1", lenient=True), read_hello("PC Hai", lenient=True).name
    (Hello(name='my_app_1', tolerated=('hello-name',)), 'PC?Hai')
    """
    if _HELLO.match(rest) and len(rest) <= HELLO_OCTETS:
        return Hello(rest)
    if not lenient or len(rest.encode()) > HELLO_OCTETS:
        raise refused(501, "5.5.4", "Say who you are: EHLO your.host.name")
    if not rest:
        return Hello("unknown", ("hello",))
    return Hello(_NOT_IN_A_TRACE.sub("?", rest), ("hello-name",))


def read_mail(rest: str, *, lenient: bool = False, home: str = "") -> MailFrom:
    """Read what follows MAIL (RFC 5321 §4.1.1.2, RFC 1870, RFC 6152, RFC 6531, RFC 3461 §4.3-4.4). Raises `Refused`.

    When `lenient`, a local part alone is somebody of the domain `home`, as Postfix completes it.

    >>> read_mail("FROM:<a@b.test> SIZE=12 RET=HDRS ENVID=Ab+2B3").envid
    'Ab+2B3'
    """
    path, parameters, tolerated = _path_and_parameters(rest, "FROM:", "MAIL FROM:<address>", lenient)
    sender, completed = (None, ()) if path == "" else _address(path, home if lenient else "")
    size, eight_bit, smtputf8, ret, envid = 0, False, False, "", ""
    for key, value in parameters:
        if key == "SIZE" and value is not None and _DIGITS.match(value):
            size = int(value)
        elif key == "BODY" and value is not None and value.upper() in ("7BIT", "8BITMIME"):
            eight_bit = value.upper() == "8BITMIME"
        elif key == "SMTPUTF8" and value is None:
            smtputf8 = True
        elif key == "RET" and value is not None and value.upper() in ("FULL", "HDRS"):
            ret = value.upper()
        elif key == "ENVID" and value is not None and _XTEXT.match(value) and len(value) <= 100:
            envid = value
        elif key == "AUTH" and value is not None and (value == "<>" or _XTEXT.match(value)):
            pass  # RFC 4954 §5: who submitted it; this lab trusts nobody's word for it, so it is read and not passed on
        elif key in ("SIZE", "SMTPUTF8", "RET", "ENVID", "AUTH"):
            raise refused(501, "5.5.4", f"Bad value for {key}")
        elif key == "BODY":
            raise refused(555, "5.5.4", "This BODY type is not offered")
        else:
            raise refused(555, "5.5.4", "Unknown MAIL parameter")
    if sender is not None and not sender.is_ascii and not smtputf8:
        raise refused(553, "5.6.7", "A UTF-8 address needs the parameter SMTPUTF8")  # RFC 6531 §3.5
    return MailFrom(sender, size, eight_bit, smtputf8, ret, envid, tolerated + completed)


def read_rcpt(rest: str, *, smtputf8: bool = False, lenient: bool = False, home: str = "") -> RcptTo:
    """Read what follows RCPT (RFC 5321 §4.1.1.3, RFC 3461 §4.1-4.2). Raises `Refused`. `home` as for `read_mail`.

    >>> read_rcpt("TO:<bob@b.test> NOTIFY=success,failure").recipient.notify
    ('SUCCESS', 'FAILURE')
    """
    path, parameters, tolerated = _path_and_parameters(rest, "TO:", "RCPT TO:<address>", lenient)
    if not path:
        raise refused(501, "5.1.3", "A recipient cannot be empty")
    bare_postmaster = path.lower() == "postmaster"  # RFC 5321 §4.1.1.3
    address, completed = (Address(path, ""), ()) if bare_postmaster else _address(path, home if lenient else "")
    if not address.is_ascii and not smtputf8:
        raise refused(553, "5.6.7", "A UTF-8 address needs MAIL with the parameter SMTPUTF8")
    notify: tuple[str, ...] = ()
    orcpt = ""
    for key, value in parameters:
        if key == "NOTIFY" and value is not None:
            notify = _notify(value)
        elif key == "ORCPT" and value is not None and _ORCPT.match(value) and len(value) <= 500:
            orcpt = value
        elif key in ("NOTIFY", "ORCPT"):
            raise refused(501, "5.5.4", f"Bad value for {key}")
        else:
            raise refused(555, "5.5.4", "Unknown RCPT parameter")
    return RcptTo(Recipient(address, notify, orcpt), tolerated + completed)


def read_bdat(rest: str) -> tuple[int, bool]:
    """BDAT's chunk size in octets, and is it the last (RFC 3030 §2)? Raises `Refused`.

    >>> read_bdat("120 LAST")
    (120, True)
    """
    size, _, last = rest.partition(" ")
    if not _DIGITS.match(size) or last.upper() not in ("", "LAST"):
        raise refused(501, "5.5.4", "Say BDAT size, or BDAT size LAST")
    return int(size), bool(last)


def xtext(text: str) -> str:
    """Encode as xtext of RFC 3461 §4.

    >>> xtext("a+b=c")
    'a+2Bb+3Dc'
    """
    return "".join(c if "!" <= c <= "~" and c not in "+=" else "".join(f"+{o:02X}" for o in c.encode()) for c in text)


def unxtext(text: str) -> str:
    """Decode xtext; what it cannot mean stays as it is. The result may hold anything: escape it before it is written.

    >>> unxtext("Ab+2B3"), unxtext("+FF")
    ('Ab+3', '\\udcff')
    """
    octets = text.encode("utf-8", "surrogatepass")
    decoded = re.sub(rb"\+([0-9A-F]{2})", lambda found: bytes([int(found[1], 16)]), octets)
    return decoded.decode("utf-8", "surrogateescape")


def announced_chunk(line: bytes) -> tuple[int, bool]:
    """How many octets of content follow this line of a client at once, and are they the last (RFC 3030 §2)?

    >>> announced_chunk(b"BDAT 120 LAST\\r\\n"), announced_chunk(b"NOOP\\r\\n")
    ((120, True), (0, False))
    """
    try:
        command = read_command(line.rstrip(b"\r\n"))
        return read_bdat(command.rest) if command.verb == "BDAT" and line.endswith(b"\n") else (0, False)
    except Refused:
        return 0, False


def _path_and_parameters(
    rest: str, word: str, syntax: str, lenient: bool
) -> tuple[str, list[tuple[str, str | None]], tuple[str, ...]]:
    """Path without brackets and source route, parameters with keys in capitals, rules bent."""
    if rest[: len(word)].upper() != word:
        raise refused(501, "5.5.4", f"Syntax: {syntax}")
    after = rest[len(word) :]
    path_text = after.lstrip(" ")
    tolerated = []
    if path_text != after:
        if not lenient:
            raise refused(501, "5.5.4", f"Syntax: {syntax}, without a space after the colon")  # RFC 5321 §3.3
        tolerated.append("space")
    if path_text.startswith("<"):
        path, tail = _bracketed(path_text)
        if tail and not tail.startswith(" "):
            raise refused(501, "5.5.4", f"Syntax: {syntax}, then a space before parameters")
    elif lenient and path_text:
        path, _, tail = path_text.partition(" ")
        tolerated.append("brackets")
    else:
        raise refused(501, "5.5.4", f"Syntax: {syntax}, with the angle brackets")
    return _without_route(path), _parameters(tail), tuple(tolerated)


def _bracketed(text: str) -> tuple[str, str]:
    """What stands between < and the > that closes it outside quotes, and what follows."""
    quoted = escaped = False
    for at, char in enumerate(text[1:], 1):
        if escaped:
            escaped = False
        elif quoted and char == "\\":
            escaped = True
        elif char == '"':
            quoted = not quoted
        elif char == ">" and not quoted:
            return text[1:at], text[at + 1 :]
    raise refused(501, "5.1.3", "Path is not closed by >")


def _without_route(path: str) -> str:
    """A source route is read and ignored (RFC 5321 §4.1.1.3, appendix C)."""
    return path.partition(":")[2] if path.startswith("@") and ":" in path else path


def _parameters(text: str) -> list[tuple[str, str | None]]:
    parameters: list[tuple[str, str | None]] = []
    for word in text.split():
        match = _PARAMETER.match(word)
        if not match:
            raise refused(501, "5.5.4", "Malformed parameter")
        key = match[1].upper()
        if any(key == other for other, _ in parameters):
            raise refused(501, "5.5.4", f"{key} given twice")
        parameters.append((key, match[2]))
    return parameters


def _notify(value: str) -> tuple[str, ...]:
    words = tuple(value.upper().split(","))
    if words != ("NEVER",) and (not set(words) <= {"SUCCESS", "FAILURE", "DELAY"} or len(set(words)) != len(words)):
        raise refused(501, "5.5.4", "Bad value for NOTIFY")
    return words


def _address(path: str, home: str) -> tuple[Address, tuple[str, ...]]:
    """The address, and the rule that was bent when `home` had to be added to it."""
    try:
        try:
            return Address.parse(path), ()
        except AddressError:
            if not home:
                raise
            return Address.parse(path, home), ("domain",)
    except AddressError:
        raise
    except (ValueError, RecursionError) as error:  # nothing else is expected; a parser never answers with its own fault
        raise AddressError(Reply(501, "5.1.3", ("Bad address",))) from error


# ── the value ──


def _kind(line: bytes) -> AnswerKind:
    """RFC 5321 §4.2.1, and of 334 RFC 4954 §4."""
    return _kind_of_code(line[:4])


@lru_cache(1_024)
def _kind_of_code(beginning: bytes) -> AnswerKind:
    code = _CODE.match(beginning)
    if code is None:
        return AnswerKind.OTHER
    special = {b"354": AnswerKind.GO_AHEAD, b"334": AnswerKind.CHALLENGE}.get(code[0])
    return special or {b"4": AnswerKind.TEMPORARY, b"5": AnswerKind.PERMANENT}.get(code[1], AnswerKind.GOOD)


def _goes_on(_request: Request | None, _first: bytes, line: bytes) -> bool:
    """RFC 5321 §4.2.1: every line of a reply but the last has a hyphen behind its code."""
    return line[3:4] == b"-" and line[:3].isdigit()


def _path(argument: bytes) -> bytes | None:
    """The address after FROM: or TO:, with or without brackets; b"" for <>."""
    match = _PATH.match(argument)
    return match[1].strip(b"<>") if match else None


def _verdict(line: bytes) -> str:
    """Code and enhanced code."""
    match = _VERDICT.match(line)
    words = match.groups() if match else (line.strip(),)
    return " ".join(word.decode("utf-8", "backslashreplace") for word in words if word)


def _hangs_up(request: Request | None, line: bytes) -> bool:
    """RFC 5321 §4.1.1.10 and §3.8."""
    return (request is not None and request.row.ends) or line[:3] in (b"221", b"421")


def _text(line: bytes) -> bytes:
    return line[4:] if line[3:4] in (b" ", b"-") and line[:3].isdigit() else line


_NO_ARGUMENT, _PATH_FORM = ArgumentForm.NONE, ArgumentForm.PATH

SMTP = Protocol(
    "smtp",
    table(
        Verb("EHLO", "", ("EHLO ",), argument=_NO_ARGUMENT, names=Named.CLIENT, offers=True, afresh=True, again=True),
        Verb("HELO", "", ("HELO ",), argument=_NO_ARGUMENT, names=Named.CLIENT, afresh=True, again=True),
        Verb("LHLO", argument=_NO_ARGUMENT, names=Named.CLIENT, offers=True, afresh=True, again=True),
        Verb("MAIL", "MAIL FROM", ("MAIL FROM:<",), argument=_PATH_FORM, names=Named.SENDER, afresh=True),
        Verb("RCPT", "RCPT TO", ("RCPT TO:<",), argument=_PATH_FORM, names=Named.RECIPIENT),
        Verb("DATA", typed=("DATA",), content=ContentForm.DOTTED),
        Verb("QUIT", typed=("QUIT",), ends=True, afresh=True, again=True),
        Verb("RSET", typed=("RSET",), afresh=True, again=True),
        Verb("NOOP", typed=("NOOP",), argument=_NO_ARGUMENT, again=True),
        Verb("VRFY", typed=("VRFY ",)),
        Verb("HELP", typed=("HELP",), again=True),
        Verb("STARTTLS", typed=("STARTTLS",), tls=True),
        Verb("AUTH", typed=("AUTH PLAIN ", "AUTH LOGIN"), argument=ArgumentForm.WORD, login=True),
        Verb("BDAT", typed=("BDAT ",), argument=_NO_ARGUMENT, content=ContentForm.COUNTED),
        Verb("EXPN"),
    ),
    then={
        "": ("EHLO",),
        "EHLO": ("MAIL", "AUTH", "STARTTLS"),
        "HELO": ("MAIL",),
        "STARTTLS": ("EHLO",),
        "AUTH": ("MAIL",),
        "MAIL": ("RCPT",),
        "RCPT": ("RCPT", "DATA"),
        "DATA": ("MAIL", "QUIT"),
        "BDAT": ("MAIL", "QUIT"),
        "RSET": ("MAIL", "QUIT"),
    },
    kind=_kind,
    status_last=True,
    goes_on=_goes_on,
    chunk=announced_chunk,
    path=_path,
    verdict=_verdict,
    text=_text,
    mechanisms="AUTH",
    challenge=b"334 ",
    hangs_up=_hangs_up,
    refusal=b"451 4.3.0 The record has no answer to this\r\n",
    line_rule="RFC 5321 section 2.3.8",
)

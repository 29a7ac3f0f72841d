"""The words of a command (RFC 9051 §9): a cursor that goes through what was said, once, from left to right.

Rules for this file: `x()` gives None where no x stands and does not move, `expect_x()` raises `BadSyntax`, which says
what was expected and repeats nothing of what came. Every pattern is tried at one place only, so the time is linear.
"""

import re
from typing import TypeVar

from maillab.mail.content import Content
from maillab.protocols.imap.spoken import SpokenCommand

T = TypeVar("T")

NUMBER = 2**32 - 1  # RFC 9051 §9: number
NUMBER64 = 2**63 - 1

_TAG = re.compile(rb"""[!#$&',\-./0-9:;<=>?@A-Z\[\]^_`a-z|}~]+""")
_ATOM = re.compile(rb"""[!#$&'+,\-./0-9:;<=>?@A-Z\[^_`a-z|}~]+""")
_ASTRING = re.compile(rb"""[!#$&'+,\-./0-9:;<=>?@A-Z\[\]^_`a-z|}~]+""")
_PATTERN = re.compile(rb"""[!#$%&'*+,\-./0-9:;<=>?@A-Z\[\]^_`a-z|}~]+""")
_QUOTED = re.compile(rb'"((?:[^"\\\r\n\x00]++|\\["\\])*+)"')
_ESCAPED = re.compile(rb'\\(["\\])')
_MARKER = re.compile(rb"~?\{[0-9]+\+?\}\r?\n")
_NAME = re.compile(rb"[A-Za-z][A-Za-z0-9.\-]*")
_BASE64 = re.compile(rb"[A-Za-z0-9+/]+={0,2}|=")
_BLANKS = re.compile(rb" *\r?\n?\Z")
_NUMBER = re.compile(rb"[0-9]+")
_FLAG = re.compile(rb"""\\?[!#$&'+,\-./0-9:;<=>?@A-Z\[^_`a-z|}~]+""")
_SEQUENCE = re.compile(rb"[0-9*:,]+|\$")
_LINE_END = re.compile(rb"\r?\n\Z")


class BadSyntax(ValueError):  # noqa: N818 - said of the command, in the words of the trade
    """Not what RFC 9051 §9 calls a command. `sentence` says why; `tag` is what the answer begins with."""

    def __init__(self, sentence: str, tag: bytes = b"*") -> None:
        super().__init__(sentence)
        self.sentence, self.tag = sentence, tag


class Cursor:
    """Goes through a command. `at` is the place in its text.

    >>> cursor = Cursor(SpokenCommand(b'a LOGIN "b\\\\"ob" {3}\\r\\n\\r\\n', (b"x y",)))
    >>> cursor.expect_tag(), cursor.space(), cursor.expect_atom(), cursor.space()
    (b'a', True, b'LOGIN', True)
    >>> cursor.expect_astring(), cursor.space(), cursor.expect_astring(), cursor.at_end
    (b'b"ob', True, b'x y', True)
    """

    def __init__(self, spoken: SpokenCommand) -> None:
        self._text = spoken.text
        self._literals = spoken.literals
        self._next_literal = 0
        self.at = 0

    @property
    def at_end(self) -> bool:
        """Has everything been read, but for the end of the line?"""
        return bool(_LINE_END.match(self._text, self.at)) or self.at == len(self._text)

    @property
    def at_last_blanks(self) -> bool:
        """Does nothing but blanks follow? They are borne at the end of a command."""
        return bool(_BLANKS.match(self._text, self.at))

    def expect_end(self) -> None:
        """Nothing more may follow; blanks at the end are borne."""
        if not self.at_last_blanks:
            raise BadSyntax("Something follows that does not belong to this command")

    def peek(self, octets: bytes) -> bool:
        """Do these octets come next?"""
        return self._text.startswith(octets, self.at)

    def take(self, octets: bytes) -> bool:
        """Go past these octets, if they come next."""
        if not self.peek(octets):
            return False
        self.at += len(octets)
        return True

    def expect(self, octets: bytes) -> None:
        """These octets must come."""
        if not self.take(octets):
            raise BadSyntax(f"Expected {_called(octets)}")

    def space(self) -> bool:
        """Go past one space, if it comes next."""
        return self.take(b" ")

    def expect_space(self) -> None:
        """One space must come."""
        self.expect(b" ")

    def word(self, *words: str) -> str | None:
        """Whichever of these words comes next, in any case and up to something that is no letter of an atom."""
        match = _ATOM.match(self._text, self.at)
        found = match[0].decode("ascii").upper() if match else ""
        if found not in words:
            return None
        self.at += len(found)
        return found

    def expect_word(self, *words: str) -> str:
        """One of these words must come."""
        if (found := self.word(*words)) is None:
            raise BadSyntax(f"Expected {' or '.join(words[:20])}")
        return found

    def name(self) -> str | None:
        """A name of the protocol, in capitals: letters, digits, dots and hyphens, as in BODY.PEEK."""
        match = _NAME.match(self._text, self.at)
        if match is None:
            return None
        self.at = match.end()
        return match[0].decode("ascii").upper()

    def expect_name(self) -> str:
        """A name of the protocol must come."""
        return _there(self.name(), "a word")

    def expect_tag(self) -> bytes:
        """The tag that a command begins with: an astring without + (RFC 9051 §9)."""
        return self._expected(_TAG, "a tag")

    def atom(self) -> bytes | None:
        """An atom: a word without any special character."""
        return self._matched(_ATOM)

    def expect_atom(self) -> bytes:
        """An atom must come."""
        return self._expected(_ATOM, "a word")

    def quoted(self) -> bytes | None:
        """A quoted string, without its quotes."""
        match = _QUOTED.match(self._text, self.at)
        if match is None:
            return None
        self.at = match.end()
        return _ESCAPED.sub(rb"\1", match[1]) if b"\\" in match[1] else match[1]

    def literal(self) -> bytes | Content | None:
        """A literal's octets."""
        match = _MARKER.match(self._text, self.at)
        if match is None or self._next_literal >= len(self._literals):
            return None
        self.at = match.end()
        self._next_literal += 1
        return self._literals[self._next_literal - 1]

    def string(self) -> bytes | None:
        """A quoted string or a short literal without NUL."""
        if (quoted := self.quoted()) is not None:
            return quoted
        before, taken = self.at, self._next_literal
        octets = self.literal()
        if isinstance(octets, Content):
            self.at, self._next_literal = before, taken
            return None
        if octets is not None and b"\x00" in octets:
            raise BadSyntax("A string holds no NUL")
        return octets

    def expect_string(self) -> bytes:
        """A string must come."""
        return _there(self.string(), "a string")

    def astring(self) -> bytes | None:
        """A word or a string."""
        word = self._matched(_ASTRING)
        return self.string() if word is None else word

    def expect_astring(self) -> bytes:
        """A word or a string must come."""
        return _there(self.astring(), "a word or a string")

    def list_mailbox(self) -> bytes | None:
        """A pattern of mailbox names, in which % and * may stand without quotes."""
        word = self._matched(_PATTERN)
        return self.string() if word is None else word

    def expect_list_mailbox(self) -> bytes:
        """A pattern of mailbox names must come."""
        return _there(self.list_mailbox(), "a mailbox pattern")

    def nil(self) -> bool:
        """Go past NIL, if it comes next."""
        return self.word("NIL") is not None

    def expect_nstring(self) -> bytes | None:
        """A string or NIL must come."""
        return None if self.nil() else self.expect_string()

    def number(self, most: int = NUMBER) -> int | None:
        """A number of ASCII digits, at most `most`."""
        match = _NUMBER.match(self._text, self.at)
        if match is None:
            return None
        digits = match[0].lstrip(b"0") or b"0"
        if len(digits) > 20 or int(digits) > most:
            raise BadSyntax("A number is too large")
        self.at = match.end()
        return int(digits)

    def expect_number(self, most: int = NUMBER) -> int:
        """A number must come."""
        return _there(self.number(most), "a number")

    def expect_nz_number(self, most: int = NUMBER) -> int:
        """A number other than 0 must come."""
        return self.expect_number(most) or _there(None, "a number greater than 0")

    def expect_sequence(self) -> bytes:
        """The octets of a set of numbers, such as 1:3,5,7:*, or the $ of a saved search; `sequence.py` reads them."""
        return self._expected(_SEQUENCE, "a set of message numbers")

    def base64(self) -> bytes:
        """Octets in base64, as they stand, or = for none; whether they are base64 is for whoever decodes them."""
        return self._expected(_BASE64, "base64")

    def flag(self) -> bytes | None:
        """A flag: a keyword, or a backslash and a word."""
        return self._matched(_FLAG)

    def flag_list(self) -> tuple[bytes, ...] | None:
        """Flags in parentheses."""
        if not self.take(b"("):
            return None
        flags: list[bytes] = []
        while not self.take(b")"):
            if flags:
                self.expect_space()
            flags.append(_there(self.flag(), "a flag"))
        return tuple(flags)

    def flags(self) -> tuple[bytes, ...]:
        """Flags in parentheses, or without them up to the end (RFC 9051 §9: store-att-flags)."""
        if (listed := self.flag_list()) is not None:
            return listed
        flags = [_there(self.flag(), "a flag")]
        while self.space():
            flags.append(_there(self.flag(), "a flag"))
        return tuple(flags)

    def _matched(self, pattern: "re.Pattern[bytes]") -> bytes | None:
        match = pattern.match(self._text, self.at)
        if match is None:
            return None
        self.at = match.end()
        return match[0]

    def _expected(self, pattern: "re.Pattern[bytes]", what: str) -> bytes:
        return _there(self._matched(pattern), what)


def _there(found: T | None, what: str) -> T:
    if found is None:
        raise BadSyntax(f"Expected {what}")
    return found


def _called(octets: bytes) -> str:
    return {b" ": "a space", b"(": "an opening parenthesis", b")": "a closing parenthesis"}.get(
        octets, octets.decode("ascii")
    )

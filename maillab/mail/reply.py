"""A server's answer, as a value: what SMTP says after a command, and what an error that reaches the wire carries."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Reply:
    """One SMTP reply: code, enhanced code ("5.1.1", or "" where none applies) and one or more lines of text.

    >>> Reply(550, "5.1.1", ("No such mailbox",)).wire()
    b'550 5.1.1 No such mailbox\\r\\n'
    """

    code: int
    enhanced: str
    lines: tuple[str, ...]

    def __post_init__(self) -> None:
        """A reply can never become two: line ends and controls in its text are replaced, whoever wrote it."""
        if not self.lines or not "".join(self.lines).isprintable():
            clean = tuple("".join(c if c.isprintable() else "?" for c in line) for line in self.lines) or ("",)
            object.__setattr__(self, "lines", clean)

    @property
    def ok(self) -> bool:
        """2yz or 3yz: the command was accepted."""
        return 200 <= self.code < 400

    @property
    def later(self) -> bool:
        """Not now: 4yz, and every code that no server should say (RFC 5321 §4.2.1 knows 2 to 5)."""
        return not self.ok and not self.never

    @property
    def never(self) -> bool:
        """5yz: trying again unchanged will not help."""
        return 500 <= self.code < 600

    @property
    def text(self) -> str:
        """Code, enhanced code and the lines joined by a space: for a log, a bounce, a screen."""
        words = " ".join(line for line in self.lines if line)
        return " ".join(part for part in (str(self.code), self.enhanced, words) if part)

    def wire(self) -> bytes:
        """The reply as octets, every line ended by CRLF, the hyphen on all but the last (RFC 5321 §4.2.1).

        A code without text keeps its blank: clients of RFC 4954 §4 look for "334 " (RFC 5321 §4.2).
        """
        *most, last = self.lines
        words = [f"{self.code}-{self.enhanced} {line}" if self.enhanced else f"{self.code}-{line}" for line in most]
        words.append(f"{self.code} " + " ".join(part for part in (self.enhanced, last) if part))
        return b"".join(word.encode("utf-8", "replace") + b"\r\n" for word in words)


class Refused(Exception):  # noqa: N818 - a fact in the past tense, as the trade says it
    """Something asked for was refused; carries the `Reply` that says so on the wire."""

    def __init__(self, reply: Reply) -> None:
        super().__init__(reply.text)
        self.reply = reply


def refused(code: int, enhanced: str, text: str) -> Refused:
    """A `Refused` from its three parts."""
    return Refused(Reply(code, enhanced, (text,)))

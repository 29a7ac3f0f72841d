"""A protocol as one value: what is said in it, and how its answers are read. Whoever must know that asks this value.

Rules for this file: it names no protocol, and imports little, so that `maillab explain 550` answers at once. A new
protocol is a `Protocol` in a file beside this one and a row in the table of services; nothing that follows, explains,
records or replays a talk has to be touched.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from enum import StrEnum
from pathlib import Path
from typing import NamedTuple

_CODE = re.compile(rb"[0-9]{3}|[-+][A-Z]{2,3}")


class AnswerKind(StrEnum):
    """What the line of a server says of the request that it answers."""

    GOOD = "good"
    GO_AHEAD = "go-ahead"  # the content is wanted now
    CHALLENGE = "challenge"  # the next line of the client is a response of a login
    TEMPORARY = "temporary"
    PERMANENT = "permanent"
    OTHER = "other"  # no status: a row of a list, a line of a message


class AnswerForm(StrEnum):
    """How far the answer to a command goes, when it is positive."""

    STATUS = "status"
    LIST = "list"  # up to a lone dot
    LIST_OF_ALL = "list-of-all"  # up to a lone dot, where the command stands without an argument
    MESSAGE = "message"  # with a message in it, which may be the end of it, up to a lone dot


class ContentForm(StrEnum):
    """Does a command announce a message's content, and how does that end?"""

    NONE = "none"
    DOTTED = "dotted"  # after the go-ahead, up to a lone dot
    COUNTED = "counted"  # at once, so many octets
    LITERAL = "literal"  # so many octets, at once or after the go-ahead; then the command goes on


class ArgumentForm(StrEnum):
    """What of an argument distinguishes one request from another of the same verb."""

    WHOLE = "whole"
    WORD = "word"  # the first word: a mechanism, a user
    PATH = "path"  # the address in brackets
    NONE = "none"  # it is a name of the client, a length, a secret


class Named(StrEnum):
    """Whom the argument of a command names."""

    NOBODY = "nobody"
    CLIENT = "client"  # the host that speaks
    USER = "user"
    SENDER = "sender"
    RECIPIENT = "recipient"


class Verb(NamedTuple):
    """A command. `gloss` is the key of its explanation, `typed` are the ways in which a person begins to type it.

    `offers`: its answer lists what the server can do. `login`: a secret follows. `tls`: TLS follows a positive answer;
    `deflates`: both sides deflate after one (RFC 4978). `waits`: news follow its answer until the client ends it.
    `runs`: a client asks it of one thing after the other, and what comes of that is one piece of news.
    `ends`: the talk ends with it. `afresh`: nothing of a transaction before it counts. `again`: said once more, it is
    answered as before.
    """

    name: str
    gloss: str = ""
    typed: tuple[str, ...] = ()
    answer: AnswerForm = AnswerForm.STATUS
    content: ContentForm = ContentForm.NONE
    argument: ArgumentForm = ArgumentForm.WHOLE
    names: Named = Named.NOBODY
    offers: bool = False
    login: bool = False
    tls: bool = False
    deflates: bool = False
    waits: bool = False
    runs: bool = False
    ends: bool = False
    afresh: bool = False
    again: bool = False


def table(*verbs: Verb) -> Mapping[str, Verb]:
    """The verbs by their names.

    >>> list(table(Verb("NOOP"), Verb("QUIT", ends=True)))
    ['NOOP', 'QUIT']
    """
    return {verb.name: verb for verb in verbs}


class RequestKind(StrEnum):
    """What a line of a client is."""

    COMMAND = "command"
    RESPONSE = "response"  # to a challenge of a login: all of it is secret
    END = "end"  # of a content: the lone dot
    REST = "rest"  # of a command that went on behind a literal, or after a go-ahead


class Announced(NamedTuple):
    """A literal that a line ends with: so many octets follow, and then the line goes on (RFC 9051 §4.3).

    `waits`: a client sends them after a go-ahead only.
    """

    octets: int
    waits: bool


def rest_of_words(line: bytes) -> bytes:
    """What follows the first word, without blanks around it."""
    return b"".join(line.split(None, 1)[1:]).strip()


class Request:
    """What wants an answer. `verb` is the command's word in capitals, also of its responses and of its content's end.

    `line` is its beginning without the secret in it. `mark` is what the caller wants to be reminded of: the number of
    the entry, say. `completes`: with it a message's content is whole. `tag` is what its answer begins with.
    `goes_on`: nothing answers it, since it ends inside of a literal, or before one that waits for nobody.
    """

    __slots__ = ("_argument_of", "answered", "completes", "goes_on", "kind", "line", "mark", "row", "tag", "verb")

    def __init__(
        self,
        kind: RequestKind,
        verb: str,
        line: bytes,
        row: Verb,
        mark: int = 0,
        *,
        completes: bool = False,
        tag: bytes = b"",
        argument_of: Callable[[bytes], bytes] = rest_of_words,
    ) -> None:
        self.kind, self.verb, self.line, self.row, self.mark = kind, verb, line, row, mark
        self.completes, self.answered, self.tag, self.goes_on = completes, False, tag, False
        self._argument_of = argument_of

    @property
    def argument(self) -> bytes:
        """What follows the verb, without blanks around it; b"" of what is no command."""
        return self._argument_of(self.line) if self.kind is RequestKind.COMMAND else b""


class AnswerLine(NamedTuple):
    """A line of an answer. `request` is what it answers: None for the greeting, and for what nobody asked.

    `first` and `last` tell where in the answer it stands; `kind` is what the status line says, as far as it was heard.
    """

    request: Request | None
    first: bool
    last: bool
    kind: AnswerKind


def first_word(line: bytes) -> str:
    """The verb that a line of a client begins with, in capitals; "" for an empty line.

    >>> first_word(b"mail FROM:<a@b.test>\\r\\n")
    'MAIL'
    """
    words = line.split(None, 1)
    return words[0].decode("ascii", "replace").upper() if words else ""


def _words(line: bytes) -> list[str]:
    return line.decode("utf-8", "replace").split()


def _one_line(_request: Request | None, _first: bytes, _line: bytes) -> bool:
    return False


def _code_of(line: bytes) -> str:
    code = _CODE.match(line)
    return code[0].decode("ascii") if code else ""


def _at_the_end(request: Request | None, _line: bytes) -> bool:
    return request is not None and request.row.ends


class Protocol(NamedTuple):
    """How a protocol is spoken. `name` is its word in lower case; "" is the one that nobody knows.

    `then` are the commands that usually follow one which went well, and behind "" those that a talk begins with; after
    one that is not in it the same fit as before.
    `kind` reads the line of a server that says how it went: the first of an answer, or the last (`status_last`).
    `goes_on(request, first, line)`: does the answer to this request, which began with `first`, go on after `line`?
    `until_asked`: an answer goes on until the next request comes.
    `argument_of` is what follows the verb. `tag_of`: the word that a request begins with, and the last line of its
    answer; None where there are no tags. `answering(request, text)`: the text as a line that answers a
    request. `code_of`: the code in a line of an answer, "" for none.
    `literal`, `told_literal`: what a line of a client, or of a server, ends with.
    `chunk`: how many octets of content follow this command at once, and are they the last?
    `path` is the address that an argument names, without brackets; None where it names none.
    `verdict` is what counts of a status line, whatever its wording: "250 2.1.5".
    `text` is a line of an answer without what stands on every line of it.
    `all_offers` is what a line begins with that offers everything at once.
    `mechanisms` is the word in an offer before the mechanisms of a login, `challenge` what a challenge begins with.
    `hangs_up(request, line)`: does the server hang up after this answer?
    `refusal` is what a server says to a request of which it knows nothing.
    `line_rule` names the rule that demands CR LF at the end of a server's line.
    `glosses` is a table of explanations of its own, with the columns of `views/glosses.csv`.
    """

    name: str
    verbs: Mapping[str, Verb] = {}
    then: Mapping[str, tuple[str, ...]] = {}
    greets: bool = True  # the server speaks first
    kind: Callable[[bytes], AnswerKind] = lambda _line: AnswerKind.OTHER
    status_last: bool = False
    goes_on: Callable[[Request | None, bytes, bytes], bool] = _one_line
    until_asked: bool = False
    verb_of: Callable[[bytes], str] = first_word
    argument_of: Callable[[bytes], bytes] = rest_of_words
    tag_of: Callable[[bytes], bytes] | None = None
    answering: Callable[[bytes, bytes], bytes] = lambda _request, text: text
    code_of: Callable[[bytes], str] = _code_of
    literal: Callable[[bytes], Announced | None] = lambda _line: None
    told_literal: Callable[[bytes], Announced | None] = lambda _line: None
    chunk: Callable[[bytes], tuple[int, bool]] = lambda _line: (0, False)
    path: Callable[[bytes], bytes | None] = lambda _argument: None
    verdict: Callable[[bytes], str] = lambda line: line.strip().decode("utf-8", "backslashreplace")
    text: Callable[[bytes], bytes] = lambda line: line
    all_offers: bytes = b""
    mechanisms: str = ""
    challenge: bytes = b""
    hangs_up: Callable[[Request | None, bytes], bool] = _at_the_end
    refusal: bytes = b""
    line_rule: str = ""
    glosses: Path | None = None

    def __hash__(self) -> int:
        return hash(self.name)

    def verb(self, name: str) -> Verb:
        """The row of a verb; of an unknown one, a row that says nothing but its name."""
        return self.verbs.get(name) or Verb(name)

    def offers(self, lines: Iterable[bytes]) -> dict[str, tuple[str, ...]]:
        """What a server says it can do, in capitals: the name of each ability, and the words behind it.

        `lines` is the whole answer; its first line offers nothing. The obsolete AUTH= is read as AUTH.

        >>> Protocol("echo").offers([b"ready\\r\\n", b"SIZE 1000\\r\\n", b"AUTH=login plain\\r\\n", b".\\r\\n"])
        {'SIZE': ('1000',), 'AUTH': ('LOGIN', 'PLAIN')}
        """
        offered: dict[str, tuple[str, ...]] = {}
        for words in self._offered(lines):
            if words and words != ["."]:
                offered[words[0]] = offered.get(words[0], ()) + tuple(words[1:])
        return offered

    def _offered(self, lines: Iterable[bytes]) -> Iterator[list[str]]:
        """The words of each ability."""
        if not self.all_offers:
            for line in tuple(lines)[1:]:
                yield _words(self.text(line).upper().replace(b"AUTH=", b"AUTH "))
            return
        for line in lines:
            if line[: len(self.all_offers)].upper() == self.all_offers:
                yield from (word.split("=", 1) for word in _words(line[len(self.all_offers) :].upper()))


UNKNOWN = Protocol("", greets=False)  # every line of a client is a request, every line of a server answers one

"""Reading a whole command: its tag, its verb, and what its verb asks for (RFC 9051 §9: command).

Rules for this file: one function a verb, and at the foot the table of them: all that can be read on one screen.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from enum import StrEnum
from typing import TypeAlias, TypeVar

from maillab.protocols.imap import commands as say
from maillab.protocols.imap.dates import parse_moment
from maillab.protocols.imap.fetch import parse_items
from maillab.protocols.imap.flags import parse_flags
from maillab.protocols.imap.lexer import NUMBER64, BadSyntax, Cursor
from maillab.protocols.imap.names import SEPARATOR, parse_mailbox
from maillab.protocols.imap.search import parse_keys
from maillab.protocols.imap.sequence import SequenceSet, numbers_in, parse_sequence_set
from maillab.protocols.imap.spoken import SpokenCommand
from maillab.protocols.imap.values import StatusItem

WordOf = TypeVar("WordOf", bound=StrEnum)

ID_FIELDS = 30  # RFC 2971 §3.3
_SPECIAL = ("\\All", "\\Archive", "\\Drafts", "\\Flagged", "\\Important", "\\Junk", "\\Sent", "\\Trash")  # RFC 6154 §2


class Reading:
    """A cursor over the arguments of a command, and what was agreed on before it."""

    def __init__(self, cursor: Cursor, *, utf8: bool, by_uid: bool = False) -> None:
        self.cursor = cursor
        self.by_uid = by_uid
        self._utf8 = utf8

    def mailbox(self) -> str:
        """A space, and a mailbox's name."""
        self.cursor.expect_space()
        return parse_mailbox(self.cursor.expect_astring(), utf8=self._utf8)

    def pattern(self) -> str:
        """A pattern of names."""
        return parse_mailbox(self.cursor.expect_list_mailbox(), utf8=self._utf8)

    def sequence(self) -> SequenceSet:
        """A space, and a set of numbers."""
        self.cursor.expect_space()
        return parse_sequence_set(self.cursor.expect_sequence())

    def word(self) -> str:
        """A space, and a word in capitals."""
        self.cursor.expect_space()
        return self.cursor.expect_atom().decode("ascii").upper()

    def one_of(self, words: type[WordOf]) -> WordOf:
        """One of the words of an enumeration."""
        return words(self.cursor.expect_word(*(word.value for word in words)))

    def listed(self, words: type[WordOf]) -> tuple[WordOf, ...]:
        """Some of them in parentheses, at least one."""
        self.cursor.expect(b"(")
        return tuple(dict.fromkeys(self.rest_of_list(words)))

    def rest_of_list(self, words: type[WordOf]) -> list[WordOf]:
        """Some of them up to a closing parenthesis; the opening one was read already."""
        found = [self.one_of(words)]
        while not self.cursor.take(b")"):
            self.cursor.expect_space()
            found.append(self.one_of(words))
        return found


Reader: TypeAlias = Callable[[Reading], say.ImapCommand]


def parse_command(spoken: SpokenCommand, *, utf8: bool = False) -> tuple[bytes, say.ImapCommand]:
    """The tag of a command, and what it wants. `utf8`: UTF8=ACCEPT was enabled (RFC 6855 §3), or IMAP4rev2.

    Raises `BadSyntax`, which knows the tag, if there was one.

    >>> parse_command(SpokenCommand(b"a1 select Inbox\\r\\n"))
    (b'a1', SelectCommand(mailbox='INBOX', read_only=False, condstore=False, resynchronise=None))
    """
    cursor = Cursor(spoken)
    tag = b"*"
    try:
        said = cursor.expect_tag()
        if not cursor.space():
            raise BadSyntax("A command is a tag, a space, and a verb")
        tag = said
        return tag, _command(cursor, utf8)
    except BadSyntax as error:
        raise BadSyntax(error.sentence, tag) from None


def parse_append_mailbox(begun: SpokenCommand, *, utf8: bool = False) -> str:
    """The folder that an APPEND names, of which no message has come yet. Raises `BadSyntax`.

    >>> parse_append_mailbox(SpokenCommand(b"a1 APPEND Sent (\\\\Seen) {310}\\r\\n"))
    'Sent'
    """
    cursor = Cursor(begun)
    tag = cursor.expect_tag()
    try:
        cursor.expect_space()
        cursor.expect_word("APPEND")
        return Reading(cursor, utf8=utf8).mailbox()
    except BadSyntax as error:
        raise BadSyntax(error.sentence, tag) from None


def _command(cursor: Cursor, utf8: bool) -> say.ImapCommand:
    name = cursor.name() or ""
    by_uid = name == "UID"
    if by_uid:
        cursor.expect_space()
        name = cursor.name() or ""
    reader = (BY_UID if by_uid else READERS).get(name)
    if reader is None:
        raise BadSyntax("There is no such command")
    command = reader(Reading(cursor, utf8=utf8, by_uid=by_uid))
    cursor.expect_end()
    return command


# ── in any state ──


def _id(reading: Reading) -> say.IdCommand:
    """RFC 2971 §3.1."""
    cursor = reading.cursor
    cursor.expect_space()
    fields: list[tuple[str, bytes | None]] = []
    if cursor.nil():
        return say.IdCommand()
    cursor.expect(b"(")
    while not cursor.take(b")"):
        if len(fields) == ID_FIELDS:
            raise BadSyntax("ID has at most 30 fields")  # T213
        if fields:
            cursor.expect_space()
        name = cursor.expect_string().decode("ascii", "replace").lower()
        cursor.expect_space()
        fields.append((name, cursor.expect_nstring()))
    return say.IdCommand(tuple(fields))


# ── not authenticated ──


def _authenticate(reading: Reading) -> say.AuthenticateCommand:
    mechanism = reading.word()
    if not reading.cursor.space():
        return say.AuthenticateCommand(mechanism)
    initial = reading.cursor.base64()  # RFC 4959 §3
    return say.AuthenticateCommand(mechanism, initial)


def _login(reading: Reading) -> say.LoginCommand:
    reading.cursor.expect_space()
    user = reading.cursor.expect_astring()
    reading.cursor.expect_space()
    return say.LoginCommand(user, reading.cursor.expect_astring())


# ── authenticated ──


def _enable(reading: Reading) -> say.EnableCommand:
    capabilities = [reading.word()]
    while not reading.cursor.at_last_blanks:
        capabilities.append(reading.word())
    return say.EnableCommand(tuple(capabilities))


def _select(reading: Reading) -> say.SelectCommand:
    command = say.SelectCommand(reading.mailbox())
    cursor = reading.cursor
    if not cursor.take(b" ("):
        return command
    while True:
        match cursor.expect_word("CONDSTORE", "QRESYNC"):
            case "CONDSTORE":
                command = replace(command, condstore=True)
            case _:
                cursor.expect_space()
                command = replace(command, condstore=True, resynchronise=_resynchronise(cursor))
        if cursor.take(b")"):
            return command
        cursor.expect_space()


def _examine(reading: Reading) -> say.SelectCommand:
    return replace(_select(reading), read_only=True)


def _resynchronise(cursor: Cursor) -> say.Resynchronise:
    """RFC 7162 §3.2.5: (validity modseq [known-uids] [(numbers uids)])."""
    cursor.expect(b"(")
    validity = cursor.expect_nz_number()
    cursor.expect_space()
    told = say.Resynchronise(validity, cursor.expect_nz_number(NUMBER64))
    if cursor.take(b")"):
        return told
    cursor.expect_space()
    if not cursor.peek(b"("):
        told = replace(told, known=numbers_in(cursor.expect_sequence()))
        if cursor.take(b")"):
            return told
        cursor.expect_space()
    cursor.expect(b"(")
    numbers_in(cursor.expect_sequence())  # and the UIDs of some numbers: a hint for a server that forgets UIDs
    cursor.expect_space()
    numbers_in(cursor.expect_sequence())
    cursor.expect(b")")
    cursor.expect(b")")
    return told


def _create(reading: Reading) -> say.CreateCommand:
    name = reading.mailbox()
    command = say.CreateCommand(name.removesuffix(SEPARATOR))  # RFC 9051 §6.3.4: others will follow below it
    if not reading.cursor.space():
        return command
    reading.cursor.expect(b"(")
    reading.cursor.expect_word("USE")  # RFC 6154 §3
    reading.cursor.expect_space()
    flags = reading.cursor.flag_list() or ()
    reading.cursor.expect(b")")
    return replace(command, special=tuple(_special(flag) for flag in flags))


def _special(octets: bytes) -> str:
    known = {use.lower(): use for use in _SPECIAL}
    return known.get(octets.decode("ascii").lower(), octets.decode("ascii"))


def _rename(reading: Reading) -> say.RenameCommand:
    return say.RenameCommand(reading.mailbox(), reading.mailbox())


def _list(reading: Reading) -> say.ListCommand:
    """RFC 9051 §6.3.9, RFC 5258 §6."""
    cursor = reading.cursor
    select: frozenset[say.ListSelection] = frozenset()
    extended = cursor.take(b" (")
    if extended and not cursor.take(b")"):
        select = frozenset(reading.rest_of_list(say.ListSelection))
    if {say.ListSelection.RECURSIVEMATCH} == select - {say.ListSelection.REMOTE}:
        raise BadSyntax("RECURSIVEMATCH needs something to match")  # RFC 9051 §6.3.9.1
    reference = reading.mailbox()
    cursor.expect_space()
    patterns = [] if cursor.take(b"(") else [reading.pattern()]
    if not patterns:
        extended = True
        patterns.append(reading.pattern())
        while cursor.space():
            patterns.append(reading.pattern())
        cursor.expect(b")")
    command = say.ListCommand(reference, tuple(patterns), select, extended=extended)
    return _list_returns(reading, command) if _returns(cursor) else command


def _returns(cursor: Cursor) -> bool:
    """RETURN in any case, and what opens its list."""
    before = cursor.at
    if cursor.space() and cursor.word("RETURN") and cursor.take(b" ("):
        return True
    cursor.at = before
    return False


def _list_returns(reading: Reading, command: say.ListCommand) -> say.ListCommand:
    cursor = reading.cursor
    returns: set[say.ListReturn] = set()
    status: tuple[StatusItem, ...] = ()
    words = [word.value for word in say.ListReturn]
    while not cursor.take(b")"):
        match cursor.expect_word(*words, "STATUS"):
            case "STATUS":  # RFC 5819 §2
                cursor.expect_space()
                status = reading.listed(StatusItem)
            case word:
                returns.add(say.ListReturn(word))
        if not cursor.peek(b")"):
            cursor.expect_space()
    return replace(command, returns=frozenset(returns), status=status, extended=True)


def _lsub(reading: Reading) -> say.LsubCommand:
    reference = reading.mailbox()
    reading.cursor.expect_space()
    return say.LsubCommand(reference, reading.pattern())


def _status(reading: Reading) -> say.StatusCommand:
    mailbox = reading.mailbox()
    reading.cursor.expect_space()
    return say.StatusCommand(mailbox, reading.listed(StatusItem))


def _append(reading: Reading) -> say.AppendCommand:
    mailbox = reading.mailbox()
    messages = [_message(reading.cursor)]
    while not reading.cursor.at_last_blanks:  # RFC 3502
        messages.append(_message(reading.cursor))
    return say.AppendCommand(mailbox, tuple(messages))


def _message(cursor: Cursor) -> say.AppendedMessage:
    """Flags, a moment, a literal; UTF8 (literal) (RFC 6855 §4)."""
    cursor.expect_space()
    flags = cursor.flag_list()
    if flags is not None:
        cursor.expect_space()
    said = cursor.quoted()
    if said is not None:
        cursor.expect_space()
    is_in_brackets = cursor.word("UTF8") is not None  # RFC 6855 §4: octets are stored as they are in any case
    if is_in_brackets:
        cursor.expect_space()
        cursor.expect(b"(")
    if (content := cursor.literal()) is None:
        raise BadSyntax("A message is said as a literal")
    if is_in_brackets:
        cursor.expect(b")")
    internal = parse_moment(said) if said is not None else None
    return say.AppendedMessage(content, parse_flags(flags or ()), internal)


def _quota(reading: Reading) -> say.QuotaCommand:
    return say.QuotaCommand(reading.mailbox())


# ── selected ──


def _expunge(reading: Reading) -> say.ExpungeCommand:
    return say.ExpungeCommand(reading.sequence() if reading.by_uid else None)


def _search_returns(reading: Reading) -> frozenset[say.SearchReturn] | None:
    """RFC 9051 §6.4.4: RETURN and its options; () is ALL."""
    if not _returns(reading.cursor):
        return None
    if reading.cursor.take(b")"):
        return frozenset({say.SearchReturn.ALL})
    return frozenset(reading.rest_of_list(say.SearchReturn))


def _search(reading: Reading) -> say.SearchCommand:
    cursor = reading.cursor
    returns = _search_returns(reading)
    cursor.expect_space()
    charset = ""
    if cursor.word("CHARSET"):
        charset = _charset(reading)
        cursor.expect_space()
    return say.SearchCommand(parse_keys(cursor), reading.by_uid, returns, charset)


def _charset(reading: Reading) -> str:
    reading.cursor.expect_space()
    return reading.cursor.expect_astring().decode("ascii", "replace").upper()


def _sort(reading: Reading) -> say.SortCommand:
    cursor = reading.cursor
    returns = _search_returns(reading)
    cursor.expect_space()
    cursor.expect(b"(")
    criteria = [_criterion(reading)]
    while cursor.space():
        criteria.append(_criterion(reading))
    cursor.expect(b")")
    charset = _charset(reading)
    cursor.expect_space()
    return say.SortCommand(tuple(criteria), charset, parse_keys(cursor), reading.by_uid, returns)


def _criterion(reading: Reading) -> say.SortCriterion:
    reverse = reading.cursor.word("REVERSE") is not None
    if reverse:
        reading.cursor.expect_space()
    return say.SortCriterion(reading.one_of(say.SortField), reverse)


def _thread(reading: Reading) -> say.ThreadCommand:
    reading.cursor.expect_space()
    algorithm = reading.one_of(say.ThreadAlgorithm)
    charset = _charset(reading)
    reading.cursor.expect_space()
    return say.ThreadCommand(algorithm, charset, parse_keys(reading.cursor), reading.by_uid)


def _fetch(reading: Reading) -> say.FetchCommand:
    cursor = reading.cursor
    sequence = reading.sequence()
    cursor.expect_space()
    command = say.FetchCommand(sequence, parse_items(cursor), reading.by_uid)
    if not cursor.take(b" ("):
        return command
    while True:  # RFC 7162 §3.1.4.1, §3.2.6
        match cursor.expect_word("CHANGEDSINCE", "VANISHED"):
            case "CHANGEDSINCE":
                cursor.expect_space()
                command = replace(command, changed_since=cursor.expect_number(NUMBER64))
            case _:
                command = replace(command, vanished=True)
        if cursor.take(b")"):
            break
        cursor.expect_space()
    if command.vanished and (command.changed_since is None or not command.by_uid):
        raise BadSyntax("VANISHED goes with UID FETCH and CHANGEDSINCE")
    return command


def _store(reading: Reading) -> say.StoreCommand:
    cursor = reading.cursor
    sequence = reading.sequence()
    cursor.expect_space()
    unchanged_since = None
    if cursor.take(b"("):  # RFC 7162 §3.1.3
        cursor.expect_word("UNCHANGEDSINCE")
        cursor.expect_space()
        unchanged_since = cursor.expect_number(NUMBER64)
        cursor.expect(b")")
        cursor.expect_space()
    sign = next((sign for sign in ("+", "-") if cursor.take(sign.encode())), "")
    silent = cursor.expect_word("FLAGS", "FLAGS.SILENT") == "FLAGS.SILENT"
    cursor.expect_space()
    flags = parse_flags(cursor.flags())
    return say.StoreCommand(sequence, sign, flags, reading.by_uid, silent, unchanged_since)


def _copy(reading: Reading) -> say.CopyCommand:
    return say.CopyCommand(reading.sequence(), reading.mailbox(), reading.by_uid)


def _move(reading: Reading) -> say.MoveCommand:
    return say.MoveCommand(reading.sequence(), reading.mailbox(), reading.by_uid)


READERS: Mapping[str, Reader] = {
    "CAPABILITY": lambda _: say.CapabilityCommand(),
    "NOOP": lambda _: say.NoopCommand(),
    "LOGOUT": lambda _: say.LogoutCommand(),
    "ID": _id,
    "STARTTLS": lambda _: say.StartTlsCommand(),
    "AUTHENTICATE": _authenticate,
    "LOGIN": _login,
    "ENABLE": _enable,
    "SELECT": _select,
    "EXAMINE": _examine,
    "CREATE": _create,
    "DELETE": lambda reading: say.DeleteCommand(reading.mailbox()),
    "RENAME": _rename,
    "SUBSCRIBE": lambda reading: say.SubscribeCommand(reading.mailbox()),
    "UNSUBSCRIBE": lambda reading: say.SubscribeCommand(reading.mailbox(), wanted=False),
    "LIST": _list,
    "LSUB": _lsub,
    "NAMESPACE": lambda _: say.NamespaceCommand(),
    "STATUS": _status,
    "APPEND": _append,
    "IDLE": lambda _: say.IdleCommand(),
    "GETQUOTA": _quota,
    "GETQUOTAROOT": lambda reading: say.QuotaRootCommand(reading.mailbox()),
    "COMPRESS": lambda reading: say.CompressCommand(reading.word()),
    "CHECK": lambda _: say.CheckCommand(),
    "CLOSE": lambda _: say.CloseCommand(),
    "UNSELECT": lambda _: say.UnselectCommand(),
    "EXPUNGE": _expunge,
    "SEARCH": _search,
    "SORT": _sort,
    "THREAD": _thread,
    "FETCH": _fetch,
    "STORE": _store,
    "COPY": _copy,
    "MOVE": _move,
}
BY_UID = {name: READERS[name] for name in ("FETCH", "STORE", "COPY", "MOVE", "SEARCH", "SORT", "THREAD", "EXPUNGE")}

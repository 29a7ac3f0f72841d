"""Whole commands: what each of them means, and what none of them may be."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maillab.mail.content import Content
from maillab.protocols.imap import commands as say
from maillab.protocols.imap.fetch import BodySection, FetchAttribute
from maillab.protocols.imap.lexer import BadSyntax
from maillab.protocols.imap.parse import BY_UID, READERS, parse_command
from maillab.protocols.imap.search import EveryKey, FlagKey, HeaderKey
from maillab.protocols.imap.sequence import parse_sequence_set
from maillab.protocols.imap.spoken import SpokenCommand
from maillab.protocols.imap.values import StatusItem
from tests.protocols.imap.commanding import read

ALL = parse_sequence_set(b"1:*")


@pytest.mark.parametrize(
    ("text", "command"),
    [
        (b"CAPABILITY", say.CapabilityCommand()),
        (b"noop ", say.NoopCommand()),
        (b"LOGOUT", say.LogoutCommand()),
        (b"ID NIL", say.IdCommand()),
        (b'ID ("NAME" "mutt" "version" NIL)', say.IdCommand((("name", b"mutt"), ("version", None)))),
        (b"STARTTLS", say.StartTlsCommand()),
        (b"AUTHENTICATE plain", say.AuthenticateCommand("PLAIN")),
        (b"AUTHENTICATE PLAIN AGJvYgBib2I=", say.AuthenticateCommand("PLAIN", b"AGJvYgBib2I=")),
        (b"AUTHENTICATE EXTERNAL =", say.AuthenticateCommand("EXTERNAL", b"=")),
        (b'LOGIN bob "b\\"ob"', say.LoginCommand(b"bob", b'b"ob')),
        (b"ENABLE CONDSTORE utf8=accept", say.EnableCommand(("CONDSTORE", "UTF8=ACCEPT"))),
        (b"SELECT inbox", say.SelectCommand("INBOX")),
        (b"EXAMINE &AbA- (CONDSTORE)", say.SelectCommand("ư", read_only=True, condstore=True)),
        (b"CREATE a/b/", say.CreateCommand("a/b")),
        (b"CREATE Gesendet (USE (\\sent))", say.CreateCommand("Gesendet", ("\\Sent",))),
        (b"DELETE a", say.DeleteCommand("a")),
        (b'RENAME a "b c"', say.RenameCommand("a", "b c")),
        (b"SUBSCRIBE a", say.SubscribeCommand("a")),
        (b"UNSUBSCRIBE a", say.SubscribeCommand("a", wanted=False)),
        (b'LIST "" ""', say.ListCommand("", ("",))),
        (b'LIST "" %', say.ListCommand("", ("%",))),
        (b'LSUB "" *', say.LsubCommand("", "*")),
        (b"NAMESPACE", say.NamespaceCommand()),
        (b"STATUS a (MESSAGES uidnext)", say.StatusCommand("a", (StatusItem.MESSAGES, StatusItem.UIDNEXT))),
        (b"IDLE", say.IdleCommand()),
        (b'GETQUOTA ""', say.QuotaCommand("")),
        (b"GETQUOTAROOT INBOX", say.QuotaRootCommand("INBOX")),
        (b"COMPRESS deflate", say.CompressCommand("DEFLATE")),
        (b"CHECK", say.CheckCommand()),
        (b"CLOSE", say.CloseCommand()),
        (b"UNSELECT", say.UnselectCommand()),
        (b"EXPUNGE", say.ExpungeCommand()),
        (b"UID EXPUNGE 1:*", say.ExpungeCommand(ALL)),
        (b"FETCH 1:* UID", say.FetchCommand(ALL, (FetchAttribute.UID,))),
        (b"uid fetch 1:* (UID)", say.FetchCommand(ALL, (FetchAttribute.UID,), by_uid=True)),
        (b"STORE 1:* +FLAGS (\\Seen)", say.StoreCommand(ALL, "+", ("\\Seen",))),
        (
            b"UID STORE 1:* -FLAGS.SILENT \\Seen a",
            say.StoreCommand(ALL, "-", ("\\Seen", "a"), by_uid=True, silent=True),
        ),
        (b"STORE 1:* FLAGS ()", say.StoreCommand(ALL, "", ())),
        (b"STORE 1:* FLAGS (Work work)", say.StoreCommand(ALL, "", ("Work",))),
        (b"FETCH 1:* PREVIEW (CHANGEDSINCE 5)", say.FetchCommand(ALL, (FetchAttribute.PREVIEW,), changed_since=5)),
        (
            b"STORE 1:* (UNCHANGEDSINCE 12) FLAGS (a)",
            say.StoreCommand(ALL, "", ("a",), unchanged_since=12),
        ),
        (b"COPY 1:* a", say.CopyCommand(ALL, "a")),
        (b"UID COPY 1:* a", say.CopyCommand(ALL, "a", by_uid=True)),
        (b"MOVE $ a", say.MoveCommand(parse_sequence_set(b"$"), "a")),
        (b"SEARCH ALL", say.SearchCommand(EveryKey())),
        (
            b'THREAD REFERENCES utf-8 SUBJECT "x"',
            say.ThreadCommand(say.ThreadAlgorithm.REFERENCES, "UTF-8", HeaderKey("SUBJECT", "x")),
        ),
    ],
)
def test_commands(text, command):
    """A command in any case is a value."""
    assert read(text) == command


def test_every_verb_is_read_somewhere():
    """The cases above go through the whole table."""
    told = {text.split()[0].upper().decode() for text, _ in test_commands.pytestmark[0].args[1]} - {"UID"}
    assert told | {"APPEND", "SORT"} == set(READERS)


# ── with what stands behind ──


def test_select_of_one_who_knows_it():
    """What is known already comes along."""  # RFC 7162 §3.2.5
    short = read(b"SELECT INBOX (QRESYNC (67890007 20050715194045000 41,43:211))")
    assert short.condstore
    assert short.resynchronise == say.Resynchronise(67890007, 20050715194045000, ((41, 41), (43, 211)))
    bare = read(b"SELECT INBOX (QRESYNC (7 9) CONDSTORE)")
    assert bare.resynchronise == say.Resynchronise(7, 9)
    pairs = read(b"SELECT INBOX (QRESYNC (7 9 1:30 (1:4,10 5:6,9:10,20)))")
    assert pairs.resynchronise == say.Resynchronise(7, 9, ((1, 30),))
    assert read(b"SELECT INBOX (QRESYNC (7 9 (1:4294967295 1:4294967295)))").resynchronise == say.Resynchronise(7, 9)
    with pytest.raises(BadSyntax):
        read(b"SELECT INBOX (QRESYNC (7 9 (* 1)))")


def test_extended_lists():
    """What is chosen, and what is told of it."""
    command = read(b'LIST (SUBSCRIBED RECURSIVEMATCH) "" (INBOX "a/%") RETURN (CHILDREN STATUS (MESSAGES SIZE))')
    assert command == say.ListCommand(
        "",
        ("INBOX", "a/%"),
        frozenset({say.ListSelection.SUBSCRIBED, say.ListSelection.RECURSIVEMATCH}),
        frozenset({say.ListReturn.CHILDREN}),
        (StatusItem.MESSAGES, StatusItem.SIZE),
        extended=True,
    )
    assert read(b'LIST () "" "*" return ()').extended
    assert read(b'LIST "" % RETURN (SPECIAL-USE)').returns == {say.ListReturn.SPECIAL_USE}
    assert not read(b'LIST "" %').extended


def test_appended_messages():
    """One or several, each with flags and a moment, or without; one may be a file."""
    message = Content(b"x", None)
    assert read(b"APPEND a {1}\r\n", b"x") == say.AppendCommand("a", (say.AppendedMessage(b"x"),))
    two = read(b'APPEND a (\\Seen) "01-Jan-1970 00:00:09 +0000" {1}\r\n () ~{1+}\r\n', message, b"\x00")
    assert two.messages == (say.AppendedMessage(message, ("\\Seen",), 9.0), say.AppendedMessage(b"\x00"))
    assert read(b"APPEND a UTF8 (~{1}\r\n)", b"x").messages == (say.AppendedMessage(b"x"),)


def test_searches():
    """What shall be told, in which alphabet, and of which messages."""
    plain = read(b"UID SEARCH RETURN (MIN COUNT) CHARSET utf-8 SEEN")
    assert plain == say.SearchCommand(
        FlagKey("\\Seen"), True, frozenset({say.SearchReturn.MIN, say.SearchReturn.COUNT}), "UTF-8"
    )
    assert read(b"SEARCH RETURN () ALL").returns == {say.SearchReturn.ALL}
    assert read(b"SEARCH RETURN (SAVE) ALL").returns == {say.SearchReturn.SAVE}
    assert read(b"SEARCH ALL").returns is None


def test_sorts():
    """Fields, each of them turned round or not."""
    command = read(b"UID SORT RETURN (COUNT) (REVERSE DATE subject) UTF-8 ALL")
    assert command.criteria == (
        say.SortCriterion(say.SortField.DATE, reverse=True),
        say.SortCriterion(say.SortField.SUBJECT),
    )
    assert (command.by_uid, command.charset, command.returns) == (True, "UTF-8", {say.SearchReturn.COUNT})


def test_fetch_of_what_has_changed():
    """Modifiers stand behind the items."""
    command = read(b"UID FETCH 1:* (FLAGS BODY.PEEK[]) (CHANGEDSINCE 12345 VANISHED)")
    assert (command.changed_since, command.vanished) == (12345, True)
    assert command.items == (FetchAttribute.FLAGS, BodySection(peek=True))


def test_names_in_utf8():
    """Once UTF-8 is agreed on, & is a letter."""
    assert read(b'SELECT "&AbA-"', utf8=True) == say.SelectCommand("&AbA-")
    assert read(b"SELECT {3}\r\n", "ư".encode()) == say.SelectCommand("ư")


# ── what is none ──


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"NONSENSE",
        b"NOOP x",
        b"UID NOOP",
        b"UID",
        b"LOGIN bob",
        b"LOGIN bob bob bob",
        b'LOGIN bob "bob',
        b"LOGIN bob {-1}",  # T194
        b"LOGIN bob {5+",  # T194
        b"LOGIN bob {+}",  # T194
        b"SELECT",
        b"SELECT  INBOX",
        b"SELECT a b",
        b"SELECT a (NONSENSE)",
        b"SELECT a ()",
        b"SELECT a (QRESYNC (0 1))",
        b"SELECT a (QRESYNC (1 1 *))",
        b"SELECT a (CONDSTORE",
        b"CREATE a (USE \\Sent)x",
        b'LIST ""',
        b'LIST (RECURSIVEMATCH) "" *',
        b'LIST "" ()',
        b'LIST "" * RETURN (NONSENSE)',
        b'LIST "" * RETURN (CHILDREN',
        b"STATUS a ()",
        b"STATUS a (NONSENSE)",
        b"APPEND a",
        b"APPEND a x",
        b"APPEND a (\\Recent) {1}\r\n",
        b'APPEND a "yesterday" {1}\r\n',
        b"ID (name x)",
        b'ID ("name")',
        b"ID (" + b" ".join([b'"a" "b"'] * 10_000) + b")",  # T213
        b"ENABLE",
        b"EXPUNGE 1",
        b"UID EXPUNGE",
        b"FETCH 1",
        b"FETCH x UID",
        b"FETCH 1 UID (CHANGEDSINCE)",
        b"FETCH 1 UID (CHANGEDSINCE 1 VANISHED)",
        b"UID FETCH 1 UID (VANISHED)",
        b"STORE 1 FLAGS",
        b"STORE 1 *FLAGS (a)",
        b"STORE 1 FLAGS (\\Recent)",
        b"SEARCH",
        b"SEARCH CHARSET",
        b"SEARCH RETURN (NONSENSE) ALL",
        b"SEARCH " + b"(" * 3_000,  # T197
        b"SORT (NONSENSE) UTF-8 ALL",
        b"SORT () UTF-8 ALL",
        b"THREAD NONSENSE UTF-8 ALL",
        b"AUTHENTICATE PLAIN !",
        b"COPY 1",
        b"SELECT \xff",
        b"SELECT a\x00b",
    ],
)
def test_bad_commands(text):
    """What is wrong is said of the command, under its tag, and nothing of it is repeated."""
    with pytest.raises(BadSyntax) as caught:
        read(text, b"x")
    assert caught.value.tag == b"a"
    assert caught.value.sentence.isascii()
    assert len(caught.value.sentence) < 300


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"\r\n",
        b"a\r\n",
        b"+ NOOP\r\n",
        b"a+b NOOP\r\n",
        b"* NOOP\r\n",
        b"a{ NOOP\r\n",
        b"\x00 NOOP\r\n",
        b" NOOP\r\n",
    ],
)
def test_no_tag(text):
    """Where no tag can be read, the answer has none."""  # T213
    with pytest.raises(BadSyntax) as caught:
        parse_command(SpokenCommand(text))
    assert caught.value.tag == b"*"


def test_a_long_tag():
    """A tag of a thousand octets is one."""  # T213
    assert parse_command(SpokenCommand(b"t" * 1_000 + b" NOOP\r\n"))[0] == b"t" * 1_000


VERBS = st.sampled_from([name.encode() for name in READERS] + [b"UID " + name.encode() for name in BY_UID])
ARGUMENTS = st.sampled_from(
    [
        b" ",
        b"(",
        b")",
        b'"',
        b"1:*",
        b"INBOX",
        b"{1}\r\n",
        b"~{1+}\r\n",
        b"FLAGS",
        b"BODY[",
        b"]",
        b"RETURN",
        b"NIL",
        b"\\Seen",
    ]
)


@given(VERBS, st.lists(ARGUMENTS | st.binary(max_size=4), max_size=12))
def test_whatever_comes(verb, words):
    """A command, or bad syntax; never anything else."""
    try:
        tag, _ = parse_command(SpokenCommand(b"a " + verb + b"".join(words) + b"\r\n", (b"x", Content(b"y"))))
    except BadSyntax as error:
        tag = error.tag
    assert tag == b"a"


@given(st.binary(max_size=40))
def test_any_octets(octets):
    """The same of anything at all."""
    try:
        parse_command(SpokenCommand(octets))
    except BadSyntax:
        pass

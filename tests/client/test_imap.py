"""Reading by IMAP, against servers that know one dialogue."""

import asyncio
import itertools
import socket
from dataclasses import replace
from typing import Any

import pytest

from maillab.client.imap import fetch_by_imap, reading
from maillab.client.message_summary import Digest
from maillab.client.pop3 import Fetched, FetchError
from maillab.client.remote import FolderListing, RemoteFolder, RemoteMessage
from tests.support import run
from tests.wire.scripted import Script, client_context, play, server_context

CAPABLE = "* CAPABILITY IMAP4rev1 IDLE AUTH=PLAIN"
FIRST, SECOND = b"Subject: one\r\n\r\nHello\r\n", b"Subject: two\r\n\r\nbare\nline"
HEADER = "BODY.PEEK[HEADER.FIELDS (FROM TO SUBJECT DATE RETURN-PATH DELIVERED-TO)]"
HEADER_TOLD = HEADER.replace(".PEEK", "")
PDF = '("application" "pdf" NIL NIL NIL "base64" 4 NIL ("attachment" ("filename" "x.pdf")) NIL NIL)'


def talk(*commands: str, greeting: str = "* OK ready", more: str = "", goodbye: bool = True) -> str:
    """A script: each command, what is said to it before OK; tags are put before them, and the way in and out around them."""
    tags = itertools.count()
    login = "" if commands and commands[0].startswith(("LOGIN", "AUTHENTICATE", "STARTTLS")) else 'LOGIN bob "se cret"'
    every = [
        "CAPABILITY\n" + CAPABLE + more,
        *([login] if login else []),
        *commands,
        *(["LOGOUT\n* BYE"] if goodbye else []),
    ]
    steps = [f"S: {greeting}"]
    for command in every:
        tag = f"A{next(tags)}"
        line, *told = command.split("\n")
        steps += [
            f"C: {tag} {line}",
            *(one if one.startswith(("S| ", "C: ", "C. ", "TLS", "CLOSE")) else f"S: {one}" for one in told),
        ]
        if not any(one.startswith(("CLOSE", "NO ", "TLS")) for one in told):
            steps.append(f"S: {tag} OK done")
        steps = [step.replace("S: NO ", f"S: {tag} NO ") for step in steps]
        if "TLS" in told:
            steps.insert(-1, f"S: {tag} OK begin")
    return "\n".join(steps)


SELECT = 'SELECT "INBOX"\n* 2 EXISTS\n* OK [UIDVALIDITY 7] valid'
ASK = "CAPABILITY\n" + CAPABLE
SEARCH = "UID SEARCH ALL\n* SEARCH 3 9"


def body(octets: bytes, number: int, uid: int) -> str:
    """A message, fetched."""
    told = f"* {number} FETCH (UID {uid} BODY[] {{{len(octets)}}}\r\n".encode() + octets + b")\r\n"
    return f"UID FETCH {uid} (BODY.PEEK[])\nS| " + told.decode("latin-1").encode("unicode_escape").decode()


def talked(
    script: str | Script,
    work: Any,
    *,
    user: str = "bob",
    password: str = "se cret",
    host: str = "127.0.0.1",
    **options: Any,
) -> Any:
    """What `work` finds with a server that knows the script."""
    options = {"tls": "none", "plaintext_auth": True, "timeout": 5, **options}

    async def client(port: int) -> Any:
        async with reading(host, port, user, password, **options) as mail:
            return await work(mail)

    return play(script, client, implicit=options["tls"] == "implicit")


def test_folders() -> None:
    """Every folder that holds messages, what it is for, and how many are unread; names may be in any script."""
    script = talk(
        'LIST "" "*"\n* LIST (\\HasNoChildren) "/" INBOX\n* LIST (\\Sent) "/" Sent\n* LIST (\\Noselect) "/" above\n* LIST () "/" Th&AbA-',
        'STATUS "INBOX" (MESSAGES UNSEEN)\n* STATUS INBOX (MESSAGES 3 UNSEEN 1)',
        'STATUS "Sent" (MESSAGES UNSEEN)\n* STATUS Sent (MESSAGES 0 UNSEEN 0)',
        'STATUS "Th&AbA-" (MESSAGES UNSEEN)\n* STATUS Th&AbA- (MESSAGES 1 UNSEEN 1)',
    )  # fmt: skip
    found, listing = talked(script, lambda mail: mail.look("Gone"))
    assert found == (
        RemoteFolder("INBOX", "", 3, 1),
        RemoteFolder("Sent", "\\Sent", 0, 0),
        RemoteFolder("Thư", "", 1, 1),
    )
    assert listing is None


def test_a_look_at_a_folder() -> None:
    """All folders, and the messages of one: of those that are known only the flags; no STATUS is said of what is open."""
    head = b"Subject: new\r\n\r\n"
    told = f"* 2 FETCH (UID 9 FLAGS () RFC822.SIZE 5 {HEADER_TOLD} {{{len(head)}}}\r\n{head.decode()})\r\n"
    script = talk(
        'LIST "" "*"\n* LIST () "/" inbox\n* LIST (\\Trash) "/" Bin\n* LIST () "/" gone',
        SELECT, ASK, SEARCH, "UID FETCH 3 (FLAGS)\n* 1 FETCH (UID 3 FLAGS (\\Seen))",
        f"UID FETCH 9 (FLAGS INTERNALDATE RFC822.SIZE BODYSTRUCTURE {HEADER})\nS| " + told.encode("unicode_escape").decode(),
        'STATUS "Bin" (MESSAGES UNSEEN)\n* STATUS Bin (MESSAGES 4 UNSEEN 2)',
        'STATUS "gone" (MESSAGES UNSEEN)\nNO no such folder',
    )  # fmt: skip
    known = RemoteMessage(3, frozenset(), 99, 0.0, Digest("Ann", "", "old", None, 0))
    before = FolderListing(7, (known, replace(known, uid=4)))
    folders, listing = talked(script, lambda mail: mail.look("INBOX", before))
    assert folders == (RemoteFolder("INBOX", "", 2, 1), RemoteFolder("Bin", "\\Trash", 4, 2))
    assert [(one.uid, one.digest.subject, one.seen) for one in listing.messages] == [
        (3, "old", True),
        (9, "new", False),
    ]


def test_a_look_at_a_folder_that_is_gone() -> None:
    """There is no list of it, and that is no error."""
    told = 'LIST "" "*"\n* LIST (\\Trash) "/" Bin', 'STATUS "Bin" (MESSAGES UNSEEN)\n* STATUS Bin (MESSAGES 0 UNSEEN 0)'
    assert talked(talk(*told), lambda mail: mail.look("Work")) == ((RemoteFolder("Bin", "\\Trash", 0, 0),), None)


def test_names_of_another_time() -> None:
    """Where UIDs are valid no longer nothing is read, marked, moved or erased by them."""

    async def work(mail: Any) -> None:
        for errand in (
            mail.octets("INBOX", 3, validity=6), mail.flag("INBOX", [3], ["x"], validity=6),
            mail.move("INBOX", [3], "Bin", validity=6), mail.erase("INBOX", [3], validity=6),
        ):  # fmt: skip
            with pytest.raises(KeyError):
                await errand

    talked(talk(SELECT), work)


def test_the_folder_for_something() -> None:
    """A folder is known by what it is for, whatever its name."""
    told = 'LIST "" "*"\n* LIST () "/" Sent\n* LIST (\\HasNoChildren \\Sent) "/" Th&AbA-'
    assert talked(talk(told), lambda mail: mail.folder_for("\\Sent")) == "Thư"
    assert talked(talk(told), lambda mail: mail.folder_for("\\Junk")) == ""


def test_a_list_of_messages() -> None:
    """From whom, about what, how large, which flags, how many files: without their octets; one may be gone by then."""
    head = b"From: Ann <ann@x.test>\r\nSubject: =?utf-8?q?Ch=C3=A0o?=\r\n\r\n"
    told = (
        f'* 2 FETCH (UID 9 FLAGS (\\Seen Work) INTERNALDATE "30-Nov-2026 00:53:20 +0000" RFC822.SIZE 99 BODYSTRUCTURE ({PDF}{PDF} "mixed" NIL NIL NIL NIL) '
        f"{HEADER_TOLD} {{{len(head)}}}\r\n{head.decode()})\r\n"
    )  # fmt: skip
    script = talk(
        SELECT, ASK, SEARCH,
        f"UID FETCH 3,9 (FLAGS INTERNALDATE RFC822.SIZE BODYSTRUCTURE {HEADER})\nS| " + told.encode("unicode_escape").decode(),
    )  # fmt: skip
    found = talked(script, lambda mail: mail.listed())
    [message] = found.messages
    assert message == RemoteMessage(
        9, frozenset({"\\Seen", "Work"}), 99, 1_796_000_000.0, Digest("Ann <ann@x.test>", "", "Chào", None, 2)
    )
    assert (found.validity, message.seen) == (7, True)


def test_octets() -> None:
    """A message is what the server holds, octet for octet; one that is gone is an error of its own."""
    assert talked(talk(SELECT, body(SECOND, 1, 3)), lambda mail: mail.octets("INBOX", 3)) == SECOND
    with pytest.raises(KeyError):
        talked(talk(SELECT, "UID FETCH 4 (BODY.PEEK[])"), lambda mail: mail.octets("INBOX", 4))


@pytest.mark.parametrize("told", ["99999999999999", '("a" 1)', "(1 2)"])
def test_octets_that_are_none(told: str) -> None:
    """A number is no message, flag or header, however much memory it would take; nor is a list."""
    octets = talk(SELECT, f"UID FETCH 3 (BODY.PEEK[])\n* 1 FETCH (UID 3 BODY[] {told})")
    with pytest.raises(FetchError, match="cannot be read"):
        talked(octets, lambda mail: mail.octets("INBOX", 3))
    large = talk(SELECT, "UID FETCH 3 (BODY.PEEK[])\n* 1 FETCH (UID 3 BODY[] {99999999999999}")
    with pytest.raises(FetchError, match="cannot be read"):
        talked(large, lambda mail: mail.octets("INBOX", 3))
    command = f"UID FETCH 3,9 (FLAGS INTERNALDATE RFC822.SIZE BODYSTRUCTURE {HEADER})"
    for told_there in (f"FLAGS ({told})", f"FLAGS () {HEADER_TOLD} {told}"):
        listed = talk(SELECT, ASK, SEARCH, f"{command}\n* 1 FETCH (UID 3 {told_there})")
        with pytest.raises(FetchError, match="cannot be read"):
            talked(listed, lambda mail: mail.listed())


def test_changes() -> None:
    """Flags, moving, erasing: with the extensions of the server, or without them."""

    async def all_of_it(mail: Any) -> None:
        await mail.flag("INBOX", [3, 9], ["\\Seen", "Work"])
        await mail.flag("INBOX", [3], ["\\Seen"], wanted=False)
        await mail.move("INBOX", [3], "Archive")
        await mail.erase("INBOX", [9])

    first = (SELECT, "UID STORE 3,9 +FLAGS.SILENT (\\Seen Work)", "UID STORE 3 -FLAGS.SILENT (\\Seen)")
    able = "CAPABILITY\n" + CAPABLE + " MOVE UIDPLUS"
    talked(
        talk(*first, able, 'UID MOVE 3 "Archive"', "UID STORE 9 +FLAGS.SILENT (\\Deleted)", "UID EXPUNGE 9"),
        all_of_it,
    )
    deleted, marked = "UID STORE {} +FLAGS.SILENT (\\Deleted)", "UID SEARCH DELETED\n* SEARCH {}"
    kept, again = "UID STORE 5 -FLAGS.SILENT (\\Deleted)", deleted.format(5)  # another program has marked it
    talked(
        talk(*first, ASK, 'UID COPY 3 "Archive"', deleted.format(3), marked.format(3), "EXPUNGE",
             deleted.format(9), marked.format("5 9"), kept, "EXPUNGE", again),
        all_of_it,
    )  # fmt: skip


def test_putting_a_message_into_a_folder() -> None:
    """What was sent is kept on the server, with its date."""
    script = talk('APPEND "Sent" (\\Seen) "30-Nov-2026 00:53:20 +0000" {12}\n+ go\nC: Subject: one')
    assert talked(script, lambda mail: mail.put("Sent", b"Subject: one", flags=["\\Seen"], at=1_796_000_000.0)) is None


def test_watching() -> None:
    """Whoever watches is told at once, and DONE is said when they have seen enough; then the talk goes on."""

    async def watch(mail: Any) -> int:
        told = asyncio.Semaphore(0)
        async with asyncio.timeout(5), asyncio.TaskGroup() as group:
            watching = group.create_task(mail.watch("INBOX", told.release))
            await told.acquire()  # at the beginning: what came before is not told again
            watching.cancel()
        return (await mail.uids())[0]

    assert talked(talk(SELECT, ASK, "IDLE\n+ waiting\n* 3 EXISTS\nC: DONE", "NOOP", SEARCH), watch) == 7


def test_a_program_that_has_very_many_files_open(monkeypatch: pytest.MonkeyPatch) -> None:
    """A talk is looked at, and watched, whatever number its socket has."""
    fcntl, resource = pytest.importorskip("fcntl"), pytest.importorskip("resource")
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    connect = socket.create_connection

    def far(*where: Any, **how: Any) -> socket.socket:
        with connect(*where, **how) as near:
            found = socket.socket(fileno=fcntl.fcntl(near.fileno(), fcntl.F_DUPFD_CLOEXEC, 1_100))
            found.settimeout(near.gettimeout())
            return found

    async def work(mail: Any) -> bool:
        async with asyncio.timeout(5), asyncio.TaskGroup() as group:
            told = asyncio.Event()
            watching = group.create_task(mail.watch("INBOX", told.set))
            await told.wait()
            watching.cancel()
        return bool(await mail.is_alive())

    monkeypatch.setattr(socket, "create_connection", far)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, min(hard, 2_048)), hard))
    try:
        assert talked(talk(SELECT, ASK, "IDLE\n+ waiting\nC: DONE"), work)
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def test_a_server_that_leaves_somebody_who_watches() -> None:
    """A watch does not go on for ever over a connection that is gone."""
    script = talk(SELECT, ASK, "IDLE\n+ waiting\nCLOSE", goodbye=False)
    with pytest.raises(FetchError, match=r"hung up|end|EOF|closed|reset"):
        talked(script, lambda mail: mail.watch("INBOX", lambda: None))


@pytest.mark.parametrize(
    ("user", "password", "login"),
    [
        ("bình", "mật khẩu", "AUTHENTICATE PLAIN\n+ \nC: AGLDrG5oAG3huq10IGto4bqpdQ=="),
        ("bob smith", "x", "AUTHENTICATE PLAIN\n+ \nC: AGJvYiBzbWl0aAB4"),
        ("bob@x.test", 'a"b', 'LOGIN bob@x.test "a\\"b"'),
    ],
)
def test_logins(user: str, password: str, login: str) -> None:
    """Words that LOGIN cannot say are said by SASL."""
    talked(talk(login, SELECT, ASK, SEARCH), lambda mail: mail.uids(), user=user, password=password)


def test_starttls_and_tls() -> None:
    """Encrypted by STARTTLS, or from the first octet."""
    script = talk("STARTTLS\nTLS", "CAPABILITY\n" + CAPABLE, 'LOGIN bob "se cret"', more=" STARTTLS")
    for tls, text in (("starttls", script), ("implicit", talk())):
        played = Script(text, server_context("127.0.0.1"))
        talked(played, lambda mail: asyncio.sleep(0), tls=tls, context=client_context())


def test_starttls_injection() -> None:
    """What comes in clear with the answer to STARTTLS was said by nobody: the answers inside TLS count."""  # T161
    clear = f"S: * OK ready\nC: A0 CAPABILITY\nS: {CAPABLE} STARTTLS\nS: A0 OK done\nC: A1 STARTTLS\n"
    forged = f"S| A1 OK go\\r\\n{CAPABLE} MOVE\\r\\nA2 OK done\\r\\nA3 OK you are in\\r\\n\nTLS\n"
    inside = f'C: A2 CAPABILITY\nS: {CAPABLE}\nS: A2 OK done\nC: A3 LOGIN bob "se cret"\nS: A3 NO really not'
    goodbye = "\nC: A4 LOGOUT\nS: * BYE\nS: A4 OK done\nGONE"
    played = Script(clear + forged + inside + goodbye, server_context("127.0.0.1"))
    with pytest.raises(FetchError, match="really not") as refused:
        talked(played, lambda mail: asyncio.sleep(0), tls="starttls", context=client_context())
    assert refused.value.stage == "auth"


def test_no_way_around_starttls() -> None:
    """A greeting that says that one is in already leaves no room for STARTTLS: nothing is said in clear (RFC 9051 §11.1)."""
    asked = "".join(f"C: A{number} CAPABILITY\nS: {CAPABLE} STARTTLS\nS: A{number} OK done\n" for number in range(2))
    script = f"S: * PREAUTH hello\n{asked}GONE"
    with pytest.raises(FetchError) as refused:
        talked(Script(script), lambda mail: asyncio.sleep(0), tls="starttls", context=client_context())
    assert refused.value.stage == "tls"
    script = f"S: * OK ready\nC: A0 CAPABILITY\nS: {CAPABLE}\nS: A0 OK done\nGONE"
    with pytest.raises(FetchError) as refused:
        talked(Script(script), lambda mail: asyncio.sleep(0), tls="starttls", context=client_context())
    assert refused.value.stage == "tls"


def test_refusals() -> None:
    """What a server refuses is told with its words and its stage."""
    with pytest.raises(FetchError, match=r"auth: .*wrong") as refused:
        talked(talk('LOGIN bob "se cret"\nNO [AUTHENTICATIONFAILED] wrong'), lambda mail: asyncio.sleep(0))
    assert refused.value.stage == "auth"
    with pytest.raises(FetchError, match=r"list: .*no such"):
        talked(talk('SELECT "x"\nNO no such folder'), lambda mail: mail.listed("x"))
    with pytest.raises(FetchError, match="auth: no password"):
        run(fetch_by_imap("127.0.0.1", 1, "bob", "x", tls="none"))
    with pytest.raises(FetchError, match="connect: "):
        run(fetch_by_imap("127.0.0.1", 1, "bob", "x", tls="none", plaintext_auth=True))


@pytest.mark.parametrize("bad", ["a\r\nb", "a\nb", "a\0b"])
def test_line_ends(bad: str) -> None:
    """Nothing that holds a line end is ever said: it would be a second command."""
    for arguments in ((bad, "bob", "x"), ("127.0.0.1", bad, "x"), ("127.0.0.1", "bob", bad)):
        with pytest.raises(ValueError, match="cannot hold"):
            run(fetch_by_imap(arguments[0], 1, *arguments[1:], plaintext_auth=True))

    async def names(mail: Any) -> None:
        for work in (mail.listed(bad), mail.move("INBOX", [1], bad), mail.put(bad, b""), mail.watch(bad, lambda: None)):
            with pytest.raises(ValueError, match="cannot hold"):
                await work
        for flag in (bad, "a b", "", "\\", "(x)"):
            with pytest.raises(ValueError, match="no flag"):
                await mail.flag("INBOX", [1], [flag])

    talked(talk(), names)


def test_whoever_is_cancelled_hangs_up() -> None:
    """Half an answer is none: the connection is not used again."""

    async def interrupted(mail: Any) -> None:
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.05):
                await mail.listed()
        with pytest.raises(FetchError):
            await mail.uids()

    script = "\n".join([*talk(goodbye=False).split("\n"), 'C: A2 SELECT "INBOX"'])
    talked(script, interrupted)


def test_a_connection_that_nobody_waits_for() -> None:
    """Whoever is cancelled before the greeting leaves no open connection behind."""

    async def story() -> None:
        called, greet, ended = asyncio.Event(), asyncio.Event(), asyncio.Event()

        async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            called.set()
            await greet.wait()
            writer.write(b"* OK ready\r\n")
            await reader.readline()
            writer.write(f"{CAPABLE}\r\nA0 OK done\r\n".encode())
            await reader.read()
            writer.close()
            await writer.wait_closed()
            ended.set()

        async def talks(port: int) -> None:
            async with reading("127.0.0.1", port, "bob", "x", tls="none", plaintext_auth=True, timeout=5):
                pass

        async with await asyncio.start_server(serve, "127.0.0.1", 0) as server, asyncio.timeout(5):
            async with asyncio.TaskGroup() as tasks:
                client = tasks.create_task(talks(server.sockets[0].getsockname()[1]))
                await called.wait()
                client.cancel()
            greet.set()
            await ended.wait()

    run(story())


def test_fetching_as_by_pop3() -> None:
    """What is new in the inbox comes home; without `keep` it is deleted when all is here."""
    options = {"tls": "none", "plaintext_auth": True, "timeout": 5}
    start = (SELECT, ASK, SEARCH)

    def fetched(script: str, **more: Any) -> Fetched:
        return play(script, lambda port: fetch_by_imap("127.0.0.1", port, "bob", "se cret", **options, **more))

    both = (*start, body(FIRST, 1, 3), body(SECOND, 2, 9))
    assert fetched(talk(*both)) == Fetched((("7.3", FIRST), ("7.9", SECOND)))
    assert fetched(talk(*start, body(SECOND, 2, 9)), known={"7.3", "6.9"}) == Fetched((("7.9", SECOND),))
    gone = ("UID STORE 3,9 +FLAGS.SILENT (\\Deleted)", "UID SEARCH DELETED\n* SEARCH 3 9", "EXPUNGE")
    taken: list[tuple[str, bytes]] = []
    result = fetched(talk(*both, *gone), keep=False, taken=lambda uid, octets: taken.append((uid, octets)))
    assert result == Fetched((), ("7.3", "7.9"))
    assert taken == [("7.3", FIRST), ("7.9", SECOND)]
    faster = (
        *start,
        "UID FETCH 3 (BODY.PEEK[])",
        body(SECOND, 2, 9),
        "UID STORE 9 +FLAGS.SILENT (\\Deleted)",
        "UID SEARCH DELETED\n* SEARCH 9",
        "EXPUNGE",
    )
    assert fetched(talk(*faster), keep=False) == Fetched((("7.9", SECOND),), ("7.9",))  # somebody removed the first

    def full(uid: str, octets: bytes) -> None:
        raise OSError(28, "No space left on device")

    with pytest.raises(FetchError, match="retr: No space"):
        fetched(talk(*start, body(FIRST, 1, 3)), keep=False, taken=full)
    assert FolderListing(1, ()).messages == ()

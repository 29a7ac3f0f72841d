"""SMTP and POP3 typed by hand."""

from maillab.events import Authenticated, Carried, Delivered, Entry, Said, Secured, Side, Tolerated
from maillab.tui.commands import by_hand
from maillab.tui.state.conversation import Connected, HandBegun, HandNote, Unconnected
from tests.tui.fake_ui import context, happened, living, ui_of, until


def of(site, service):
    """Chooses a service of a site in the list."""
    return lambda question: next(one.value for one in question.choices if one.label == f"{service} {site}")


def said(at):
    """All lines of the conversation, in one text."""
    events = (one.event for one in at.conversation.since(0) if isinstance(one, Entry))
    return b"".join(event.line for event in events if isinstance(event, Said))


def carried(at):
    """What has gone out of a message, in one text."""
    events = (one.event for one in at.conversation.since(0) if isinstance(one, Entry))
    return b"".join(event.content.whole() for event in events if isinstance(event, Carried))


def notes(at):
    return [one.text for one in at.conversation.since(0) if isinstance(one, HandNote)]


async def talk(at, *lines):
    for line in lines:
        await by_hand.say_by_hand(at, line)


def test_a_message_typed_by_hand(tmp_path):
    """Verbs typed by a person; the message arrives, and the server hangs up when it is told to."""

    async def story(at):
        await by_hand.service(at)
        assert next(iter(at.conversation.since(0))).where == at.texts(
            "byhand.connected", place=f"sender.test, SMTP at {at.conversation.line.hand.place}"
        )
        await talk(at, "EHLO me", "MAIL FROM:<alice@sender.test>", "RCPT TO:<bob@recipient.test>", "DATA")
        await until(at, lambda: b"354" in said(at))
        await talk(at, "Subject: typed")
        assert carried(at) == b"Subject: typed\r\n"  # at once, not with the dot
        await talk(at, "", "by hand", ".", "QUIT")
        await happened(at, Delivered, mailbox="bob@recipient.test")
        await until(at, lambda: at.conversation.line == Unconnected())

    living(context(tmp_path, of("sender.test", "smtp")), story)


def test_a_mistake_is_named(tmp_path):
    """What the server bears is said between the command and the answer, at each command that has it."""

    async def story(at):
        for line, answer in (
            ("HELO me", b"250 "),
            ("MAIL FROM: <alice@sender.test>", b"2.1.0"),
            ("RCPT TO: bob@recipient.test", b"2.1.5"),
        ):
            await talk(at, line)
            await until(at, lambda answer=answer: answer in said(at))
        events = [one.event for one in at.conversation.since(0) if isinstance(one, Entry)]
        last, named = "", []
        for event in events:
            if isinstance(event, Said) and event.side is Side.CLIENT:
                last = event.line[:4].decode()
            elif isinstance(event, Tolerated):
                named.append((last, event.rule))
        space, brackets = "RFC 5321 section 3.3", "RFC 5321 section 4.1.2"
        assert named == [("MAIL", space), ("RCPT", space), ("RCPT", brackets)]

    living(context(tmp_path), story)


def test_a_line_connects(tmp_path):
    """To the service of last time; what the console knows itself goes nowhere."""

    async def story(at):
        await talk(at, ".help")
        assert isinstance(at.conversation.line, Connected)
        [begun] = [one for one in at.conversation.since(0) if isinstance(one, HandBegun)]
        assert begun.protocol.name == "smtp"
        assert notes(at)
        await talk(at, ".quit")
        assert at.conversation.line == Unconnected()

    living(context(tmp_path), story)


def test_enter_alone_connects(tmp_path):
    """Nothing is said with it; once somebody listens, an empty line is a line."""

    async def story(at):
        await talk(at, "")
        assert isinstance(at.conversation.line, Connected)
        await talk(at, "NOOP")
        await until(at, lambda: b"NOOP\r\n250 " in said(at))
        assert said(at).startswith(b"220 ")
        assert b"\r\n\r\n" not in said(at)
        await talk(at, "")
        await until(at, lambda: b"\r\n\r\n500 " in said(at))

    living(context(tmp_path), story)


def test_tls_and_a_login_by_hand(tmp_path):
    """The handshake is done where the server says go ahead; a login is worked out."""

    async def story(at):
        await by_hand.service(at)
        await talk(at, "EHLO me", "STARTTLS")
        await until(
            at, lambda: any(isinstance(getattr(one, "event", None), Secured) for one in at.conversation.since(0))
        )
        assert at.texts("byhand.tls") in notes(at)
        await talk(at, "EHLO me", ".auth alice@sender.test alice")
        await happened(at, Authenticated, user="alice@sender.test")
        await by_hand.hang_up(at)

    living(context(tmp_path, of("sender.test", "submission")), story)


def test_a_server_that_is_stopped(tmp_path):
    """It is said in the console."""
    from maillab.tui.commands import machines
    from maillab.tui.subjects import Machine

    async def story(at):
        await machines.power(at, Machine("sender.test"))
        await talk(at, "EHLO me")
        assert at.conversation.line == Unconnected()
        [note] = notes(at)
        assert note.startswith("sender.test, SMTP at 127.0.0.1:")
        assert note.endswith(": connection refused")

    living(context(tmp_path), story)


def test_without_a_lab(tmp_path):
    """It says so."""
    import asyncio

    at = context(tmp_path)
    asyncio.run(by_hand.service(at))
    asyncio.run(talk(at, "EHLO me"))
    assert ui_of(at).said == [at.texts("say.starting")]

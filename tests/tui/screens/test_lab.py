"""The Lab mode."""

from maillab.events import Delivered, Submitted
from maillab.tui.commands import draft as draft_commands
from maillab.tui.replayed_mailbox import ReplayedMailbox
from maillab.tui.widgets.compose import ComposePane


def test_both_machines(stage):
    """Their doors with ports, what waits in the queue, who has a mailbox; and every line that is said."""

    async def story(seat):
        await seat.ready()
        await seat.see("sender.test ● running", "recipient.test ● running", "bob         –", "Queue      empty")
        await seat.press("ctrl+s")
        await seat.heard(Delivered)
        await seat.see("bob         1 new", "1 accepted", "MAIL FROM:<alice@sender.test>")
        await seat.until(lambda: seat.hops.count("✓") == 4)

    stage(story)


def test_a_station_of_the_message(stage):
    """The station that is chosen in the message's way filters the wire; Esc lets it go."""

    async def story(seat):
        await seat.ready()
        await seat.press("ctrl+s")
        await seat.heard(Delivered)
        await seat.until(lambda: seat.hops.count("✓") == 4)
        transcript = seat.app.ui.screen.transcript
        everything = len(transcript.view)
        await seat.click("MX mx")
        await seat.until(lambda: transcript.view.talks)
        assert transcript.view.talks == {"lookup-1", "lookup-2"}
        assert len(transcript.view) < everything
        await seat.press("escape")
        await seat.until(lambda: transcript.view.talks is None)

    stage(story)


def test_octet_for_octet(stage):
    """What will be sent is shown before it goes, and it is what goes."""

    async def story(seat):
        await seat.ready()
        await seat.press("shift+f4", "shift+f4")
        await seat.see("MAIL FROM:<alice@sender.test>", "From: alice@sender.test␍␊")
        shown, _ = await draft_commands.source(seat.app.context)
        lines = ["".join(text for _, text in line) for line in shown]
        await seat.press("ctrl+s")
        await seat.heard(Submitted)
        await seat.until(lambda: seat.app.context.live.model.held)
        octets = ReplayedMailbox(seat.app.context.live.model).octets(seat.app.context.live.model.held[0].seqs[0])
        assert "".join(lines[lines.index("") + 2 :]) == octets.decode().replace("\r\n", "␍␊")

    stage(story)


def test_the_other_site(stage):
    """The pane of a machine goes from site to site."""

    async def story(seat):
        await seat.ready()
        await seat.focus(seat.app.ui.screen.pane("sender"))
        await seat.press("right")
        await seat.until(lambda: any("recipient.test ● running" in line[:90] for line in seat.lines))

    stage(story)


def test_what_is_written_stays(stage):
    """Going to another mode and back leaves the message as it was."""

    async def story(seat):
        await seat.ready()
        await seat.focus(seat.app.ui.screen.query_one("#field-subject"))
        await seat.write("!")
        await seat.press("escape", "3")
        await seat.until(lambda: seat.app.current_mode == "wire")
        await seat.press("1")
        await seat.until(lambda: seat.app.current_mode == "lab")
        await seat.see("Hello from the laboratory!")

    stage(story)


def test_every_pane_that_is_seen(stage):
    """Where the Explain pane has no place F6 passes it by, and Enter on a line goes where it is explained."""

    async def story(seat):
        await seat.ready()
        screen, passed = seat.app.screen, []
        for _ in range(5):
            await seat.press("f6")
            passed.append(screen.pane_of(seat.app.focused))
        assert passed == ["compose", "sender", "recipient", "names", "wire"]
        await seat.press("ctrl+s")
        await seat.heard(Delivered)
        await seat.see("221 2.0.0 mx.recipient.test")
        await seat.press("k", "enter")
        await seat.until(lambda: seat.app.current_mode == "wire")
        await seat.see("RFC 5321")

    stage(story, size=(120, 40))


def test_a_full_transcript_grows(stage):
    """New lines behind its edge are seen, and its scrollbar knows of them."""

    async def story(seat):
        await seat.ready()
        await seat.press("ctrl+s")
        await seat.heard(Delivered)
        wire = seat.app.ui.screen.transcript
        await seat.until(lambda: wire.virtual_size.height == wire.count() > 20)
        first = wire.virtual_size.height
        await seat.press("ctrl+s")
        await seat.until(lambda: wire.virtual_size.height > first + 10)
        assert wire.is_vertical_scroll_end
        assert wire.vertical_scrollbar.window_virtual_size == wire.virtual_size.height

    stage(story)


def test_the_first_keys(stage):
    """Before somebody goes to a field, a key is a command and no text: the first message stays as it is."""

    async def story(seat):
        await seat.ready()
        sender = seat.app.context.drafting.form.sender
        await seat.press("L")
        await seat.see(seat.app.context.texts("story.title"))
        await seat.press("escape", "shift+f4")
        await seat.until(lambda: seat.app.ui.screen.query_one(ComposePane).tab == "headers")
        await seat.press("escape", "2")
        await seat.until(lambda: seat.app.current_mode == "mail")
        assert seat.app.context.drafting.form.sender == sender

    stage(story)


def test_one_pane_is_lit_always(stage):
    """The wire at the start, with a card that says what to do; whatever the layout, the pane that had the focus has it."""

    async def story(seat):
        await seat.ready()
        screen = seat.app.ui.screen
        await seat.see("2 mail servers and a name server are running", "Tab: write here")
        assert screen.pane_of(screen.focused) == "wire"
        await seat.press("tab")
        assert screen.pane_of(screen.focused) == "compose"
        for name in ("recipient", "wire"):
            screen.front(name)
            for width, height in ((200, 60), (80, 24), (120, 40)):
                await seat.pilot.resize_terminal(width, height)
                await seat.until(lambda name=name: screen.pane_of(screen.focused) == name)
                assert screen.fronted == name

    stage(story)

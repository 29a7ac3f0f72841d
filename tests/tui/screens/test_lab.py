"""The Lab mode."""

import pytest

from maillab.events import Delivered
from maillab.tui.commands import replay
from maillab.tui.widgets.compose import ComposePane


def test_a_message_crosses(stage):
    """Doors with ports, the queue, mailboxes; every line that is said; a station that is chosen filters them until Esc;
    lines that come behind the edge are seen.
    """

    async def story(seat):
        await seat.ready()
        await seat.see("sender.test ● running", "recipient.test ● running", "bob         –", "Queue      empty")
        await seat.press("ctrl+s")
        await seat.heard(Delivered)
        await seat.see("bob         1 unread", "1 accepted", "MAIL FROM:<alice@sender.test>")
        await seat.until(lambda: seat.hops.count("✓") == 4)
        transcript = seat.app.ui.screen.transcript
        everything = len(transcript.view)
        await seat.click("MX mx")
        await seat.until(lambda: transcript.view.talks)
        assert transcript.view.talks == {"lookup-1", "lookup-2"}
        assert len(transcript.view) < everything
        await seat.press("escape")
        await seat.until(lambda: transcript.view.talks is None)
        await seat.until(lambda: transcript.virtual_size.height == transcript.count() > 20)
        first = transcript.virtual_size.height
        await seat.press("ctrl+s")
        await seat.until(lambda: transcript.virtual_size.height > first + 10)
        assert transcript.is_vertical_scroll_end
        assert transcript.vertical_scrollbar.window_virtual_size == transcript.virtual_size.height

    stage(story)


@pytest.mark.parametrize("lang", ["en", "vi"])
def test_the_message_that_is_offered(stage, lang):
    """All of it is seen at once, down to who wrote it, in the window of most people."""

    async def story(seat):
        await seat.ready()
        await seat.see("Alice")
        text = seat.app.ui.screen.query_one("#field-text")
        assert text.virtual_size.height == text.size.height - 1  # one to go on in
        assert not text.show_vertical_scrollbar

    stage(story, size=(120, 40), lang=lang)


def test_as_it_will_go(lab_window):
    """What will be sent is shown before it goes."""

    async def story(seat):
        await seat.press("shift+f4", "shift+f4")
        await seat.see("MAIL FROM:<alice@sender.test>", "From: alice@sender.test␍␊")

    lab_window(story)


def test_the_other_site(lab_window):
    """The pane of a machine goes from site to site."""

    async def story(seat):
        await seat.focus(seat.app.ui.screen.pane("sender"))
        await seat.press("right")
        await seat.until(lambda: any("recipient.test ● running" in line[:90] for line in seat.lines))

    lab_window(story)


def test_what_is_written_stays(lab_window):
    """Going to another mode and back leaves the message as it was."""

    async def story(seat):
        await seat.focus(seat.app.ui.screen.query_one("#field-subject"))
        await seat.write("!")
        await seat.press("escape", "3")
        await seat.until(lambda: seat.app.current_mode == "wire")
        await seat.press("1")
        await seat.until(lambda: seat.app.current_mode == "lab")
        await seat.see("Hello from the laboratory!")

    lab_window(story)


def test_every_pane_that_is_seen(lab_window):
    """Where the Explain pane has no place F6 passes it by, and Enter on a line goes where it is explained."""

    async def story(seat):
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

    lab_window(story)


def test_the_first_keys(lab_window):
    """Before somebody goes to a field, a key is a command and no text: the first message stays as it is."""

    async def story(seat):
        sender = seat.app.context.drafting.form.sender
        await seat.press("L")
        await seat.see(seat.app.context.texts("story.title"))
        await seat.press("escape", "shift+f4")
        await seat.until(lambda: seat.app.ui.screen.query_one(ComposePane).tab == "headers")
        await seat.press("escape", "2")
        await seat.until(lambda: seat.app.current_mode == "mail")
        assert seat.app.context.drafting.form.sender == sender

    lab_window(story)


def test_one_pane_is_lit_always(stage):
    """The wire at the start, with a card that says what to do; whatever the layout, the pane that had the focus has it."""

    async def story(seat):
        await seat.ready()
        screen = seat.app.ui.screen
        await seat.see("2 mail servers and a name server are running", "Tab Write")
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


def test_a_click_on_the_card(stage):
    """A row of it does what its key does; what stands where one types by hand, too."""

    async def story(seat):
        await seat.ready()
        await seat.click("Type SMTP yourself")
        await seat.see("Lines go as typed to", "RCPT TO:<bob@recipient.test>", "F4 Message")
        await seat.until(lambda: seat.app.focused.id == "byhandfield")
        await seat.click("back to the message")
        await seat.until(lambda: seat.app.ui.screen.query_one(ComposePane).tab == "form")
        await seat.click("Send the draft")
        await seat.heard(Delivered)
        await seat.see("DELIVERED", "Press 2 to read it")

    stage(story)


def test_what_enter_does_by_hand(stage):
    """On the empty line it connects first, and only then sends that line; the border says which of the two."""

    async def story(seat):
        await seat.ready()
        await seat.press("f4")
        await seat.see("Enter Connect")
        await seat.press("enter")
        await seat.see("◀ 220", "Enter Send line")
        await seat.write("QUIT")
        await seat.press("enter")
        await seat.see("◀ 221", "Enter Connect")

    stage(story)


def test_news_while_a_tab_is_made(stage):
    """What is new while there is no place for it yet is shown as soon as there is one."""

    async def story(seat):
        await seat.ready()
        seat.app.ui.screen.query_one(ComposePane).show_tab("byhand")
        seat.app.ui.news()
        await seat.see("RCPT TO:<bob@recipient.test>")

    stage(story)


def test_by_hand_from_everywhere(lab_window):
    """F4 leads there from every mode, and so does the palette; what is typed then goes into the line."""

    async def story(seat):
        def line():
            return seat.app.focused.id == "byhandfield" and seat.app.focused.value

        for mode in ("2", "3", "4"):
            await seat.press("escape", mode)
            await seat.until(lambda mode=mode: seat.app.ui.screen.query_one("TitleBar").mode != "lab")
            await seat.press("f4")
            await seat.until(lambda: seat.app.focused is not None and seat.app.focused.id == "byhandfield")
            assert seat.app.current_mode == "lab"
        await seat.press("f4")
        await seat.until(lambda: seat.app.ui.screen.query_one(ComposePane).tab == "form")
        seat.app.ui.screen.front("wire")
        seat.app.ui.do("app.by_hand")
        await seat.until(lambda: seat.app.focused.id == "byhandfield")
        await seat.write("EHLO")
        await seat.until(lambda: line() == "EHLO")

    lab_window(story)


def test_sent_while_one_types_by_hand(lab_window):
    """The form comes before the dialogue, then goes."""

    async def story(seat):
        await seat.press("f4")
        await seat.see("^S Send draft")
        before = len(seat.app.context.live.model.journeys.trips)
        await seat.press("ctrl+s")
        await seat.until(lambda: len(seat.app.context.live.model.journeys.trips) > before)
        assert seat.app.ui.screen.query_one(ComposePane).tab == "form"

    lab_window(story)


def test_room_for_what_is_said_by_hand(stage):
    """While one types it the machines make room; whoever goes elsewhere has them back."""

    async def story(seat):
        await seat.ready()
        await seat.pilot.resize_terminal(120, 40)
        compose = seat.app.ui.screen.query_one(ComposePane)
        narrow = compose.size
        await seat.press("f4")
        await seat.see("RCPT TO:<bob@recipient.test>", "recipient.test ●")
        await seat.write("EHLO me")
        await seat.press("enter")
        await seat.until(lambda: compose.size.width > 2 * narrow.width and compose.size.height > narrow.height)
        await seat.see("EHLO me", "Wire")
        assert "recipient.test ●" not in seat.text
        await seat.press("f6")
        await seat.until(lambda: compose.size == narrow)
        await seat.see("recipient.test ●")

    stage(story)


def test_room_for_what_is_written(stage):
    """Lines of some 75 cells while one writes; the machines stay in sight beside them, and the wire where it is."""

    async def story(seat):
        await seat.ready()
        await seat.pilot.resize_terminal(120, 40)
        screen = seat.app.ui.screen
        text, wire = screen.query_one("#field-text"), screen.query_one("#wire")
        await seat.focus(wire)
        await seat.until(lambda: text.size.width < 50)
        narrow, place = text.size, wire.region
        await seat.press("tab")
        await seat.until(lambda: 72 <= text.size.width <= 80)
        await seat.see("before you read it.", "Alice", "via Submission", "sender.test ●", "recipient.test ●")
        assert wire.region == place
        await seat.click("o Stop")  # what is clicked on stays where it is
        await seat.see("sender.test ○", "before you read it.")
        await seat.press("o")
        await seat.focus(wire)
        await seat.until(lambda: text.size == narrow)
        await seat.see("Name server (DNS)")

    stage(story)


def test_the_key_of_the_server_while_one_types_by_hand(lab_window):
    """It asks for the server to talk to, also where the field is left; the pane is called for what it shows."""

    async def story(seat):
        await seat.pilot.resize_terminal(80, 24)
        await seat.press("f4", "escape")
        await seat.see(" By hand ", "F10 Server", "Enter Write")
        assert "New message" not in seat.text
        await seat.press("f10")
        await seat.see("Connect to…")
        await seat.press("escape", "f4")
        await seat.see(" New message ")
        await seat.press("f10")
        await seat.see("Send via…")

    lab_window(story)


def test_only_a_field_is_left(lab_window):
    """The key that leaves a field is offered in it, and no longer when it is left."""

    async def story(seat):
        await seat.pilot.resize_terminal(120, 40)
        for tabs in (0, 1, 3):  # the form, the headers, by hand
            await seat.focus(seat.app.ui.screen.query_one("#field-subject"))
            await seat.press(*["shift+f4"] * tabs)
            await seat.see("Esc Leave field")
            await seat.press("escape")
            await seat.see("━ Enter Write ", " Enter Write  ")
            assert "Leave field" not in seat.text
            seat.app.ui.screen.query_one(ComposePane).show_tab("form")

    lab_window(story)


def test_back_to_the_message_types_nothing(lab_window):
    """Whoever goes back from what is typed by hand stands on the form, in none of its fields: a digit leads to a mode."""

    async def story(seat):
        sender = seat.app.context.drafting.form.sender
        await seat.press("f4")
        await seat.until(lambda: seat.app.focused.id == "byhandfield")
        await seat.press("f4")
        await seat.until(lambda: seat.app.focused is seat.app.ui.screen.pane("compose"))
        await seat.press("3")
        await seat.until(lambda: seat.app.current_mode == "wire")
        assert seat.app.context.drafting.form.sender == sender

    lab_window(story)


def test_a_key_of_the_machines_elsewhere(lab_window):
    """It stops none of them, for nobody has said which, and says how one gets there."""

    async def story(seat):
        await seat.pilot.resize_terminal(120, 40)
        for press in "obpB":
            await seat.press(press)
            await seat.told(f"{press} is a key of the machines: ^O jumps to one of them")
        assert seat.text.count("● running") == 3

    lab_window(story)


def test_the_way_out_of_a_field_has_room(stage):
    """In the smallest window, too: whatever falls away, the key that leaves the field does not."""

    async def story(seat):
        await seat.ready()
        for field in ("#field-subject", "#field-text"):
            await seat.focus(seat.app.ui.screen.query_one(field))
            await seat.until(lambda: "Esc Leave field" in seat.lines[-1] and "^S Send" in seat.lines[-1])
        await seat.press("f4")
        await seat.until(lambda: seat.lines[-1].startswith(" Esc Leave field "))

    stage(story, size=(60, 15))


def test_before_the_first_line_every_pane_of_lines_says_what_to_do(stage):
    """Where one pane is seen at a time, the one that explains lines too."""

    async def story(seat):
        await seat.ready()
        for mode in ("lab", "wire"):
            seat.app.ui.go(mode, "explain")
            await seat.until(lambda mode=mode: seat.app.current_mode == mode)
            await seat.see("^S  Send the draft" if mode == "lab" else "^S")
            assert seat.app.ui.screen.fronted == "explain"
            assert seat.app.context.texts("explain.first") not in seat.text

    stage(story, size=(80, 24))


def test_leaving_a_story_leads_back_to_where_one_was(stage):
    """The pane that was in front before it is there again, whatever was looked at in it."""

    async def story(seat):
        await seat.ready()
        at, screen = seat.app.context, seat.app.ui.screen
        screen.front("compose")
        await replay.tell_story(at, "bounce")
        await seat.until(lambda: at.playback is not None and screen.fronted == "wire")
        replay.end(at)
        await seat.until(lambda: screen.transcript.count() > 20)
        await seat.press("k", "enter")
        await seat.until(lambda: screen.fronted == "explain")
        await seat.press("Q")
        await seat.until(lambda: at.playback is None)
        await seat.until(lambda: screen.fronted == "compose")

    stage(story, size=(80, 24))


def pressed_on(seat):
    """What stands on the ground of things to press."""
    ground = seat.app.theme_variables["press-ground"]
    pieces = (piece for strip in seat.strips for piece in strip)
    return [text for text, look, _ in pieces if look and look.bgcolor and look.bgcolor.name == ground.lower()]


def test_one_thing_stands_out(stage):
    """It is what sends the message, as long as it can be sent: wherever the focus is, and when one has gone."""

    async def story(seat):
        lab = seat.app.ui.screen
        await seat.pilot.resize_terminal(120, 40)
        await seat.until(lambda: lab._form_words[0])
        await seat.press("ctrl+s")
        await seat.see("DELIVERED", "delivered to bob")
        assert not lab.query_one("StatusBar").has_class("-said")
        for pane in ("compose", "sender", "wire"):
            await seat.focus(lab.pane(pane))
            assert pressed_on(seat) == [" ^S Send "]
        await seat.pilot.resize_terminal(80, 24)  # where the form has no border it is said below
        await seat.until(lambda: pressed_on(seat) == [" ^S Send "])

    stage(story)

"""Writing a message."""

import unicodedata
from dataclasses import replace

from textual.widgets import Input, TextArea

from maillab.client.compose import Attachment
from maillab.client.fields import ComposeError
from maillab.tui.machines.drafts import MOST_TEXT, DraftForm
from maillab.tui.texts import Texts
from maillab.tui.widgets.compose import BodyField, ComposePane

DRAFT = DraftForm("alice@sender.test", "bob@recipient.test", "", "", "Xin chào", "Hello\n", "X-A: b",
              (Attachment("a.png", "image/png", b"12345"),), "<1@x>", ("<1@x>",))  # fmt: skip


def test_what_is_written_is_the_draft(stage):
    """A message that is shown is the one that is read back, with what cannot be seen of it."""
    pane = ComposePane(Texts("en"))

    async def story(seat):
        pane.write(DRAFT)
        await seat.see("a.png (image/png, 5 B)")
        assert pane.draft == DRAFT
        pane.write(replace(DRAFT, files=()))
        await seat.until(lambda: "a.png" not in seat.text)
        assert pane.draft.files == ()
        assert [m for m in seat.app.told if isinstance(m, ComposePane.Changed)]

    stage.alone(pane, story=story)


def test_errors_at_the_field(stage):
    """An address that is none is marked while it is typed, and the reason stands below its field."""
    pane = ComposePane(Texts("en"))

    async def story(seat):
        pane.write(DRAFT)
        field = pane.query_one("#field-to", Input)
        await seat.focus(field)
        await seat.press("end")
        await seat.write(", carol@")
        assert field.has_class("-bad")
        await seat.see("carol@: no domain")
        assert seat.place("carol@: no domain")[1] == field.region.y + 1
        await seat.write("x.test")
        assert not field.has_class("-bad")
        await seat.until(lambda: "no domain" not in seat.text)
        try:
            DraftForm("alice@", "b@x.test").message()
        except ComposeError as error:
            pane.point_at(error.field, error.why)
        await seat.until(lambda: seat.app.focused is pane.query_one("#field-sender"))
        await seat.see("alice@: no domain")

    stage.alone(pane, story=story)


def test_errors_in_vietnamese(stage):
    """What is wrong with an address is said in the language of the window."""
    pane = ComposePane(Texts("vi"))

    async def story(seat):
        pane.write(replace(DRAFT, to="carol@@x.test"))
        await seat.see("carol@@x.test: có hai dấu @")

    stage.alone(pane, story=story)


def test_an_address_that_is_being_typed(stage):
    """What begins a known address is no fault before the field is left."""
    pane = ComposePane(Texts("en"))

    async def story(seat):
        pane.know(["carol@recipient.test"])
        field = pane.query_one("#field-cc", Input)
        await seat.focus(field)
        await seat.write("carol@")
        await seat.see("carol@recipient.test")
        assert "no domain" not in seat.text
        await seat.press("enter")
        await seat.see("carol@: no domain")
        assert field.has_class("-bad")

    stage.alone(pane, story=story)


def test_typing(stage):
    """Enter goes to the next field; letters and marks become one character; controls of a paste become blanks."""
    pane = ComposePane(Texts("en"))

    async def story(seat):
        subject = pane.query_one("#field-subject", Input)
        await seat.focus(subject)
        subject.value = unicodedata.normalize("NFD", "Tiếng Việt")
        assert subject.value == "Tiếng Việt"
        subject.value = "a\x1b]0;PWN\x07b\u2028c\x9bd"
        assert subject.value == "a ]0;PWN b c d"
        await seat.press("enter")
        assert isinstance(seat.app.focused, BodyField)

    stage.alone(pane, story=story)


def test_pasting(stage):
    """A paste is text only, whatever it holds, and not without end (T279)."""
    from textual.events import Paste

    pane = ComposePane(Texts("en"))

    async def story(seat):
        body = pane.query_one(BodyField)
        await seat.focus(body)
        body.post_message(Paste("one\r\ntwo\rthree\x1b[201~\x11\x03" + unicodedata.normalize("NFD", "ệ")))
        await seat.until(lambda: "three" in body.text)
        assert body.text == "one\ntwo\nthree[201~ệ"
        body.post_message(Paste("x" * (MOST_TEXT + 1)))
        await seat.see("Attach it as a file")
        assert len(body.text) < 100
        assert seat.app.is_running

    stage.alone(pane, story=story)


def test_a_header_that_comes_while_its_tab_is_made(stage):
    """It is shown as soon as there is a place for it."""
    pane = ComposePane(Texts("en"))

    async def story(seat):
        pane.show_tab("headers")
        assert not pane.query("#headers")
        pane.show_source([], [[("plain", "head␍␊")]])
        await seat.see("head␍␊")

    stage.alone(pane, story=story)


def test_tabs(stage):
    """Form, headers, source, by hand; each is made when it is looked at first."""
    pane = ComposePane(Texts("en"))

    async def story(seat):
        pane.write(DRAFT)
        await seat.focus(pane.query_one("#field-to"))
        await seat.press("shift+f4")
        assert pane.tab == "headers"
        assert pane.query_one("#field-headers", TextArea).text == "X-A: b"
        pane.query_one("#field-headers", TextArea).load_text("X-B: c")
        assert pane.draft.headers == "X-B: c"
        pane.show_source([[("plain", "whole␍␊")]], [[("plain", "head␍␊")]])
        await seat.see("head␍␊")
        await seat.press("shift+f4")
        assert pane.tab == "source"
        pane.show_source([[("plain", "whole␍␊")]], [])
        await seat.see("whole␍␊")
        await seat.click("By hand")
        assert pane.tab == "byhand"
        await seat.press("f4")  # straight back, and there again
        assert pane.tab == "form"
        await seat.press("f4")
        assert pane.tab == "byhand"
        await seat.press("f4")
        assert pane.tab == "form"
        assert [m.tab for m in seat.app.told if isinstance(m, ComposePane.TabChanged)][-1] == "form"

    stage.alone(pane, story=story, size=(80, 30))


def test_what_is_missing_is_written_first(stage):
    """Whoever comes back from what is typed by hand is in the first field that is empty and has to be filled in, and in
    none where nothing is missing.
    """
    pane = ComposePane(Texts("en"))

    async def story(seat):
        places = (
            (DRAFT, "#compose"),
            (replace(DRAFT, to=""), "#field-to"),
            (replace(DRAFT, subject=""), "#field-subject"),
        )
        for draft, place in places:
            pane.write(draft)
            pane.action_by_hand()
            await seat.until(lambda: pane.tab == "byhand")
            pane.action_by_hand()
            await seat.until(lambda place=place: seat.app.focused is seat.app.query_one(place))

    stage.alone(pane, story=story)


def test_known_people_are_offered(stage):
    """The address of somebody known is offered while it is typed."""
    pane = ComposePane(Texts("en"))

    async def story(seat):
        pane.know(["carol@recipient.test"])
        await seat.focus(pane.query_one("#field-to"))
        await seat.write("car")
        await seat.see("carol@recipient.test")

    stage.alone(pane, story=story)

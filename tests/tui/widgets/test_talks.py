"""The talks, grouped by the message that they were about."""

import pytest

from maillab.events import Closed, Entry, Leg, Opened, Said, Side
from maillab.tui.reading.model import Model
from maillab.tui.texts import Texts
from maillab.tui.widgets.rows import Rows
from maillab.tui.widgets.talks import TalkTree
from maillab.views.subject import subject_of
from tests.recording.told import told


def model_of(name):
    model = Model()
    model.take(told(name))
    return model


def seen(seat):
    return [message.talks for message in seat.app.told if isinstance(message, TalkTree.Seen)]


class Sized(TalkTree):
    """Has as many cells for a line as it is told."""

    wide = 70

    @property
    def cells(self):
        return self.wide


def test_a_tree(stage):
    """Messages in the order of the wire, each with its subject; their talks, each with what became of it."""
    tree, model = TalkTree(Texts("en")), model_of("bounce")

    async def story(seat):
        tree.show_model(model)
        await seat.see("All conversations", "alice → nobody")
        subject = subject_of(model.content_of(model.journeys.trips[0]))
        assert any("alice → nobody  " + subject in line for line in seat.lines)
        assert any(line.strip(" ┃").startswith("✗ relay-1 ") and " 5" in line for line in seat.lines)
        assert any("✓ submit-1 " in line and " ms" in line for line in seat.lines)
        reports = [trip for trip in model.journeys.trips if trip.report_of]
        assert f"report about {reports[0].report_of}" in seat.text
        places = [seat.place(name)[1] for name in ("submit-1", "relay-1", "report about")]
        assert places == sorted(places)

    stage.alone(tree, story=story)


def test_names_are_whole_where_it_is_narrow(stage):
    """What became of a talk is said shortly, by its code or by how long it took, and never its name."""
    tree, model = TalkTree(Texts("en")), model_of("bounce")

    async def story(seat):
        tree.show_model(model)
        await seat.see("retrieve-1" if "retrieve-1" in model.talks else "relay-1")
        lines = [line.strip(" ┃") for line in seat.lines]
        assert any(line.startswith("✗ relay-1 ") and line.endswith(" 550") for line in lines)
        assert any(line.startswith("✓ submit-1 ") and line.endswith(" ms") for line in lines)

    stage.alone(tree, story=story, size=(23, 20))


def test_durations_stand_at_the_right(stage):
    """One below the other at the edge, whatever stands before them; a subject of a few letters stands nowhere."""
    tree, model = Sized(Texts("en")), model_of("seven-steps")

    async def story(seat):
        tree.wide = 24
        tree.show_model(model)
        await seat.see("retrieve-1")
        lines = [line.strip("┃").rstrip() for line in seat.lines]
        assert any(line.endswith("alice → bob") for line in lines)
        assert {len(line) for line in lines if line.endswith("s") and "-" in line} == {25}

    stage.alone(tree, story=story)


@pytest.mark.parametrize("story", ["bounce", "seven-steps"])
def test_however_few_cells_there_are(stage, story):
    """Each row is drawn in whatever a terminal leaves for it while it is made smaller, none included."""
    tree, model = TalkTree(Texts("en")), model_of(story)

    async def look(seat):
        tree.show_model(model)
        await seat.see("All conversations")
        for cells in range(-3, 60):
            assert all(tree.item(index, cells) for index in range(tree.count()))

    stage.alone(tree, story=look)


def test_a_message_that_was_refused(stage):
    """It says for whom it was, though no server took it."""
    tree, model = TalkTree(Texts("en")), Model()
    said = (
        Opened("submit-1", Leg.SUBMIT, "submission", "mail.sender.test"),
        Said("submit-1", Side.SERVER, b"220 mail\r\n"),
        Said("submit-1", Side.CLIENT, b"MAIL FROM:<alice@sender.test>\r\n"),
        Said("submit-1", Side.SERVER, b"250 ok\r\n"),
        Said("submit-1", Side.CLIENT, b"RCPT TO:<bob@re>\r\n"),
        Said("submit-1", Side.SERVER, b"554 outside\r\n"),
        Closed("submit-1", "quit"),
    )
    model.take([Entry(seq, float(seq), event) for seq, event in enumerate(said, 1)])

    async def story(seat):
        tree.show_model(model)
        await seat.see("alice → bob  refused")

    stage.alone(tree, story=story)


def test_the_cursor_chooses(stage):
    """All of them, those of a message, or one."""
    tree, model = TalkTree(Texts("en")), model_of("seven-steps")

    async def story(seat):
        tree.show_model(model)
        await seat.focus(tree)
        await seat.press("j", "j", "g")
        assert seen(seat)[-3:] == [
            frozenset({"submit-1", "lookup-1", "lookup-2", "relay-1", "retrieve-1"}),
            frozenset({"submit-1"}),
            None,
        ]

    stage.alone(tree, story=story)


def test_folding(stage):
    """Enter folds a message, unfolds it, and goes into a talk."""
    tree, model = TalkTree(Texts("en")), model_of("seven-steps")

    async def story(seat):
        tree.show_model(model)
        await seat.focus(tree)
        await seat.press("j", "enter")
        assert "submit-1" not in seat.text
        await seat.press("enter")
        await seat.see("submit-1")
        assert not [m for m in seat.app.told if isinstance(m, Rows.Chosen)]
        await seat.press("j", "enter")
        assert [m.item for m in seat.app.told if isinstance(m, Rows.Chosen)] == [2]

    stage.alone(tree, story=story)


def test_it_grows(stage):
    """While more happens the cursor stays on its talk."""
    entries = told("tls")
    tree, model = TalkTree(Texts("en")), Model()

    async def story(seat):
        await seat.focus(tree)
        for place in range(0, len(entries), 20):
            model.take(entries[place : place + 20])
            tree.show_model(model)
            if place == 20:
                tree.cursor = 2
                chosen = tree.chosen
        await seat.pilot.pause()
        assert tree.chosen == chosen

    stage.alone(tree, story=story)


def test_talks_of_no_message(stage):
    """Talks that were about no message stand last."""
    tree, model = TalkTree(Texts("en")), Model()
    model.take([entry for entry in told("seven-steps") if getattr(entry.event, "talk", "") == "lookup-1"])

    async def story(seat):
        tree.show_model(model)
        await seat.see(Texts("en")("talks.others"), "lookup-1")

    stage.alone(tree, story=story)


def test_a_click_on_the_sign_before_a_message(stage):
    """It folds the talks of the message, and unfolds them again."""
    tree, model = TalkTree(Texts("en")), model_of("bounce")

    async def story(seat):
        tree.show_model(model)
        await seat.see("submit-1")
        await seat.click("▾")
        await seat.until(lambda: "submit-1" not in seat.text and "▸" in seat.text)
        await seat.click("▸")
        await seat.see("submit-1")

    stage.alone(tree, story=story)


def test_another_width(stage):
    """What was drawn for a wide pane is drawn anew in a narrow one, and not cut off."""
    tree, model = Sized(Texts("en")), model_of("seven-steps")

    async def story(seat):
        tree.show_model(model)
        await seat.see("mail.sender.test")
        tree.wide = 21
        tree.refresh()
        await seat.until(lambda: "mail" not in seat.text and "submit-1" in seat.text)

    stage.alone(tree, story=story)

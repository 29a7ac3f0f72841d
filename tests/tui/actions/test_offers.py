"""What can be done where one is, and elsewhere."""

from dataclasses import replace
from types import SimpleNamespace

import pytest

from maillab.events import Queued
from maillab.recording.session import Header
from maillab.tui.actions import offers
from maillab.tui.actions.table import BY_NAME
from maillab.tui.commands import machines, send
from maillab.tui.playing.playback import Playback, Recording
from maillab.tui.reading.model import Model
from maillab.tui.state.life import FREE_PORTS, DownBy, LabDown, otherwise
from maillab.tui.state.record import OnRecord
from maillab.tui.state.shown import Replay
from maillab.tui.subjects import HeldMessage, Machine, MachineJob, PersonsMail
from maillab.tui.texts import Texts
from tests.recording.told import record
from tests.tui.fake_ui import context, happened, living, ui_of


class Spot:
    """A place with contexts, a subject and calls that it refuses."""

    def __init__(self, *contexts, subject=None, refuses=()):
        self.CONTEXTS = contexts
        self._subject = subject
        self._refuses = refuses

    def subject(self):
        return self._subject

    def check_action(self, action, parameters):
        return action not in self._refuses


MACHINE = Machine("sender.test")
JOB = MachineJob(MACHINE, "L1.1")


def names(places, at):
    return [action.name for action, _ in offers.here(places, at)]


def labels(places, at):
    return [action.label("en") for action, _ in offers.here(places, at)]


def test_the_nearest_come_first(tmp_path):
    """Each action once, with the place that is nearest."""
    at = context(tmp_path)
    near, far = Spot("rows"), Spot("rows", "app")
    found = dict(offers.here([near, far], at))
    assert found[BY_NAME["rows.up"]] is near
    assert found[BY_NAME["app.send"]] is far
    assert names([near, far], at)[0].startswith("rows.")


def test_what_a_key_is_bound_to(tmp_path):
    """To the nearest action, also where that can only say why it does nothing; as a person has chosen its keys."""
    at = context(tmp_path)
    reading, zone = Spot("reading"), Spot("names")
    assert "reading.export" not in names([reading], at)  # nothing was said yet
    assert offers.bound([reading, zone], at)["e"] == "reading.export"
    assert offers.bound([zone, reading], at)["e"] == "names.edit"
    assert "space" not in offers.bound([Spot("replay")], at)  # while no session plays it is free
    at.own_keys = {"reading.export": ("E",)}
    assert offers.bound([reading, zone], at)["e"] == "names.edit"


def test_what_is_not_possible_is_not_offered(tmp_path):
    """A call that the place refuses; a job where there is none; a session's keys while none plays."""
    at = context(tmp_path)
    assert "rows.open" not in names([Spot("rows", refuses=("open",))], at)
    assert "machine.hold" not in names([Spot("machine")], at)
    with_machine, with_job = names([Spot("machine", subject=MACHINE)], at), names([Spot("machine", subject=JOB)], at)
    assert "machine.hold" in with_machine
    assert "machine.bounce" not in with_machine
    assert {"machine.hold", "machine.bounce"} <= set(with_job)  # the job is in the machine
    assert "replay.play" not in names([Spot("replay")], at)
    at.shown = Replay(Model(), Playback(Recording(Header(""))))
    assert "replay.play" in names([Spot("replay")], at)
    places = [Spot("machine", subject=MACHINE), Spot("compose"), Spot("byhand"), Spot("app")]
    found = names(places, at)
    changing = [name for name in found if name.startswith(("machine.", "compose.", "byhand."))]
    assert changing == ["machine.ports"]  # which only shows what is there
    assert "app.send" not in found  # what is recorded can neither be changed nor written on
    assert not {"app.record", "app.mark"} & set(found)  # nor recorded once more
    assert "app.help" in found


def test_messages_of_a_session_stay_as_they_are(tmp_path):
    """No key is offered that only refuses; what is read, found and saved is."""
    at = context(tmp_path)
    place = Spot("mail", subject=HeldMessage(SimpleNamespace(account="bob@x.test")))
    changes = {"mail.unread", "mail.delete", "mail.restore"}
    at.home.shelf = object()
    assert changes <= set(names([place], at))
    at.shown = Replay(Model(), Playback(Recording(Header(""))))
    found = set(names([place], at))
    assert not changes & found
    assert {"mail.save", "mail.search", "mail.in_wire"} <= found


def test_elsewhere():
    """Everything that other panes can do, with their own keys and the pane to go to; nobody looks for arrows there."""
    found = {offer.action.name: offer for offer in offers.elsewhere({"mail.fetch"}, {"mail.reply": ("x",)})}
    assert "mail.fetch" not in found
    assert "rows.up" not in found
    reply = found["mail.reply"]
    assert (reply.keys, reply.mode, reply.pane, reply.is_here) == (("x",), "mail", "messages", False)


def test_it_is_done_with_the_nearest_subject(tmp_path):
    """A kind that is named first is not preferred to one that is nearer."""
    at, given = context(tmp_path), []
    action = replace(BY_NAME["machine.retry"], does=lambda at, subject: given.append(subject), live=False)
    offers.perform(action, [Spot("machine", subject=JOB)], at)
    offers.perform(action, [Spot("machine"), Spot("machine", subject=MACHINE)], at)
    assert given == [JOB, MACHINE]


def test_what_is_missing_is_said(tmp_path):
    """A lab, or a thing under the cursor."""
    at = context(tmp_path)
    offers.perform(BY_NAME["machine.bounce"], [Spot("machine", subject=JOB)], at)
    offers.perform(replace(BY_NAME["machine.bounce"], live=False), [Spot("machine", subject=MACHINE)], at)
    assert ui_of(at).said == [at.texts("say.starting")]
    assert ui_of(at).complained == [at.texts("needs.machinejob")]
    at.shown = Replay(Model(), Playback(Recording(Header(""))))
    for name in ("app.settings", "app.rules", "app.mark", "reading.mark", "machine.bounce"):
        offers.perform(BY_NAME[name], [Spot("machine", subject=JOB)], at)
    assert set(ui_of(at).complained[1:]) == {"This is a recording. Q goes back to live."}


def test_where_no_message_is_listed(tmp_path):
    """In Mail one is selected as long as there is any; elsewhere one is to be selected."""
    at = context(tmp_path)
    for name in ("mail.unread", "mail.important", "mail.open_outside"):
        for place in (("lab", "wire"), ("mail", "messages")):
            ui_of(at).place = place
            action = replace(BY_NAME[name], live=False)
            offers.perform(action, [Spot("mail", subject=PersonsMail("bob@x.test"))], at)
    assert at.texts("needs.heldmessage") == ui_of(at).complained[0]
    assert ui_of(at).complained[1::2] == [at.texts("needs.heldmessage.none")] * 3


def test_where_no_session_is_saved(tmp_path):
    """Elsewhere one is to be chosen; in Sessions there is none, and it is said how one comes."""
    at = context(tmp_path)
    for place in (("lab", "wire"), ("sessions", "list")):
        ui_of(at).place = place
        offers.perform(BY_NAME["sessions.compare"], [Spot("sessions")], at)
    assert ui_of(at).complained == [at.texts("needs.savedrun"), at.texts("sessions.empty")]


def test_the_key_that_records_says_what_it_does_now(tmp_path):
    """It saves the recording that it began: the same verb as in the notice of its beginning."""
    at = context(tmp_path)
    assert "Record" in labels([Spot("app")], at)
    at.records.state = OnRecord(tmp_path / "x.maillab", 0.0, ours=True)
    assert "Record" not in labels([Spot("app")], at)
    assert "Save recording" in labels([Spot("app")], at)
    at.shown = Replay(Model(), Playback(Recording(Header(""))))
    assert "Save recording" in labels([Spot("app")], at)  # it goes on while a session is looked at


def test_the_space_bar_says_what_it_does_now(tmp_path):
    """It plays, pauses, or plays again; and a key that leads nowhere at this moment is no hint."""
    at = context(tmp_path)
    playback = Playback(Recording(Header("test"), record("S: 220 hi\nC: QUIT"), whole=True))
    at.shown = Replay(Model(), playback)
    place = Spot("replay")

    def hints():
        return [
            action.label("en")
            for action, _ in offers.here([place], at)
            if offers.leads_somewhere(action, at) and action.name in ("replay.play", "replay.line_on")
        ]

    seen = []
    for step in (playback.play, playback.pause, lambda: playback.to(9)):
        before = offers.what_words_depend_on(at)
        step()
        assert offers.what_words_depend_on(at) != before
        seen.append(hints())
    assert seen == [["Pause", "Forward"], ["Play", "Forward"], ["Play again"]]


def test_a_queue_on_hold_is_resumed(tmp_path):
    """The key that held it says that it lets it go, as soon as it is held."""

    async def story(at):
        place, before = Spot("machine", subject=MACHINE), offers.what_words_depend_on(at)
        assert "Hold" in labels([place], at)
        await machines.hold(at, MACHINE)
        assert "Resume" in labels([place], at)
        assert "Hold" in labels([Spot("machine", subject=Machine("recipient.test"))], at)
        assert offers.what_words_depend_on(at) != before
        await machines.power(at, MACHINE)
        assert "Start" in labels([place], at)
        assert not {"Hold", "Resume"} & {*labels([place], at)}  # it stands still with its machine

    living(context(tmp_path), story)


def test_trying_again_is_offered_where_something_waits(tmp_path):
    """Of a machine with an empty queue it is said whose mail is tried; where nothing waits at all, nothing."""

    async def story(at):
        retry, sender, recipient = BY_NAME["machine.retry"], Machine("sender.test"), Machine("recipient.test")
        assert not offers.leads_somewhere(retry, at)
        assert not offers.leads_somewhere(BY_NAME["reading.retry"], at)
        before = offers.what_words_depend_on(at)
        await machines.hold(at, sender)
        await send.send(at)
        await happened(at, Queued)
        assert offers.what_words_depend_on(at) != before
        assert offers.leads_somewhere(retry, at)
        assert "Retry" in labels([Spot("machine", subject=sender)], at)
        assert "Retry all" in labels([Spot("machine", subject=recipient)], at)

    living(context(tmp_path), story)


def test_the_draft_is_named_where_it_is_out_of_sight(tmp_path):
    """What the key sends stands in the Lab mode; elsewhere it is said what that is."""
    at = context(tmp_path)
    for mode, label in (("lab", "Send"), ("mail", "Send draft"), ("wire", "Send draft")):
        ui_of(at).place = mode, ""
        assert label in labels([Spot("app")], at)


@pytest.mark.parametrize("by", [None, *DownBy])
def test_the_other_way_to_start_has_one_name(tmp_path, by):
    """The key bar calls it as the card does, whatever keeps the lab from starting; so does the table of keys."""
    at = context(tmp_path)
    at.life = LabDown("why", by) if by is not None else LabDown("why")
    for lang in ("en", "vi"):
        name = Texts(lang)(otherwise(by))
        assert offers.as_it_is(BY_NAME["app.free_ports"], None, (), at).label(lang) == name
    if otherwise(by) == FREE_PORTS:
        assert offers.as_it_is(BY_NAME["app.free_ports"], None, (), at) == BY_NAME["app.free_ports"]

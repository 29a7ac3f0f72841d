"""How a machine stands."""

from maillab.events import Delivered, Entry, Queued, Read
from maillab.recording.session import Header
from maillab.tui.machine_state import MachineState, ServiceState, of_session, receiving, sending, sites_of
from maillab.tui.model import Model
from maillab.tui.texts import Texts
from tests.recording.told import told

EN = Texts("en")
LAB = MachineState(
    ("sender.test", "recipient.test"),
    (
        ServiceState("sender.test", "submission", 1587, "starttls", open=True),
        ServiceState("recipient.test", "smtp", 2025, "none", open=False),
    ),
    {"sender.test": ("alice@sender.test",), "recipient.test": ("bob@recipient.test",)},
    {"bob@recipient.test": 3},
)


def model_of(*events, story=""):
    model = Model()
    model.take([Entry(number, float(number), event) for number, event in enumerate(events, 1)] or told(story))
    return model


def text(rows):
    return ["".join(text for _, text in row.line) for row in rows]


def test_the_sending_machine():
    """Its state, its doors, what its server offers, its counts, and what waits."""
    model = model_of(story="seven-steps")
    lines = text(sending(LAB, model, "sender.test", EN, 0.0))
    assert lines[0] == "● sender.test running"
    assert lines[1] == "▸ submission:1587   STARTTLS"
    assert "8BITMIME" in lines[2]
    assert lines[3] == "1 accepted · 0 queued · 1 sent · 0 bounced"
    assert lines[-1] == EN("sender.empty")


def test_the_door_for_programs():
    """Port 25 of a site that trusts this computer stands at the sending machine, too: programs hand their messages over there."""
    doors = (ServiceState("sender.test", "smtp", 1025, "none", open=True, programs=True), *LAB.doors)
    lab = MachineState(LAB.sites, doors, LAB.people)

    assert text(sending(lab, Model(), "sender.test", EN, 0.0))[1] == "▸ smtp:1025         for programs"
    assert "smtp:2025" not in " ".join(text(sending(lab, Model(), "recipient.test", EN, 0.0)))


def test_what_waits():
    """A job with whom it is for, when it is tried next, and why it waits; the line stands for the job."""
    model = Model()
    for entry in told("greylist-then-retry"):
        model.take([entry])
        if type(entry.event).__name__ == "Deferred":
            break
    [row] = [row for row in sending(LAB, model, "sender.test", EN, model.now + 60) if row.about.startswith("L1.")]
    [line] = text([row])
    assert line.startswith("L1.1  bob@recipient.test retry in ")
    assert "Greylisted" in line


def test_whose_queue_it_is():
    """A job waits at the site whose queue named it, whoever wrote the message."""
    model = model_of(
        Queued("L1.1", "L1", "recipient.test", ("bob@recipient.test", "carol@recipient.test")),
        Queued("M1.1", "M1", "sender.test", ("alice@sender.test",)),
    )
    here = [row.about for row in sending(LAB, model, "sender.test", EN, 0.0) if "." in row.about]
    there = [row.about for row in sending(LAB, model, "recipient.test", EN, 0.0) if "." in row.about]
    assert (here, there) == (["L1.1"], ["M1.1"])
    assert any("bob@recipient.test +1" in line for line in text(sending(LAB, model, "sender.test", EN, 0.0)))


def test_the_receiving_machine():
    """A door that is shut, and mailboxes with what lies in them: from before, and since."""
    model = model_of(
        Delivered("relay-1", "bob@recipient.test", 1, 9), Delivered("relay-1", "bob@recipient.test", 2, 9),
        Read("retrieve-1", "bob@recipient.test", 1),
    )  # fmt: skip
    rows = receiving(LAB, model, "recipient.test", EN)
    assert text(rows)[0] == "○ recipient.test stopped, o starts it"
    assert text(rows)[1].startswith("▹ smtp:2025")
    [bob] = [row for row in rows if row.about == "bob@recipient.test"]
    assert text([bob]) == ["bob          5 stored, 1 new"]


def test_what_is_unusual():
    """A held queue and deliberate faults are said."""
    held = MachineState(
        LAB.sites, LAB.doors, LAB.people, paused=frozenset({"sender.test"}), notes={"sender.test": ("odd",)}
    )
    model = model_of(story="seven-steps")
    assert EN("sender.paused") in text(sending(held, model, "sender.test", EN, 0.0))
    assert "odd" in text(receiving(held, model, "sender.test", EN))


def test_no_lab():
    """Before it has started, and when it cannot."""
    model = Model()
    assert text(sending(MachineState(), model, "", EN, 0.0))[0] == EN("machine.starting")
    assert text(receiving(MachineState(trouble="port 1\nand more"), model, "", EN))[0] == "port 1"
    assert EN("recipient.nobody") in text(receiving(MachineState(), model, "", EN))


def test_of_a_session():
    """A session tells who lived in its lab; a strange header tells nothing and breaks nothing (T262)."""
    model = model_of(story="seven-steps")
    told_of = of_session(Header(lab={"sites": [{"domain": "sender.test", "people": [{"name": "alice"}]}]}))
    assert told_of.people == {"sender.test": ("alice@sender.test",)}
    assert text(sending(told_of, model, "sender.test", EN, 0.0))[0] == EN("machine.of_session", site="sender.test")
    for lab in (
        {},
        {"sites": 3},
        {"sites": [3, {"domain": 4}, {"domain": "a", "people": "b"}, {"domain": "c", "people": [1]}]},
    ):
        strange = of_session(Header(lab=lab))
        assert strange.recorded
        sending(strange, model, "a", EN, 0.0)
    assert sites_of(of_session(Header()), model) == ("sender.test", "recipient.test")


def test_controls_are_pictures():
    """Whatever a server offered, no line holds an octet that a terminal obeys (T261)."""
    model = Model()
    model.offers["sender.test"] = ("\x1b[31m", "\u202e")
    assert "\x1b" not in "".join(text(sending(LAB, model, "sender.test", EN, 0.0)))
    assert "\u202e" not in "".join(text(sending(LAB, model, "sender.test", EN, 0.0)))

"""How a machine stands."""

from dataclasses import replace

import pytest

from maillab.events import REMOVED, Attempted, Deferred, Delivered, Entry, Failed, Queued, Read, Removed, Submitted
from maillab.recording.session import Header
from maillab.tui.looks.sink import width
from maillab.tui.machines.machine_rows import OneLine
from maillab.tui.machines.machine_state import (
    MachineState,
    ServiceState,
    ZoneState,
    is_running,
    jobs_at,
    machine,
    name_server,
    of_session,
    short_reason,
    sites_of,
    title,
)
from maillab.tui.reading.model import Model
from maillab.tui.state.home import MailBefore
from maillab.tui.texts import Texts
from tests.recording.told import told

EN = Texts("en")
REFUSED = "451 4.4.1 No connection to mx.recipient.test: Connection refused"


def door(site, service, port, *, is_open=True, tls="starttls"):
    return ServiceState(site, service, port, tls, open=is_open)


LAB = MachineState(
    ("sender.test", "recipient.test"),
    (
        door("sender.test", "smtp", 1025, tls="none"),
        door("sender.test", "submission", 1587),
        door("sender.test", "pop3", 1110),
        door("recipient.test", "smtp", 2025, is_open=False, tls="none"),
        door("recipient.test", "pop3", 2110, is_open=False, tls="none"),
    ),
    {
        "sender.test": ("alice@sender.test",),
        "recipient.test": ("bob@recipient.test", "carol@recipient.test", "caught@recipient.test"),
    },
    {"bob@recipient.test": MailBefore(3)},
    unless_empty=frozenset({"caught@recipient.test"}),
    names_port=1053,
    zones=(ZoneState("recipient.test.", 9, ("10 mx.recipient.test.",)),),
)


def model_of(*events, story=""):
    model = Model()
    model.take([Entry(number, float(number), event) for number, event in enumerate(events, 1)] or told(story))
    return model


def text(rows, cells=76):
    return ["".join(piece for _, piece in line).rstrip() for row in rows for line in row.lines(cells)]


def seen(site="sender.test", state=LAB, model=None, cells=76, now=0.0, texts=EN):
    return text(machine(state, model or Model(), site, texts, now), cells)


def test_both_machines_have_the_same_parts():
    """Mailboxes, queue, counts, encryption, services with ports: for whichever site."""
    assert seen() == [
        "Mailboxes  alice       –",
        "Queue      empty",
        "0 accepted · 0 queued · 0 sent · 0 bounced",
        "SMTP 1025 plain · Submission 1587 · POP3 1110",
    ]
    assert seen("recipient.test") == [
        "Mailboxes  bob         3",
        "           carol       –",
        "Queue      empty",
        "0 accepted · 0 queued · 0 sent · 0 bounced",
        "TLS        off: not encrypted",
        "SMTP 2025 · POP3 2110",
    ]


@pytest.mark.parametrize("lang", ["en", "vi"])
@pytest.mark.parametrize("cells", [26, 30, 34, 38, 44])
def test_counts_are_never_broken(cells, lang):
    """In a narrow pane the counts are said in fewer words, in one line."""
    rows = machine(LAB, model_of(story="bounce"), "sender.test", Texts(lang), 0.0)
    (counts,) = [row for row in rows if isinstance(row, OneLine)]
    assert len(counts.lines(cells)) == 1
    assert "…" not in text([counts], cells)[0]


def test_ports():
    """Last, their names grey: all where that takes two lines, else behind a sign those with TLS from the first octet,
    whatever numbers they have; while a machine starts, the closed ones are told apart.
    """
    names = {"smtp": 1025, "submission": 1587, "pop3": 1110, "imap": 1143}
    implicit = {"submissions": 1465, "pop3s": 1995, "imaps": 1993}
    doors = tuple(door("a.test", name, port) for name, port in names.items())
    doors += tuple(door("a.test", name, port, tls="implicit") for name, port in implicit.items())
    state = MachineState(("a.test",), doors)
    row = machine(state, Model(), "a.test", EN, 0.0)[-1]
    assert text([row], 76) == [
        "SMTP 1025 · Submission 1587 · POP3 1110 · IMAP 1143 · Submissions 1465",
        "POP3S 1995 · IMAPS 1993",
    ]
    assert text([row], 33) == ["SMTP 1025 · Submission 1587", "POP3 1110 · IMAP 1143 ▸"]
    assert ["".join(part for _, part in line) for line in row.unfolded(33)] == [
        "SMTP 1025 · Submission 1587",
        "POP3 1110 · IMAP 1143",
        "Submissions 1465 · POP3S 1995",
        "IMAPS 1993 ▾",
    ]
    high = replace(state, doors=tuple(replace(door, port=door.port + 40_000) for door in doors))
    for lang in ("en", "vi"):
        for cells in (30, 33, 36):
            ports = machine(
                replace(high, doors=(replace(high.doors[0], tls="none"), *high.doors[1:])),
                Model(),
                "a.test",
                Texts(lang),
                0.0,
            )[-1]
            assert len(ports.lines(cells)) == 2
            assert max(map(width, ports.lines(cells))) <= cells
    assert [piece for piece in row.lines(33)[0] if piece[1]] == [
        ("dim", "SMTP "), ("plain", "1025"), ("dim", " · "), ("dim", "Submission "), ("plain", "1587"),
    ]  # fmt: skip
    starting = replace(state, doors=(replace(doors[0], open=False), *doors[1:]))
    assert text(machine(starting, Model(), "a.test", EN, 0.0)[-1:], 33)[0] == "○ SMTP 1025 · Submission 1587"


def test_titles():
    """The name of the machine, and whether it runs; of a session nobody knows."""
    running = (("plain", "sender.test"), ("good", " ●"), ("dim", " running"))
    assert title(LAB, "sender.test", "sender.test", EN) == running
    assert title(LAB, "recipient.test", "b.test", EN) == (("plain", "b.test"), ("warn", " ○ stopped"))
    assert title(LAB, "", "Name server", EN)[1:] == running[1:]
    recorded = MachineState(("a.test",), recorded=True)
    assert title(recorded, "a.test", "a.test", EN) == (("plain", "a.test"), ("plain", " · recorded"))
    assert title(MachineState(("a.test",)), "a.test", "a.test", EN) == (("plain", "a.test"),)
    assert is_running(MachineState(trouble="no"), "") is None


def test_what_waits():
    """A job with whom it is for, which try comes, when, and why; the row stands for the job."""
    model = Model()
    for entry in told("greylist-then-retry"):
        model.take([entry])
        if isinstance(entry.event, Deferred):
            break
    rows = machine(LAB, model, "sender.test", EN, model.now + 60)
    assert [row.about for row in rows if row.about.startswith("L1.")] == ["L1.1"]
    line = next(line for line in text(rows) if line.startswith("L1.1"))
    assert line.split() == ["L1.1", "bob@recipient.test", "tried", "once", "retry", "in", "4:00", "greylisted"]
    assert "Queue      1 queued" in text(rows)


def test_a_job_that_waits_with_older_ones():
    """A job that was never tried says so: its host was down a while ago."""
    model = model_of(
        Queued("L1.1", "L1", "recipient.test", ("bob@recipient.test",)), Attempted("L1.1", "mx.recipient.test", 0),
        Deferred("L1.1", ("bob@recipient.test",), REFUSED, 300),
        Queued("L2.1", "L2", "recipient.test", ("bob@recipient.test",)),
        Deferred("L2.1", ("bob@recipient.test",), REFUSED, 240),
    )  # fmt: skip
    lines = seen(model=model, now=62.0, cells=120)
    assert [line.split()[-3:] for line in lines if line.startswith("L1.1")] == [["4:01", "connection", "refused"]]
    assert any("mx.recipient.test was down 1 min ago" in line for line in lines)


def test_whose_queue_it_is():
    """A job waits at the site whose queue named it, whoever wrote the message."""
    model = model_of(
        Queued("L1.1", "L1", "recipient.test", ("bob@recipient.test", "carol@recipient.test")),
        Queued("M1.1", "M1", "sender.test", ("alice@sender.test",)),
    )
    assert [job.job for job in jobs_at(LAB, model, "sender.test")] == ["L1.1"]
    assert [job.job for job in jobs_at(LAB, model, "recipient.test")] == ["M1.1"]
    assert jobs_at(LAB, model, "elsewhere.test") == []
    assert any("bob@recipient.test +1" in line and "sending" in line for line in seen(model=model))


def test_mailboxes():
    """What lies there from before and since, and how much of it nobody has fetched."""
    model = model_of(
        Delivered("relay-1", "bob@recipient.test", 1, 9), Delivered("relay-1", "bob@recipient.test", 2, 9),
        Read("retrieve-1", "bob@recipient.test", 1), Delivered("relay-1", "carol@recipient.test", 1, 9),
    )  # fmt: skip
    lines = seen("recipient.test", model=model)
    assert "Mailboxes  bob         1 unread" in lines
    assert "           carol       1 unread" in lines
    about = {row.about for row in machine(LAB, model, "recipient.test", EN, 0.0)}
    assert "bob@recipient.test" in about


def test_messages_from_before():
    """Those that nobody had at home wait on until somebody fetches them, each once; others are fetched, also again."""
    bob = "bob@recipient.test"
    state = replace(LAB, mail={bob: MailBefore(3, 2, frozenset({6}))})
    assert "Mailboxes  bob         2 unread" in seen("recipient.test", state=state)
    events = [Read("retrieve-1", bob, 7), Read("retrieve-2", bob, 7), Read("retrieve-2", bob, 6)]
    assert "Mailboxes  bob         1 unread" in seen("recipient.test", state=state, model=model_of(*events))
    events += [Delivered("relay-1", bob, 9, 9), Read("retrieve-1", bob, 9), Read("retrieve-1", bob, 8)]
    assert "Mailboxes  bob         4" in seen("recipient.test", state=state, model=model_of(*events))
    gone = replace(LAB, mail={})  # as of a session, which tells of no message from before
    assert "Mailboxes  bob         –" in seen("recipient.test", state=gone, model=model_of(Removed("r-1", bob, (1, 2))))


def test_counts_of_both_directions():
    """Whoever takes responsibility for a message has accepted it: a queue, or a mailbox."""
    model = model_of(
        Submitted("submit-1", "L1", "alice@sender.test", ("bob@recipient.test",), 9),
        Queued("L1.1", "L1", "recipient.test", ("bob@recipient.test",)),
        Delivered("relay-1", "bob@recipient.test", 1, 9), Attempted("L1.1", "mx.recipient.test", 250),
    )  # fmt: skip
    assert seen(model=model)[-2] == "1 accepted · 0 queued · 1 sent · 0 bounced"
    assert seen("recipient.test", model=model)[-3] == "1 accepted · 0 queued · 0 sent · 0 bounced"
    model.take([Entry(99, 99.0, Failed("L2.1", ("bob@recipient.test",), REMOVED))])
    assert seen(model=model)[-2] == "1 accepted · 0 queued · 1 sent · 0 bounced · 1 removed"


def test_where_there_is_encryption():
    """That there is TLS is not said; a port without it while others have it is, and a machine without any."""
    everywhere = replace(
        LAB, doors=(door("sender.test", "smtp", 1025), door("sender.test", "pop3s", 1995, tls="implicit"))
    )
    assert not [line for line in seen(state=everywhere) if line.startswith("TLS") or "plain" in line]
    assert seen()[-1].startswith("SMTP 1025 plain · ")
    assert "TLS        off: not encrypted" in seen("recipient.test")


def test_what_is_unusual():
    """A held queue, deliberate faults and logins at other servers are said."""
    state = MachineState(
        LAB.sites, LAB.doors, LAB.people, paused=frozenset({"sender.test"}), notes={"sender.test": ("odd",)},
        logins={"sender.test": ("recipient.test",)},
    )  # fmt: skip
    lines = seen(state=state)
    assert "Queue      empty · on hold" in lines
    assert "Login      at recipient.test" in lines
    assert "odd" in lines


def test_no_lab():
    """When it cannot start; that it does is said once, in the wire."""
    assert seen("", MachineState()) == text(name_server(MachineState(), Model(), EN)) == []
    down = MachineState(("a.test",), trouble="port 1\nand more")
    assert title(down, "a.test", "a.test", EN) == (("plain", "a.test"), ("warn", " ○ not running"))
    assert seen("a.test", down) == [EN("machine.later")]  # why, stands in the wire
    assert text(name_server(down, Model(), EN)) == [EN("names.later")]


def test_the_name_server():
    """Its port, its zones with the MX that mail asks for, and what it was asked last, the newest first."""
    rows = name_server(LAB, model_of(story="seven-steps"), EN)
    assert text(rows) == [
        "DNS 1053 · 2 questions · mx.recipient.test A? 127.0.0.1",
        "recipient.test · MX 10 mx.recipient.test · 9 records",
        "Asked      recipient.test MX? 10 mx.recipient.test",
    ]
    assert "zone:recipient.test." in {row.about for row in rows}


def test_a_zone_that_was_edited():
    """It says so; one without MX does, too."""
    edited = MachineState(names_port=1, zones=(ZoneState("a.test.", 4, (), edited=True),))
    assert text(name_server(edited, Model(), EN))[1:] == ["a.test · no MX · 4 records · edited"]


def test_reasons():
    """What happens often is said in our words, everything else in the server's, with the code."""
    assert short_reason(REFUSED, EN) == "connection refused"
    assert short_reason("450 4.7.1 Greylisted: come back in 120 seconds", EN) == "greylisted"
    assert short_reason("452 4.2.2 mailbox full", EN) == "452 mailbox full"


def test_of_a_session():
    """A session tells who lived in its lab; a strange header tells nothing and breaks nothing (T262)."""
    model = model_of(story="seven-steps")
    told_of = of_session(Header(lab={"sites": [{"domain": "sender.test", "people": [{"name": "alice"}]}]}))
    assert told_of.people == {"sender.test": ("alice@sender.test",)}
    assert seen(state=told_of, model=model)[0] == "Mailboxes  alice       –"
    for lab in (
        {},
        {"sites": 3},
        {"sites": [3, {"domain": 4}, {"domain": "a", "people": "b"}, {"domain": "c", "people": [1]}]},
    ):
        strange = of_session(Header(lab=lab))
        assert strange.recorded
        seen("a", strange, model)
    assert sites_of(of_session(Header()), model) == ("sender.test", "recipient.test")


def test_accounts_of_servers():
    """A server that logs in at another one has an account there, to which nobody writes: no mailbox is shown for it."""
    sites = [
        {"domain": "a.test", "people": [{"name": "alice"}], "server_auth": {"b.test": {"user": "relay"}, "c.test": 3}},
        {"domain": "b.test", "people": [{"name": "bob"}, {"name": "relay"}]},
    ]
    lines = seen("b.test", of_session(Header(lab={"sites": sites})))
    assert any("bob" in line for line in lines)
    assert not any("relay" in line for line in lines)


def test_controls_are_pictures():
    """Whatever a server said, no row holds an octet that a terminal obeys (T261)."""
    model = model_of(
        Queued("L1.1", "L1", "recipient.test", ("b\x1bob\u202e@recipient.test",)),
        Deferred("L1.1", ("b\x1bob\u202e@recipient.test",), "450 \x1b[31m\u202e", 300),
    )
    state = MachineState(("sender.test",), zones=(ZoneState("\x1b.test.", 1, ("10 \x1b",)),))
    for rows in (machine(state, model, "sender.test", EN, 0.0), name_server(state, model, EN)):
        for cells in (30, 120):
            assert "\x1b" not in "".join(text(rows, cells))
            assert "\u202e" not in "".join(text(rows, cells))


def test_a_stopped_machine_is_not_on_hold():
    """Its queue stands still because it is stopped; nobody has put it on hold."""
    paused = replace(LAB, paused=frozenset({"recipient.test"}))
    assert any("on hold" in line for line in seen(state=replace(LAB, paused=frozenset({"sender.test"}))))
    assert not any("on hold" in line for line in text(machine(paused, Model(), "recipient.test", EN, 0.0)))


def test_a_name_server_that_was_not_asked_yet():
    """At the beginning of a recording it is no empty box."""
    assert text(name_server(MachineState(recorded=True), Model(), EN)) == ["Not asked yet."]

"""What is known of a talk while its entries pass."""

from maillab.events import Closed, Entry, Leg, Opened, Said, Side
from maillab.views.context import RECIPIENTS, Context
from maillab.views.jobs import KEPT
from tests.views.sample import said, session


def heard(events):
    context = Context()
    verbs = []
    for number, event in enumerate(events, 1):
        context.hear(Entry(number, float(number), event))
        verbs.append(context.talks[event.talk].verb)
    return context, verbs


def test_pipelined_commands_and_their_replies():
    """Each reply belongs to the oldest command that waits; a continued one leaves it waiting."""
    _, verbs = heard(
        said("relay-1", ["C: MAIL FROM:<>", "C: RCPT TO:<a@b.test>", "S: 250-x", "S: 250 x", "S: 550 x", "S: 421 x"])
    )
    assert verbs == ["MAIL", "RCPT", "MAIL", "MAIL", "RCPT", ""]


def test_challenges_belong_to_their_command():
    """What answers a 334 or a + is part of AUTH, not a command of its own."""
    _, verbs = heard(
        said("submit-1", ["C: auth login", "S: 334 VX", "C: quit", "S: 334 UG", "C: x", "S: 235 ok", "C: quit"])
    )
    assert verbs == ["AUTH"] * 6 + ["QUIT"]
    _, verbs = heard(said("retrieve-1", ["C: AUTH PLAIN", "S: + ", "C: x", "S: +OK", "C: STAT"]))
    assert verbs == ["AUTH"] * 4 + ["STAT"]


def test_a_greeting_answers_nobody():
    """The first reply of a talk whose beginning was heard belongs to no command, also where it comes late."""
    opened = Opened("relay-1", Leg.RELAY, "smtp", "x")
    _, verbs = heard([opened, *said("relay-1", ["C: EHLO x", "S: 220-hi", "S: 220 hi", "S: 250 x"])])
    assert verbs == ["", "EHLO", "", "", "EHLO"]


def test_an_envelope_ends():
    """MAIL begins a new envelope; RSET, EHLO and QUIT end it."""
    for ending in ("RSET", "EHLO x", "HELO x", "QUIT", "mail from:<>"):
        lines = ["C: mail from: alice@sender.test", "C: RCPT TO:<bob@recipient.test> NOTIFY=NEVER", f"C: {ending}"]
        context, _ = heard(said("relay-1", lines[:2]))
        talk = context.talks["relay-1"]
        assert (talk.sender, talk.recipients) == ("<alice@sender.test>", ["<bob@recipient.test>"])
        context, _ = heard(said("relay-1", lines))
        talk = context.talks["relay-1"]
        assert (talk.sender, talk.recipients) == ("<>" if "mail" in ending else "", [])


def test_the_same_entry_is_heard_once():
    """Who asks twice about an entry is answered twice, and it is counted once."""
    context = Context()
    entry = Entry(1, 0.0, Said("relay-1", Side.CLIENT, b"NOOP\r\n"))
    context.hear(entry)
    context.hear(entry)
    context.hear(Entry(2, 0.0, Said("relay-1", Side.SERVER, b"250 ok\r\n")))
    context.hear(Entry(3, 0.0, Said("relay-1", Side.SERVER, b"250 ok\r\n")))
    assert context.talks["relay-1"].verb == ""


def test_memory_is_bounded():
    """Commands that nobody answers, recipients and talks are not remembered without end."""
    context, _ = heard(said("relay-1", ["C: RCPT TO:<a@b.test>"] * (RECIPIENTS + 5)))
    talk = context.talks["relay-1"]
    assert len(talk.recipients) == RECIPIENTS
    for number in range(KEPT + 5):
        context.hear(Entry(1, 0.0, Opened(f"relay-x{number}", Leg.RELAY, "smtp", f"host{number}")))
    assert len(context.talks) == KEPT


def test_a_session_is_followed_to_its_end():
    """Login, encryption and the jobs of talks are known after a whole session."""
    context = Context()
    for entry in session():
        context.hear(entry)
    talk = context.talks["submit-1"]
    assert (talk.tls, talk.user, talk.protocol.name) == ("TLSv1.3", "alice@sender.test", "smtp")
    assert {name: context.jobs_of(name) for name in ("submit-1", "lookup-1", "lookup-2", "relay-1", "retrieve-1")} == {
        "submit-1": {"L1.1"}, "lookup-1": {"L1.1"}, "lookup-2": {"L1.1"}, "relay-1": {"L1.1"}, "retrieve-1": set(),
    }  # fmt: skip
    context.hear(Entry(999, 0.0, Closed("nowhere", "lost")))


def test_talks_that_have_ended_are_forgotten():
    """Of many talks the last that ended are remembered, and each that goes on, however old it is."""
    context = Context()
    context.hear(Entry(1, 0.0, Opened("retrieve-1", Leg.RETRIEVE, "imap", "mx.b.test")))
    for number in range(2, 2_000):
        context.hear(Entry(2 * number, 0.0, Opened(f"relay-{number}", Leg.RELAY, "smtp", "mx.b.test")))
        context.hear(Entry(2 * number + 1, 0.0, Closed(f"relay-{number}", "quit")))

    assert list(context.talks)[:2] == ["retrieve-1", "relay-1500"]
    assert context.talks["relay-1999"].server == "mx.b.test"

"""What holds for every format: its golden file, no secret, nothing that runs or steers, and no failure whatever it is given."""

import base64

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from maillab.events import (
    Authenticated,
    Carried,
    Certificate,
    Closed,
    Leg,
    Opened,
    Packet,
    Queued,
    Said,
    Secured,
    Side,
    Transport,
    Warned,
)
from maillab.mail.content import Content
from maillab.recording.export import FORMATS, export
from maillab.recording.session import Header, Session
from tests.lookups import looked_up
from tests.recording.export.sample import exported, golden, hostile, sample, secret, session, talk

CANARY = "corr3ct-Horse"
TALKS = st.sampled_from(["submit-1", "relay-1", "lookup-1", "retrieve-1", "L1.1", ""])
LINES = st.one_of(
    st.binary(max_size=40),
    st.sampled_from(
        [b"DATA\r\n", b".\r\n", b"354 go\r\n", b"250-a\r\n", b"+OK\r\n", b"RETR 1\r\n", b"AUTH PLAIN x\r\n"]
    ),
    st.sampled_from(
        [b"a. IN MX ?\r\n", b"NOERROR aa a. 1 IN MX 1 b.\r\n", b"NXDOMAIN a. (SOA a. b. c. 1 2 3 4 5)\r\n"]
    ),
)
PACKETS = st.one_of(
    st.binary(max_size=40),
    st.sampled_from([packet.octets for packet in looked_up("", "a. IN MX", "a. 1 IN MX 1 b.", "a. 1 IN MX 2 c.")]),
)
WORDS = st.text(max_size=9)
CERTIFICATES = st.builds(Certificate, WORDS, WORDS, st.tuples(WORDS), WORDS, st.booleans())
SIDES = st.sampled_from(list(Side))
SLICES = st.tuples(st.integers(0, 9), st.integers(0, 9))
EVENTS = st.one_of(
    st.builds(
        Opened,
        TALKS,
        st.sampled_from(list(Leg)),
        st.sampled_from(["smtp", "pop3s", "dns", "odd"]),
        st.text(max_size=9),
        transport=st.sampled_from(Transport),
    ),
    st.builds(Said, TALKS, SIDES, LINES, st.booleans(), SLICES),
    st.builds(Packet, TALKS, SIDES, PACKETS),
    st.builds(Carried, TALKS, SIDES, st.builds(Content, st.binary(max_size=60)), st.booleans()),
    st.builds(Secured, TALKS, WORDS, WORDS, st.none() | CERTIFICATES),
    st.builds(Closed, TALKS, st.text(max_size=9)),
    st.builds(Authenticated, TALKS, st.text(max_size=9), st.text(max_size=9)),
    st.builds(Queued, TALKS, st.text(max_size=9), st.text(max_size=9), st.tuples(st.text(max_size=9))),
    st.builds(Warned, TALKS, st.text(max_size=9)),
)


@pytest.mark.parametrize("name", FORMATS)
def test_golden(name):
    """The sample session in this format is, to the octet, what it was when somebody looked at it."""
    assert exported(name, sample()) == golden(name).read_bytes()


@pytest.mark.parametrize("name", FORMATS)
def test_no_secret(name):
    """No password stands in an export, neither plain nor in any of the three alignments of base64 (T307)."""
    plain = CANARY.encode()
    coded = base64.b64encode(b"\0alice\0" + plain).decode()
    seen = exported(
        name,
        session(
            Opened("submit-1", Leg.SUBMIT, "submission", "mail.sender.test"),
            *talk("submit-1", "S: 220 hi", "C: EHLO me", "S: 250 ok"),
            secret("submit-1", "AUTH PLAIN ", coded),
            *talk("submit-1", "S: 535 no", "C: AUTH LOGIN", "S: 334 UGFzc3dvcmQ6"),
            secret("submit-1", "", base64.b64encode(plain).decode()),
            *talk("submit-1", "S: 535 no"),
            secret("submit-1", "", CANARY),
            *talk("submit-1", "S: 500 what?"),
            Closed("submit-1", "lost"),
            Opened("retrieve-1", Leg.RETRIEVE, "pop3", "mail.recipient.test"),
            *talk("retrieve-1", "S: +OK <1@x>", "C: USER bob", "S: +OK"),
            secret("retrieve-1", "PASS ", CANARY),
            *talk("retrieve-1", "S: -ERR no"),
            secret("retrieve-1", "APOP bob ", CANARY),
            Closed("retrieve-1", "lost"),
        ),
    )
    alignments = [base64.b64encode(b"x" * shift + plain)[4:-4] for shift in range(3)]
    assert [form for form in [plain, *alignments] if form in seen] == []


@pytest.mark.parametrize("name", [name for name in FORMATS if name not in ("pcapng", "cast", "eml", "mbox")])
def test_nothing_steers_a_terminal(name):
    """No control, no bidi mark and no octet that is not UTF-8 comes out of a text format, whatever went in (T261)."""
    text = exported(name, hostile()).decode()
    assert [char for char in text if (char < " " and char != "\n") or char in "\x7f\u202e"] == []


@pytest.mark.parametrize("name", FORMATS)
def test_empty(name):
    """A session without entries is a small file of the format."""
    assert exported(name, Session(Header("nothing"), ())) or name == "mbox"


@settings(max_examples=60, deadline=None)
@given(st.lists(EVENTS, max_size=12))
def test_any_entries(events):
    """Whatever entries a session holds, and in whatever order, every format is written to its end."""
    one = session(*events)
    for name in FORMATS:
        assert exported(name, one) or name == "mbox"  # without messages it is empty


def test_unknown_format():
    """A format that is not there is a `LookupError`."""
    with pytest.raises(LookupError):
        export(sample(), "docx")


def test_unknown_option():
    """An option that a format does not take is refused by name, not passed over."""
    with pytest.raises(TypeError, match="mermaid has no option notation"):
        export(sample(), "mermaid", notation="rfc")


def test_gone_content(tmp_path):
    """A message whose file is gone is left out and the rest is written."""
    gone = Content(b"", tmp_path / "gone", 0, 12)
    one = session(*talk("relay-1", "C: DATA", "S: 354 go"), Carried("relay-1", Side.CLIENT, gone))
    for name in FORMATS:
        assert exported(name, one) or name == "mbox"  # without messages it is empty

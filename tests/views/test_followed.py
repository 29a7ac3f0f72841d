"""Talks of a stream of entries, each followed as its protocol is."""

from maillab.events import Carried, Closed, Entry, Leg, Opened, Packet, Said, Secured, Side, Transport
from maillab.mail.content import Content
from maillab.protocols.protocol import UNKNOWN, RequestKind
from maillab.views.followed import FollowedTalks
from maillab.views.jobs import KEPT
from tests.lookups import looked_up

C, S = Side.CLIENT, Side.SERVER


def heard(*events):
    """What every entry is in its talk; they are numbered from 1."""
    talks = FollowedTalks()
    return talks, [talks.hear(Entry(number, 0.0, event)) for number, event in enumerate(events, 1)]


def test_talks_are_followed_apart():
    """An answer belongs to a request of its own talk, and tells the number of its entry."""
    opened = [Opened("relay-1", Leg.RELAY, "smtp", "mx"), Opened("retrieve-1", Leg.RETRIEVE, "pop3", "mail")]
    greetings = [Said("relay-1", S, b"220 mx\r\n"), Said("retrieve-1", S, b"+OK\r\n")]
    asked = [Said("relay-1", C, b"NOOP\r\n"), Said("retrieve-1", C, b"LIST\r\n")]
    answers = [Said("retrieve-1", S, b"+OK\r\n"), Said("relay-1", S, b"250 ok\r\n"), Said("retrieve-1", S, b".\r\n")]
    _, told = heard(*opened, *greetings, *asked, *answers)
    assert [line.request for line in told[2:4]] == [None, None]
    assert [(line.request.mark, line.last) for line in told[6:]] == [(6, False), (5, True), (6, True)]


def test_content_belongs_to_its_request():
    """Of a client to the command that announced it, of a server to the one that asked for it."""
    up = [Said("relay-1", C, b"DATA\r\n"), Carried("relay-1", C, Content(b"x\r\n")), Said("relay-1", C, b".\r\n")]
    down = [
        Said("retrieve-1", C, b"RETR 1\r\n"),
        Said("retrieve-1", S, b"+OK\r\n"),
        Carried("retrieve-1", S, Content(b"")),
    ]
    _, told = heard(*up, *down)
    assert (told[1], told[2].kind) == (told[0], RequestKind.END)
    assert told[5] is told[3]


def test_a_talk_that_was_joined_in_its_middle_is_spoken_as_its_name_tells():
    talks, told = heard(Said("retrieve-7", S, b"+OK 1\r\n"), Said("elsewhere", S, b"hello\r\n"), Closed("x", "quit"))
    assert [line.request for line in told[:2]] == [None, None]
    assert (talks["retrieve-7"].protocol.name, talks["elsewhere"].protocol) == ("pop3", UNKNOWN)


def test_a_service_that_nobody_knows_is_not_taken_for_smtp():
    talks, told = heard(Opened("relay-1", Leg.RELAY, "telex", "x"), Said("relay-1", S, b"550 no\r\n"))
    assert talks["relay-1"].protocol is UNKNOWN
    assert told[1].kind == "other"


def test_nothing_from_before_tls_counts():
    _, told = heard(Said("relay-1", C, b"NOOP\r\n"), Secured("relay-1", "TLSv1.3"), Said("relay-1", S, b"250 ok\r\n"))
    assert told[2].request is None


def test_the_oldest_talks_are_forgotten():
    talks, _ = heard(*(Opened(f"relay-{number}", Leg.RELAY, "smtp", "mx") for number in range(KEPT + 5)))
    assert len(talks) == KEPT


def test_each_message_of_dns_answers_one_question():
    """Over TCP several are asked at once; an answer is whole, and the type that was asked for stands for a verb."""
    talks = FollowedTalks()
    [ask_mx, answer_mx], [ask_a, answer_a] = (looked_up("lookup-1", f"a.test. IN {kind}") for kind in ("MX", "A"))
    heard = [talks.hear(Entry(seq, 0.0, event)) for seq, event in enumerate((ask_mx, ask_a, answer_mx, answer_a), 1)]
    assert [request.verb for request in heard[:2]] == ["MX", "A"]
    assert [(answer.request.mark, answer.first, answer.last) for answer in heard[2:]] == [
        (1, True, True),
        (2, True, True),
    ]


def test_what_carries_a_talk():
    """What its beginning tells; a lookup whose beginning was not heard is a datagram."""
    talks = FollowedTalks()
    talks.hear(Entry(1, 0.0, Opened("lookup-1", Leg.LOOKUP, "dns", "ns.test", transport=Transport.TCP)))
    talks.hear(Entry(2, 0.0, Packet("lookup-2", Side.CLIENT, b"x")))
    assert [talks[name].transport for name in ("lookup-1", "lookup-2", "relay-1")] == ["tcp", "udp", "tcp"]

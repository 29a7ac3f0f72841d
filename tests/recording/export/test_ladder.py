"""The ladder."""

from maillab.events import Attempted, Carried, Leg, Opened, Side
from maillab.mail.content import Content
from maillab.protocols.imap import IMAP
from maillab.recording.export.ladder import JOINED, Arrow, LadderNote, ends, ladder, told
from maillab.recording.export.turns import ExportedTurn
from maillab.recording.session import Told
from tests.recording.export.sample import MESSAGE, sample, secret, session, talk


def test_participants():
    """Machines go by their names, a reader by their address, and a resolver is the server that asks."""
    assert ladder(sample()).participants == (
        "laptop.sender.test",
        "mail.sender.test",
        "ns.sender.test",
        "mx.recipient.test",
        "bob@recipient.test",
        "mail.recipient.test",
    )
    assert ends(sample().entries)["lookup-1"].client == "mail.sender.test"


def test_nameless():
    """Who never says a name is called by what they do; a talk without its beginning is shown all the same."""
    one = session(Opened("submit-1", Leg.SUBMIT, "smtp", "mail.test"), *talk("relay-7", "C: NOOP"))
    assert ladder(one).participants == ("mail program", "mail.test", "sending server", "server")


def test_secret():
    """A secret is its length."""
    one = ladder(session(secret("retrieve-1", "PASS ", "hunter2")))
    assert [rung.text for rung in one.rungs] == ["PASS ‹redacted 7›"]


def test_long_answers():
    """Of a long answer the first lines are told, and the others are counted."""
    lines = [f"S: {number} 100" for number in range(JOINED + 5)]
    _, arrow = ladder(session(*talk("retrieve-1", "C: LIST", "S: +OK", *lines, "S: ."))).rungs
    assert arrow.text.endswith("10 100, and 6 more lines")


def test_message():
    """A message is one arrow with its size, in the language asked for."""
    one = session(Carried("relay-1", Side.CLIENT, Content(b"x" * 1_234_567)), *talk("relay-1", "C: ."))
    assert [rung.text for rung in ladder(one, "vi").rungs] == ["nội dung thư, 1 234 567 byte"]


def test_decisions():
    """What a server decided about a waiting message stands over the server that sends, and a mark over all."""
    rungs = ladder(sample()).rungs
    [tried] = [rung for rung in rungs if isinstance(rung, LadderNote) and rung.text.startswith("tried")]
    assert tried.over == ("mail.sender.test",)
    [mark] = [rung for rung in rungs if rung.text == "the lookup"]
    assert mark.over == ("laptop.sender.test", "mail.recipient.test")


def test_narration():
    """What is told stands over all, and an empty line is told as such."""
    one = session(*talk("relay-1", "C: "), notes=(Told("Now.", "Nào.", 0, 0.0),))
    told, arrow = ladder(one, "vi").rungs
    assert (told.told, told.text, told.over) == (True, "Nào.", ("máy chủ gửi", "máy chủ"))
    assert arrow.text == "(một dòng trống)"


def test_contents():
    """The arrow of a message has its octets."""
    [arrow, _] = [rung for rung in ladder(sample()).rungs if isinstance(rung, Arrow) and rung.contents][:2]
    assert arrow.contents == (Content(MESSAGE),)


def test_nobody():
    """Where nobody takes part there is nothing to draw."""
    assert ladder(session(Attempted("L1.1", "mx", 0))).rungs == ()


def test_direction():
    """An answer goes the other way."""
    [asked, answered] = ladder(session(*talk("relay-1", "C: NOOP", "S: 250 ok"))).rungs
    assert isinstance(asked, Arrow)
    assert isinstance(answered, Arrow)
    assert (asked.source, asked.target) == (answered.target, answered.source)


def test_answers_with_tags():
    """Lines of IMAP are joined as they stand: no sign behind a code is taken out of them."""
    turn = ExportedTurn(1, 0.0, "retrieve-1", Side.SERVER, False, [b"* SEARCH 1\r\n", b"a1 OK done\r\n"])
    assert told(turn, IMAP) == "* SEARCH 1, a1 OK done"


def test_a_goodbye_that_was_asked_for():
    """BYE in the answer to LOGOUT is no refusal; a NO is one."""
    told = session(
        Opened("retrieve-1", Leg.RETRIEVE, "imap", "mail.recipient.test"),
        *talk("retrieve-1", "S: * OK", "C: a NOOP", "S: a NO not now", "C: b LOGOUT", "S: * BYE", "S: b OK"),
    )
    arrows = [rung for rung in ladder(told).rungs if isinstance(rung, Arrow)]
    assert [arrow.verdict.value for arrow in arrows if arrow.text.endswith(("not now", "b OK"))] == ["error", "ok"]

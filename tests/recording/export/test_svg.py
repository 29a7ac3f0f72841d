"""The drawing of the ladder."""

import xml.etree.ElementTree as ET

import pytest

from maillab.events import Leg, Opened
from maillab.recording.export.ladder import ladder
from maillab.recording.export.svg import DRAWN, NARROW, WIDE, _pixels, draw
from maillab.recording.session import Told, load
from tests.recording.export.sample import hostile, sample, session, talk
from tests.serving import ROOT

EXAMPLES = sorted((ROOT / "examples" / "sessions").glob("*.maillab"))
NS = "{http://www.w3.org/2000/svg}"


def drawn(one, **options):
    return ET.fromstring("".join(draw(ladder(one), **options)))


def rungs(root):
    """The arrows, notes and boxes of a drawing."""
    return [one for one in root if one.tag in (f"{NS}g", f"{NS}a") and one.get("class") != "who"]


def test_well_formed():
    """The drawing is XML, also of strangers' words, with a group for every rung."""
    for one in (sample(), hostile()):
        assert len(rungs(drawn(one))) == len(ladder(one).rungs)


def test_arrows_point_at_who_listens():
    """A client's arrow goes from the client's line to the server's."""
    root = drawn(sample())
    places = {text.text: text.get("x") for text in root.findall(f"{NS}g[@class='who']/{NS}text")}
    arrow = next(g for g in rungs(root) if g.get("data-side") == "client")
    line = arrow.find(f"{NS}line")
    assert (line.get("x1"), line.get("x2")) == (places["laptop.sender.test"], places["mail.sender.test"])


def test_long_session():
    """Of a long session the first rungs are drawn, and the others are counted."""
    said = [line for _ in range(DRAWN) for line in talk("relay-1", "C: NOOP")]
    root = drawn(session(Opened("relay-1", Leg.RELAY, "smtp", "mx.test"), *said))
    assert len(rungs(root)) == DRAWN
    assert root.findall(f"{NS}text")[-1].text == "and 1 more: see the transcript"


def test_a_machine_that_talks_to_itself():
    """Where both ends are one machine the arrow still has a length."""
    root = drawn(session(Opened("relay-1", Leg.RELAY, "smtp", "mx.test"), *talk("relay-1", "C: EHLO mx.test")))
    line = rungs(root)[-1].find(f"{NS}line")
    assert line.get("x1") != line.get("x2")


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_nothing_leaves_the_page(width):
    """Of the kind: words that run out of the page. Every text of every story stays on the drawing, whatever its width."""
    for one in (sample(), hostile(), *map(load, EXAMPLES)):
        root = drawn(one, width=width)
        assert root.get("viewBox").split()[2] == str(width)
        for text in root.iter(f"{NS}text"):
            half = _pixels(text.text) / 2 if text.get("class") != "told" else 0
            assert float(text.get("x")) - half >= -1 or float(text.get("x")) == 14
            assert float(text.get("x")) + half <= width + 1 or float(text.get("x")) == 14
        for line in root.iter(f"{NS}line"):
            assert 0 <= float(line.get("x1")) <= width
            assert 0 <= float(line.get("x2")) <= width


def test_pieces_for_paper():
    """Cut into pieces, all rungs are drawn in their order, the names are on the first one, and each stays on its sheet."""
    whole = rungs(drawn(sample()))
    cut = list(ET.fromstring(f"<div>{''.join(draw(ladder(sample()), each=10))}</div>"))
    assert len(cut) == -(-len(whole) // 10)
    assert [one.find(f"{NS}title").text for piece in cut for one in rungs(piece) if one.tag == f"{NS}g"] == [
        one.find(f"{NS}title").text for one in whole if one.tag == f"{NS}g"
    ]
    assert [len(piece.findall(f"{NS}g[@class='who']")) for piece in cut] == [6] + [0] * (len(cut) - 1)
    for piece in cut:
        height = float(piece.get("viewBox").split()[3])
        assert all(0 < float(text.get("y")) <= height for text in piece.iter(f"{NS}text"))
        assert all(height - float(line.get("y1")) >= 4 for line in piece.iterfind(f"{NS}g/{NS}line"))


def test_numbered_columns():
    """Where columns are too narrow for names, they are numbered; the name is told to who points at it."""
    root = drawn(sample(), width=NARROW)
    heads = root.findall(f"{NS}g[@class='who']")
    assert [one.find(f"{NS}text").text for one in heads] == ["1", "2", "3", "4", "5", "6"]
    assert heads[0].find(f"{NS}title").text == "laptop.sender.test"


def test_narration():
    """What is told is a box across the drawing, in as many lines as it takes, linked to its heading."""
    words = "Alice writes a message to Bob. " * 20
    one = session(*talk("relay-1", "C: NOOP", "S: 250 ok"), notes=(Told(words, words, 1, 0.0),))
    for width, count in ((WIDE, 4), (NARROW, 12)):
        [box] = drawn(one, width=width).findall(f"{NS}a")
        assert box.get("href") == "#told-1"
        assert len(box.findall(f"{NS}text")) == count
        rect = box.find(f"{NS}rect")
        bottom = float(rect.get("y")) + float(rect.get("height"))
        assert float(box.findall(f"{NS}text")[-1].get("y")) < bottom


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_a_long_reply_is_whole(width):
    """What a server answers to EHLO is drawn to its last word, in as many lines as it takes, above its arrow."""
    words = [
        "mx.test",
        *["PIPELINING", "SIZE", "STARTTLS", "ENHANCEDSTATUSCODES", "8BITMIME", "SMTPUTF8", "CHUNKING", "DSN", "LIMITS"],
        "HELP",
    ]
    said = [f"S: 250{'-' if word != 'HELP' else ' '}{word}" for word in words]
    root = drawn(session(*talk("relay-1", "C: EHLO a", *said, "C: QUIT")), width=width)
    _, reply, after = rungs(root)
    texts = reply.findall(f"{NS}text")
    assert len(texts) > 1
    assert " ".join(text.text for text in texts).replace(",", "").split() == ["250", *words]
    heights = [float(text.get("y")) for text in texts]
    assert heights == sorted(heights)
    assert heights[-1] < float(reply.find(f"{NS}line").get("y1")) < float(after.find(f"{NS}text").get("y")) - 8

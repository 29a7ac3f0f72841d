"""SMTP and POP3 typed by hand."""

import pytest

from maillab.client.console import Console
from maillab.events import Carried, Entry, Said, Side, Tolerated
from maillab.mail.content import Content
from maillab.protocols.smtp import SMTP
from maillab.tui.texts import Texts
from maillab.tui.widgets.byhand import ByHandPane
from tests.recording.told import record


def typed(seat):
    return [message.line for message in seat.app.told if isinstance(message, ByHandPane.Typed)]


def test_both_sides(stage):
    """Whom one is connected with, once; what was said on both sides, each reply explained."""
    pane = ByHandPane(Texts("en"))
    pane.add_class("-on")

    async def story(seat):
        pane.begin("connected to mx", SMTP)
        for entry in record("S: 220 mx ESMTP\nC: MAIL FROM:<a@x.test>\nS: 550 5.7.1 no"):
            pane.heard(entry)
        await seat.see("connected", "◀ 220 mx ESMTP", "▶ MAIL FROM:<a@x.test>", "550 5.7.1 no")
        assert any(line.startswith("   ") and line.strip() for line in seat.lines)
        assert sum("connected to" in line for line in seat.lines) == 1

    stage.alone(pane, story=story)


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
def test_lines_of_a_message(stage, size):
    """Each of them stands there at once, the first explained; none is told a second time behind the dot."""
    pane = ByHandPane(Texts("en"))
    pane.add_class("-on")
    told = record("S: 220 mx\nC: DATA\nS: 354 go")
    lines = (b"Subject: typed\r\n", b"\r\n", b"by hand\r\n")
    sent = [Entry(10 + n, 0.0, Carried("submit-1", Side.CLIENT, Content(line))) for n, line in enumerate(lines)]
    dot = Entry(20, 0.0, Said("submit-1", Side.CLIENT, b".\r\n"))

    async def story(seat):
        pane.begin("connected", SMTP)
        for entry in told[:4]:
            pane.heard(entry)
        pane.heard(sent[0])
        await seat.see("▶ Subject: typed")
        for entry in (*sent[1:], dot):
            pane.heard(entry)
        await seat.see("▶ by hand", "▶ .")
        assert sum("by hand" in line for line in seat.lines) == 1

    stage.alone(pane, story=story, size=size)


def test_it_is_explained_once(stage):
    """What an answer means is said when it comes first; a mistake that was borne stands before the answer."""
    pane = ByHandPane(Texts("en"))
    pane.add_class("-on")
    told = record("S: 220 mx\nC: HELO\nS: 250 mx\nC: NOOP\nS: 250 ok\nC: NOOP\nS: 250 ok")
    borne = Entry(1, 0.0, Tolerated("submit-9", "RFC 5321", "HELO has a name"))

    async def story(seat):
        pane.begin("connected", SMTP)
        for entry in (*told[:3], borne, *told[3:]):
            pane.heard(entry)
        await seat.see("▶ HELO", "tolerated: HELO has a name (RFC 5321)", "◀ 250 mx")
        lines = [line.strip() for line in seat.lines]
        assert sum(line.startswith("◀ 250 ok") for line in lines) == 2
        glosses = [line for line in lines if line and line[:2] not in ("◀ ", "▶ ", "· ", "═ ")]
        assert len(glosses) == len(set(glosses))
        assert [line[-1][0] for line in pane._said if line[-1][1].startswith("tolerated")] == ["warn"]  # as in the wire

    stage.alone(pane, story=story)


def test_the_empty_line_says_what_is_wanted(stage):
    """The commands that fit, a step of a login, the message after DATA; or that a command connects again."""
    texts = Texts("en")
    pane = ByHandPane(texts)
    pane.add_class("-on")
    told = record("S: 220 mx\nC: AUTH LOGIN\nS: 334 VXNlcg==\nC? Ym9i\nS: 235 ok\nC: DATA\nS: 354 go\nC: .\nS: 250 ok")

    async def story(seat):
        pane.begin("connected", SMTP)
        said = []
        for entry in told:
            pane.heard(entry)
            said.append(pane.query_one("#byhandfield").placeholder)
        wanted = [texts("byhand.wanted.login"), texts("byhand.wanted.content"), texts("byhand.wanted.closed")]
        assert list(dict.fromkeys(said)) == [
            "SMTP: EHLO …   (.help for help)",
            wanted[0],
            "SMTP: MAIL FROM:<…>   (.help for help)",
            wanted[1],
            "SMTP: MAIL FROM:<…> or QUIT   (.help for help)",
            wanted[2],
        ]

    stage.alone(pane, story=story)


@pytest.mark.parametrize(("lang", "said"), [("en", "MAIL FROM:<…>, AUTH PLAIN … or STARTTLS"), ("vi", "MAIL FROM:<…>, AUTH PLAIN … hoặc STARTTLS")])  # fmt: skip
def test_several_commands_that_fit(stage, lang, said):
    """They are listed as people list things."""
    pane = ByHandPane(Texts(lang))
    pane.add_class("-on")

    async def story(seat):
        pane.begin("connected", SMTP)
        for entry in record("S: 220 mx\nC: EHLO me\nS: 250 mx")[:-1]:
            pane.heard(entry)
        await seat.see(f"SMTP: {said}   (.help")

    stage.alone(pane, story=story)


def test_a_line_is_typed(stage):
    """It is told as it stands, kept, and offered again; a verb is completed."""
    pane = ByHandPane(Texts("en"))
    pane.add_class("-on")

    async def story(seat):
        pane.begin("connected", SMTP)
        field = pane.query_one("#byhandfield")
        await seat.focus(field)
        await seat.write("NOOP")
        await seat.press("enter")
        await seat.write("ehl")
        await seat.until(lambda: field._suggestion == "ehlO ")
        await seat.press("right")
        await seat.write("me")
        await seat.press("enter", "enter")
        assert typed(seat) == ["NOOP", "ehlO me", ""]
        await seat.press("up")
        assert field.value == "ehlO me"
        await seat.press("up", "up")
        assert field.value == "NOOP"
        await seat.press("down", "down", "down")
        assert field.value == ""

    stage.alone(pane, story=story)


def test_a_table_in_a_narrow_pane(stage):
    """What goes on below stands in its own column."""
    pane = ByHandPane(Texts("en"))
    pane.add_class("-on")

    async def story(seat):
        pane.note(Console(SMTP).help)
        await seat.see(".auth USER PASS")
        [place] = [at for at, line in enumerate(seat.lines) if ".auth" in line]
        assert seat.lines[place + 1].strip("┃│ ").startswith(("(AUTH", "PLAIN")) or "PLAIN)" in seat.lines[place]
        assert not seat.lines[place + 1].lstrip("┃│").startswith("(AUTH")

    stage.alone(pane, story=story, size=(36, 20))


def test_a_long_conversation(stage):
    """Only so many lines are kept."""
    pane = ByHandPane(Texts("en"))
    pane.add_class("-on")

    async def story(seat):
        for number in range(3):
            pane.note("\n".join(f"note {number}.{line}" for line in range(1_500)))
        await seat.see("note 2.1499")
        assert len(pane._said) == 2_000

    stage.alone(pane, story=story)

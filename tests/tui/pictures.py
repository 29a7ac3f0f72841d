"""Pictures of the window, each from a real run: `python -m tests.tui.pictures [FOLDER]`.

Without a folder the pictures of the README are drawn again; with one, every screen and every state that matters, at four
sizes, in both themes and both languages, as SCREEN-SIZE-THEME-LANGUAGE.svg, and a page that shows all of them (index.html).
"""

import re
import shutil
import sys
import tempfile
from collections.abc import Awaitable, Callable
from pathlib import Path

from maillab.events import Delivered, Read
from maillab.tui.dialogs.frame import Dialog
from maillab.tui.widgets.messages import Messages
from tests.house import ROOT
from tests.papers import README
from tests.tui.windows import Seat, Stage

FACE = ROOT / "examples" / "window.svg"
SIZES = ((80, 24), (60, 15), (120, 40), (200, 60))
MODES = ("lab", "mail", "wire", "sessions")

DIALOGS = {
    "palette": "app.palette", "help": "app.help", "jump": "app.jump", "settings": "app.settings", "rules": "app.rules",
    "stories": "app.story", "themes": "app.theme", "clock": "app.clock", "person": "app.add_person",
}  # fmt: skip

Draw = Callable[[Seat, str], None]


async def journey(seat: Seat, draw: Draw) -> None:
    """A message is sent, Bob reads it, every line of it is looked at, and a session of it is found."""
    await seat.ready()
    await seat.press("ctrl+s")
    await seat.heard(Delivered, mailbox="bob@recipient.test")
    await seat.until(lambda: seat.hops.count("✓") == 4, "four stations")
    draw(seat, "lab")
    await seat.press("2")
    await seat.until(lambda: any(listed.count() for listed in seat.app.screen.query(Messages)), "the list")
    await seat.press("enter")  # which reads it: where there is room for the list alone nothing else does
    await seat.heard(Read, mailbox="bob@recipient.test")
    await seat.until(lambda: seat.app.ui.screen.fronted == "message", "the message")
    draw(seat, "mail")
    await seat.press("3", "k", "k", "k")
    draw(seat, "wire")
    await seat.press("4")
    await seat.until(lambda: "preview" in seat.text or "bounce" in seat.text, "the saved sessions")
    draw(seat, "sessions")


async def tour(seat: Seat, draw: Draw) -> None:
    """Everything else that a person may see: before the first message, dialogs, what is typed by hand, a session."""
    await seat.ready()
    await look(seat, draw, "first")
    for name, action in DIALOGS.items():
        seat.app.ui.do(action)
        await seat.until(lambda: isinstance(seat.app.screen, Dialog), name)
        await look(seat, draw, name)
        await seat.press("escape")
        await seat.until(lambda: not isinstance(seat.app.screen, Dialog), "no dialog")
    await seat.press("f8")  # a mark needs a record, and says so
    await look(seat, draw, "said")
    seat.app.ui.screen.front("compose")
    await look(seat, draw, "writing")
    await seat.press("f4")
    await look(seat, draw, "byhand")
    await seat.press("escape", "4")
    await seat.until(lambda: "bounce" in seat.text, "the saved sessions")
    await seat.press("enter")
    await seat.until(lambda: seat.app.context.playback is not None, "a session")
    await seat.press("right_square_bracket", "right_square_bracket")
    await seat.until(lambda: seat.app.ui.screen.transcript.count(), "its first lines")
    await look(seat, draw, "replay")


async def look(seat: Seat, draw: Draw, name: str) -> None:
    """Draw it when nothing moves any more."""
    await seat.pilot.pause()
    draw(seat, name)


def face() -> None:
    """The pictures of the README: in text, and in colours as a file."""
    with tempfile.TemporaryDirectory() as folder:

        def show(seat: Seat, mode: str) -> None:
            if mode == "lab":
                before, _, after = framed(README.read_text("utf-8"))
                README.write_text(before + in_text(seat) + after, "utf-8")

        play(Path(folder), show, size=SIZES[0])
    with tempfile.TemporaryDirectory() as folder:

        def draw(seat: Seat, mode: str) -> None:
            if mode == "lab":
                FACE.write_text(alone(seat.app.export_screenshot(title="maillab")), "utf-8")

        play(Path(folder), draw, size=(120, 40))
    print(f"{FACE}: {FACE.stat().st_size // 1024} KB")


def in_text(seat: Seat) -> str:
    """The window as lines of text."""
    return "\n".join(line.rstrip() for line in seat.lines)


def framed(readme: str) -> tuple[str, str, str]:
    """The README before the window in text, that window, and what follows it."""
    before, mark, rest = readme.partition("<!-- window -->\n```\n")
    window, end, after = rest.partition("\n```\n<!-- end -->")
    return before + mark, window, end + after


def alone(picture: str) -> str:
    """The picture without the fonts that it would fetch from elsewhere."""
    return re.sub(r"\s*@font-face \{.*?\}", "", picture, flags=re.DOTALL)


def everything(folder: Path) -> None:
    """Every screen, size, theme and language."""
    folder.mkdir(parents=True, exist_ok=True)
    for size in sorted(SIZES):
        for theme in ("dark", "light"):
            for lang in ("en", "vi"):

                def draw(seat: Seat, name: str, ending: str = f"{size[0]}x{size[1]}-{theme}-{lang}") -> None:
                    (folder / f"{name}-{ending}.svg").write_text(seat.app.export_screenshot(title=""), "utf-8")

                for way in (tour, journey):
                    with tempfile.TemporaryDirectory() as lab:
                        play(Path(lab), draw, way=way, size=size, theme=theme, lang=lang)
    (folder / "index.html").write_text(sheet(folder), "utf-8")
    print(f"{folder}: {len(list(folder.glob('*.svg')))} pictures")


def sheet(folder: Path) -> str:
    """A page on which all pictures of a folder stand, those of one screen together."""
    pictures = "\n".join(
        f'<figure><img src="{path.name}" loading="lazy"><figcaption>{path.stem}</figcaption></figure>'
        for path in sorted(folder.glob("*.svg"))
    )
    style = "body{background:#777;font:12px sans-serif} figure{display:inline-block;margin:4px} img{width:600px}"
    return f"<!doctype html><meta charset=utf-8><title>maillab</title><style>{style}</style>\n{pictures}\n"


def play(
    folder: Path,
    draw: Draw,
    *,
    way: Callable[[Seat, Draw], Awaitable[None]] = journey,
    size: tuple[int, int] = (120, 40),
    theme: str = "dark",
    lang: str = "en",
) -> None:
    """Open a window on a lab in this folder, with the sessions of the examples, and go this way through it."""
    shutil.copytree(ROOT / "examples" / "sessions", folder / "lab" / "sessions")
    Stage(folder, "lazy")(lambda seat: way(seat, draw), size=size, theme=theme, lang=lang)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        everything(Path(sys.argv[1]))
    else:
        face()

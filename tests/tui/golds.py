"""What every mode looks like, written down: `python -m tests.tui.golds` writes it anew, after a look was changed on purpose.

A session plays to its end, so every octet is known. A gold holds the text of the screen, then for each line its runs of
style as letter and width, then what each letter stands for.
"""

import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from rich.style import Style
from textual.strip import Strip

from maillab.tui.widgets.sessionlist import SessionList
from tests.house import ROOT
from tests.tui.windows import Seat, Stage

SIZES = ((60, 15), (80, 24), (120, 40), (200, 60))
LANGS = ("en", "vi")
GOLDS = Path(__file__).parent / "golds"
SESSIONS = ROOT / "examples" / "sessions"
CALM = 3  # pictures, one like the other, after which nothing moves any more
RECORDED = 1_795_457_330  # seconds since 1970: when the copies of the sessions say that they were written

Take = Callable[[str], None]


def open_session(folder: Path, size: tuple[int, int], lang: str, take: Take) -> None:
    """Go through the modes of a window in this folder, which must be the working one, on a session that has played."""
    shutil.copytree(SESSIONS, folder / "lab" / "sessions")
    for number, path in enumerate(sorted((folder / "lab" / "sessions").iterdir())):
        os.utime(path, (RECORDED + number, RECORDED + number))
    path = Path("lab", "sessions", "seven-steps.maillab")
    Stage(folder, "lazy")(lambda seat: _modes(seat, take), size=size, lang=lang, lab=Path("lab"), replay=path)


async def _modes(seat: Seat, take: Take) -> None:
    await seat.until(
        lambda: seat.app.context.playback is not None and seat.app.context.playback.recording.whole, "a session"
    )
    await seat.press("space", "ctrl+end")
    await seat.until(lambda: seat.app.context.playback.at_end, "the end")
    await seat.press("1")
    await seat.see("goodbye, 0 deleted")
    take(await settled(seat, "lab"))
    await seat.press("2")
    await seat.see("747 B")
    await seat.press("enter")
    await seat.see("alice@sender.test")
    take(await settled(seat, "mail"))
    await seat.press("3")
    await settled(seat, "wire")  # all panes have their sizes before somebody leaves the newest line
    await seat.press(*"kkkk")
    take(await settled(seat, "wire"))
    await seat.press("4")
    names = {path.stem for path in SESSIONS.iterdir()}
    listed = seat.app.screen.query_one(SessionList)
    await seat.until(lambda: {one.path.stem for one in listed.summaries} == names, "what is in each session")
    await seat.done("sessions", "preview")
    take(await settled(seat, "sessions"))


async def settled(seat: Seat, mode: str) -> str:
    """The gold of a screen on which nothing moves any more."""
    seen, calm = seat.strips, 0
    while calm < CALM:
        await seat.pilot.pause(0.02)
        before, seen = seen, seat.strips
        calm = calm + 1 if seen == before else 0
    return draw(seat, mode)


def draw(seat: Seat, mode: str) -> str:
    """A screen as a gold: its name, its text, its styles."""
    width, height = seat.app.size
    strips = seat.strips
    return f"{mode}-{width}x{height}-{seat.app.context.texts.lang}\n" + "\n".join(_lines(strips)) + "\n"


def _lines(strips: Sequence[Strip]) -> Iterator[str]:
    yield from (f"│{strip.text}│" for strip in strips)
    messages: dict[str, str] = {}
    for strip in strips:
        runs: list[list[int | str]] = []
        for text, style, _ in strip.divide([strip.cell_length])[0].simplify():
            message = messages.setdefault(_style(style), _message(len(messages)))
            runs.append([message, Strip([type(strip._segments[0])(text)]).cell_length])
        yield " ".join(f"{message}{width}" for message, width in runs)
    yield from (f"{message}: {style}" for style, message in messages.items())


def _message(number: int) -> str:
    return chr(ord("a") + number) if number < 26 else f"{chr(ord('A') + number - 26)}"


def _style(style: Style | None) -> str:
    """Without the handlers and the offsets that Textual keeps in a style."""
    return str(style.clear_meta_and_links()) if style else "none"


def path_of(gold: str) -> Path:
    """Where a gold is kept; its first line names it."""
    return GOLDS / f"{gold.partition(chr(10))[0]}.txt"


def main() -> None:
    """Write all of them."""
    os.environ["TZ"] = "UTC"
    time.tzset()
    GOLDS.mkdir(exist_ok=True)
    for size in SIZES:
        for lang in LANGS:
            with tempfile.TemporaryDirectory() as folder:
                os.chdir(folder)
                open_session(Path(folder), size, lang, lambda gold: print(path_of(gold).write_text(gold, "utf-8")))


if __name__ == "__main__":
    main()

"""`maillab demo [STORY]`: a story of a message, told offline on real sockets, every line explained."""

import argparse
import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from maillab.cli.printer import Printer
    from maillab.cli.record_option import OptionalRecord
    from maillab.config import Config
    from maillab.events import Entry
    from maillab.stories.script import Story, Words

READING = 17.0  # characters a second at speed 1
SHORTEST, LONGEST = 0.15, 6.0  # seconds for one line


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Register the command."""
    from maillab.cli.options import add_lab_options, add_record_option
    from maillab.cli.printed import add_amount, upto
    from maillab.cli.window import add_looks

    parser = commands.add_parser(
        "demo",
        description="Tell a story on real sockets of this computer; no network is needed. See `maillab demo --list`.",
    )
    parser.add_argument("story", nargs="?", default="seven-steps", metavar="STORY", help="default: seven-steps")
    add_lab_options(parser)
    parser.add_argument("--list", action="store_true", help="list the stories")
    parser.add_argument("--print", action="store_true", help="print it, also where a window could tell it")
    speed = upto(1000, "a number from 0 (at once) to 1000")
    parser.add_argument("--speed", type=speed, metavar="N", help="1: reading speed; 0: at once (default in a pipe)")
    parser.add_argument("--json", action="store_true", help="one JSON object a line")
    parser.add_argument("--no-gloss", action="store_true", help="without the explanation beside each line")
    parser.add_argument("--notation", choices=["rfc", "swaks", "curl"], default="rfc", help="how speakers are marked")
    add_amount(parser)
    add_record_option(parser)
    add_looks(parser.add_argument_group("the window (on a terminal, unless something above asks for print)"))
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Tell the story; 1 when it does not go as told, 4 when it takes too long."""
    import asyncio

    from maillab.cli.language import shown
    from maillab.cli.options import USAGE, fail, find_config, lab_path, language
    from maillab.cli.printed import is_asked
    from maillab.cli.record_option import OptionalRecord
    from maillab.folder import LabFolder
    from maillab.stories.script import NAMES, load

    if args.list:
        for name in NAMES:
            sys.stdout.write(f"{name:<20} {shown(load(name).title.said(language(args)))}\n")
        return 0
    try:
        story = load(args.story)
    except LookupError:
        from maillab.spelling import nearest

        if near := nearest(args.story, NAMES):
            return fail(USAGE, f"no story is called {args.story}; did you mean {near}?")
        return fail(USAGE, f"no story is called {args.story}; see: maillab demo --list")
    options = (args.print, args.json, args.no_gloss, args.record, args.config, args.lab, args.notation != "rfc")
    printed = any(options) or is_asked(args) or args.speed is not None
    if not printed and (code := told_in_window(args)) is not None:
        return code
    config = find_config(args, None).config if args.config else story.config
    with (
        LabFolder(lab_path(args) if args.lab else None) as folder,
        OptionalRecord(args.record, config, title=story.title.en, force=args.force) as tape,
    ):
        return asyncio.run(_tell(args, story, config, folder.path, tape))


def told_in_window(args: argparse.Namespace) -> int | None:
    """Let the window tell it, where there is a terminal for one; `None` where there is none."""
    import os

    from maillab.cli.window import show, unfit

    if unfit(sys.stdin, sys.stdout, os.environ) is not None:
        return None
    args.ephemeral = True
    return show(args, story=args.story)


async def _tell(
    args: argparse.Namespace, story: "Story", config: "Config", folder: "Path", tape: "OptionalRecord"
) -> int:
    """Tell it at full speed; the stage shows it at the reader's pace."""
    import asyncio

    from maillab.cli.options import CANNOT_BIND, TIMED_OUT, USAGE, fail, language, takes_free_ports
    from maillab.cli.printed import printer, speed
    from maillab.cli.record_option import recorded
    from maillab.endpoints import BusyPort
    from maillab.lab import Lab
    from maillab.nameserver.zone import ZoneError
    from maillab.stories.teller import StoryError, StoryTeller

    stage = DemoStage(printer(args, glosses=not args.no_gloss), language(args), speed(args), needed=not args.record)
    put = recorded(tape, stage.put)
    code = 0
    try:
        async with asyncio.TaskGroup() as group:
            group.create_task(stage.show())
            try:
                async with Lab(config, folder, auto_ports=takes_free_ports(args, unasked=not args.lab)) as lab:
                    tape.of(lab)
                    tape.warn_in(lab.logbook)
                    await StoryTeller(story, lab, put).tell()
            finally:
                stage.put(None)
    except* BusyPort as errors:
        code = fail(CANNOT_BIND, str(errors.exceptions[0]))
    except* ZoneError as errors:
        code = fail(USAGE, str(errors.exceptions[0]))
    except* StoryError as errors:
        code = fail(1, f"the story did not go as planned: {errors.exceptions[0]}")
    except* TimeoutError:
        code = fail(TIMED_OUT, "the story took too long")
    return code


class DemoStage:
    """Shows what happens in its order, at the reader's pace, however fast it happened; None ends the play.

    It ends where nobody can read it, unless it is not `needed`: a record is made to its end.
    """

    def __init__(self, printer: "Printer", lang: str, speed: float, *, needed: bool = True) -> None:
        import asyncio

        self._printer = printer
        self._lang = lang
        self._speed = speed
        self._needed = needed
        self._scene: asyncio.Queue[Entry | Words | None] = asyncio.Queue()
        self.put = self._scene.put_nowait

    async def show(self) -> None:
        """Until the play is over."""
        import asyncio

        from maillab.events import Entry

        while (item := await self._scene.get()) is not None:
            if isinstance(item, Entry):
                self._say(self._printer.entry, item)
                await asyncio.sleep(_pause(8 * self._printer.lines, self._speed))
            else:
                text = item.said(self._lang)
                self._say(self._printer.told, text)
                await asyncio.sleep(_pause(len(text), self._speed))

    def _say(self, tell: "Callable[[Any], None]", what: Any) -> None:
        from maillab.cli.streams import OutputError

        try:
            tell(what)
        except OutputError:
            if self._needed:
                raise


def _pause(characters: int, speed: float) -> float:
    """Seconds to read so many characters, at this speed; none at 0."""
    return min(LONGEST, max(SHORTEST, characters / READING)) / speed if speed else 0.0

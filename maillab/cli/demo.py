"""`maillab demo [STORY]`: a story of a letter, told offline on real sockets, every line explained."""

import argparse
import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

    from maillab.stories.script import Story

READING = 17.0  # characters a second at speed 1
SHORTEST, LONGEST = 0.15, 6.0  # seconds for one line


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Register the command."""
    from maillab.cli.options import add_lab_options

    parser = commands.add_parser(
        "demo",
        help="tell a story of a letter, offline, every line explained",
        description="Tell a story on real sockets of this computer; no network is needed. See `maillab demo --list`.",
    )
    parser.add_argument("story", nargs="?", default="seven-steps", metavar="STORY", help="default: seven-steps")
    add_lab_options(parser)
    parser.add_argument("--list", action="store_true", help="list the stories")
    parser.add_argument(
        "--speed", type=_speed, default=None, metavar="N", help="1: reading speed; 0: at once (default in a pipe)"
    )
    parser.add_argument("--json", action="store_true", help="one JSON object a line")
    parser.add_argument("--no-gloss", action="store_true", help="without the explanation beside each line")
    parser.add_argument("--notation", choices=["rfc", "swaks", "curl"], default="rfc", help="how speakers are marked")
    parser.set_defaults(run=run)


def _speed(text: str) -> float:
    speed = float(text)
    if not 0 <= speed <= 1000:
        raise argparse.ArgumentTypeError("a number from 0 (at once) to 1000")
    return speed


def run(args: argparse.Namespace) -> int:
    """Tell the story; 1 when it does not go as told, 4 when it takes too long."""
    import asyncio

    from maillab.cli.options import CANNOT_BIND, USAGE, fail, find_config, lab_path, language
    from maillab.config import ConfigError
    from maillab.folder import Folder, FolderError
    from maillab.stories.script import NAMES, load

    if args.list:
        sys.stdout.write("".join(f"{name:<20} {load(name).title.in_(language(args))}\n" for name in NAMES))
        return 0
    try:
        story = load(args.story)
    except LookupError:
        import difflib

        near = difflib.get_close_matches(args.story, NAMES, 1, 0.4)
        return fail(
            USAGE,
            f"no story is called {args.story}; {f'did you mean {near[0]}?' if near else 'see: maillab demo --list'}",
        )
    try:
        config = find_config(args, None).config if args.config else story.config
        with Folder(lab_path(args) if args.lab else None) as folder:
            return asyncio.run(_tell(args, story, config, folder.path))
    except ConfigError as error:
        return fail(USAGE, str(error))
    except FolderError as error:
        return fail(CANNOT_BIND, str(error))


async def _tell(args: argparse.Namespace, story: "Story", config: Any, folder: "Path") -> int:
    """Tell it at full speed into a queue; print from the queue at the reader's pace."""
    import asyncio

    from maillab.cli.options import CANNOT_BIND, TIMED_OUT, fail, language
    from maillab.cli.screen import Printer
    from maillab.events import Entry
    from maillab.lab import BusyPort, Lab
    from maillab.stories.script import Narrator, Tell
    from maillab.stories.teller import StoryError, Teller

    lang: Any = language(args)
    printer = Printer(lang=lang, glosses=not args.no_gloss, as_json=args.json, notation=args.notation)
    narrator = Narrator(story.cues)
    speed = args.speed if args.speed is not None else 1.0 if sys.stdout.isatty() else 0.0
    scene: asyncio.Queue[Entry | Tell | None] = asyncio.Queue()

    async def show() -> None:
        printer.told(story.title.in_(lang))
        while (item := await scene.get()) is not None:
            spoken = narrator.before(item) if isinstance(item, Entry) else [item]
            for words in spoken:
                text = words.vi if lang == "vi" else words.en
                printer.told(text)
                await asyncio.sleep(_pause(len(text), speed))
            if isinstance(item, Entry):
                printer.entry(item)
                await asyncio.sleep(_pause(8, speed))

    code = 0
    try:
        async with asyncio.TaskGroup() as group:
            group.create_task(show())
            try:
                async with Lab(config, folder, auto_ports=args.ports == "auto" or not args.lab) as lab:
                    lab.logbook.subscribe(scene.put_nowait)
                    await Teller(story, lab, scene.put_nowait).tell()
            finally:
                scene.put_nowait(None)
    except* BusyPort as errors:
        code = fail(CANNOT_BIND, str(errors.exceptions[0]))
    except* StoryError as errors:
        code = fail(1, f"the story did not go as told: {errors.exceptions[0]}")
    except* TimeoutError:
        code = fail(TIMED_OUT, "the story took too long")
    return code


def _pause(characters: int, speed: float) -> float:
    """Seconds to read so many characters, at this speed; none at 0."""
    return min(LONGEST, max(SHORTEST, characters / READING)) / speed if speed else 0.0

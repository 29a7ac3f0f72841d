"""`maillab export FILE --format NAME`: a saved session in the format of another program, or for another person."""

import argparse
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

    from maillab.recording.export import Format


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Register the command."""
    from maillab.cli.options import add_language
    from maillab.cli.printed import add_content
    from maillab.recording.export import FORMATS

    rows = "\n".join(f"  {name:<9} {row.what}" for name, row in FORMATS.items())
    parser = commands.add_parser(
        "export",
        description="A saved session in another format; no password is ever in it.",
        epilog=f"formats:\n{rows}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "file", nargs="?", metavar="FILE", help="*.maillab or *.maillab.gz, - for stdin, or the name of a saved session"
    )
    parser.add_argument(
        "--format", choices=list(FORMATS), metavar="NAME", help="see below (default: by --output's name)"
    )
    parser.add_argument("--output", metavar="FILE", help="write there (0600, whole or not at all), not to stdout")
    parser.add_argument("--force", action="store_true", help="replace the output file if it is there")
    parser.add_argument(
        "--filter", metavar="EXPR", default="", help="only what matches, as in `maillab replay --filter`"
    )
    parser.add_argument("--notation", choices=["rfc", "swaks", "curl"], help="how speakers are marked")
    add_content(parser)
    parser.add_argument("--lines", action="store_true", help="json: an object a line, not an array")
    add_language(parser)
    parser.add_argument("--schema", action="store_true", help="print the JSON Schema of the lines of a session file")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Export; 2 when the session, the format or the filter is wrong, 1 when the output cannot be written."""
    from maillab.cli.options import USAGE, fail, tells_of_filters
    from maillab.cli.piped import session_path
    from maillab.cli.printed import shown
    from maillab.folder import path_of
    from maillab.recording.export import FORMATS, export
    from maillab.recording.export.turns import named
    from maillab.recording.saved_sessions import stem
    from maillab.recording.selection import selected
    from maillab.recording.session import SessionError, load
    from maillab.views.filter import FilterError

    if tells_of_filters(args):
        return 0
    if args.schema:
        return _schema()
    if args.file is None:
        return fail(USAGE, "which session? maillab export FILE --format NAME")
    output = path_of(args.output) if args.output and args.output != "-" else None
    name = args.format or _by_ending(output)
    if not name:
        return fail(USAGE, f"which format? --format {'|'.join(FORMATS)}")
    row = FORMATS[name]
    asked = {"notation": args.notation, "lines": args.lines or None, "content": args.content}
    if wrong := [name for name, value in asked.items() if value is not None and name not in row.options]:
        return fail(USAGE, f"--{wrong[0]} means nothing in {name}")
    if output is None and row.binary and sys.stdout.isatty():
        return fail(USAGE, f"{name} is not for a terminal; add: --output session{row.ending}")
    try:
        with session_path(args.file) as path:
            session = named(load(path), stem(path) if args.file != "-" else "")
        if session.notice:
            fail(0, f"{args.file}: {session.notice}")
        chosen = selected(session, args.filter, whole=row.whole, says=shown(args))
    except FilterError as error:
        return fail(USAGE, f"--filter: {error}")
    except (SessionError, OSError) as error:
        return fail(USAGE, f"{args.file}: {getattr(error, 'strerror', None) or error}")
    return _write(export(chosen, name, **_options(args, row)), output, args.force)


def _schema() -> int:
    import json

    from maillab.cli.streams import put
    from maillab.recording.session import SCHEMA

    put(json.dumps(SCHEMA, indent=2, ensure_ascii=False))
    return 0


def _by_ending(output: "Path | None") -> str:
    """The format whose files are called so, "" where none is."""
    from maillab.recording.export import FORMATS

    names = [name for name, row in FORMATS.items() if output is not None and output.suffix == row.ending]
    return names[0] if len(names) == 1 else ""


def _options(args: argparse.Namespace, row: "Format") -> dict[str, Any]:
    """What was asked for, as far as the format takes it."""
    from maillab.cli.options import language
    from maillab.cli.printed import content

    asked = {"lang": language(args), "notation": args.notation or "rfc", "lines": args.lines, "content": content(args)}
    return {name: value for name, value in asked.items() if name in row.options}


def _write(pieces: Iterator[bytes], output: "Path | None", force: bool) -> int:
    from maillab.cli.options import fail
    from maillab.cli.record_option import taken
    from maillab.recording.session_files import SessionWriter

    if output is None:
        for piece in pieces:
            sys.stdout.buffer.write(piece)
        sys.stdout.buffer.flush()
        return 0
    try:
        with SessionWriter(output, replace=force) as paper:
            for piece in pieces:
                paper.write(piece)
    except FileExistsError as error:
        return fail(1, taken("write", output, error))
    except OSError as error:
        return fail(1, f"cannot write {output}: {error.strerror or error}")
    return 0

"""The sessions that the window has saved: where they are, which there are, and one of them by its name."""

import os
from pathlib import Path

from maillab.folder import FolderError, default_folder, path_of
from maillab.recording.saved_sessions import saved, stem

LISTED = 20


def folder() -> Path | None:
    """That of the usual lab, or of MAILLAB_LAB; `None` where no home folder is known."""
    asked = os.environ.get("MAILLAB_LAB")
    try:
        return (path_of(asked) if asked else default_folder(os.environ)) / "sessions"
    except FolderError:
        return None


def named(name: str) -> Path | None:
    """The one of this name, with or without its ending; else the newest whose name has these words."""
    place = folder()
    if place is None or not name or "/" in name or name == "-":
        return None
    sessions = [session.path for session in saved(place)]
    same = next((path for path in sessions if name in (path.name, stem(path))), None)
    return same or next((path for path in sessions if name.casefold() in stem(path).casefold()), None)


def listed() -> str:
    """Where they are, and the newest of them, as lines to print; "" where no home folder is known."""
    from maillab.cli.language import say
    from maillab.views.safe import safe

    place = folder()
    if place is None:
        return ""
    names = [f"  {safe(stem(session.path))}" for session in saved(place)[:LISTED]]
    head = (
        say(f"sessions in {place}, the newest first (maillab replay NAME):")
        if names
        else say(f"no sessions in {place}")
    )
    return "\n".join([head, *names]) + "\n"

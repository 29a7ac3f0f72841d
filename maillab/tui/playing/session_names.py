"""What a new session is called: by the real date, not by the lab's clock, and by what its first message is about."""

import re
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from maillab.events import Carried, Entry
from maillab.mail.decode import safe_name
from maillab.recording.saved_sessions import ENDING
from maillab.tui.dates import local
from maillab.views.safe import cells as width
from maillab.views.safe import clip
from maillab.views.subject import subject_of

SUBJECT = 40  # characters of it that are part of a name
_NUMBER = re.compile(r" \([0-9]+\)\Z")
MOST = 100  # sessions of one name


def new_path(folder: Path, now: datetime, subject: str = "") -> Path:
    """A name that nothing has: 2026-11-30 Hello from the lab, and before there is a subject the time of day.

    >>> from datetime import UTC
    >>> new_path(Path("/none"), datetime(2026, 11, 30, 9, 34, tzinfo=UTC), "Re: Hello/../x").name
    '2026-11-30 Re Hello .. x.maillab'
    >>> new_path(Path("/none"), datetime(2026, 11, 30, 9, 34, tzinfo=UTC)).name
    '2026-11-30 09.34.maillab'
    """
    name = _name(now, subject)
    stems = (name, *(f"{name} ({number})" for number in range(2, MOST)))
    paths = [folder / safe_name(f"{stem}{ENDING}") for stem in stems]
    return next((path for path in paths if not path.exists()), paths[-1])


def _name(now: datetime, subject: str) -> str:
    words = " ".join("".join(char if char.isalnum() or char in " .,-_'()" else " " for char in subject).split())
    return f"{now:%Y-%m-%d} {words[:SUBJECT].strip()}" if words else f"{now:%Y-%m-%d %H.%M}"


def with_subject(path: Path, now: datetime, entries: Sequence[Entry]) -> Path:
    """Name a session that is whole after a message; where there was none, or that fails, it keeps its name."""
    try:
        return path.rename(path.with_name(name_of(path, now, entries)))
    except OSError:
        return path


def name_of(path: Path, now: datetime, entries: Sequence[Entry]) -> str:
    """What `with_subject` will call it: after its first message; where another one is called so, after its newest."""
    subjects = _subjects(entries)
    if not subjects:
        return path.name
    plain = (path.with_name(safe_name(f"{_name(now, subject)}{ENDING}")) for subject in subjects)
    return next((one for one in plain if not one.exists()), new_path(path.parent, now, subjects[0])).name


def untimed(name: str, changed: float) -> str:
    """A name without the day that stands behind it anyway.

    >>> untimed("2026-11-30 Hello", 0.0)
    '2026-11-30 Hello'
    """
    moment = local(changed)
    rest = name.removeprefix(f"{moment:%Y-%m-%d} ") if moment is not None else name
    return rest if any(char.isalpha() for char in rest) else name


def shortened(name: str, cells: int) -> str:
    """A safe name in so many cells; the number that tells sessions of one name apart stays.

    >>> shortened("Hello from the lab (2)", 14), shortened("Hello (2)", 14), shortened("Hello from the lab", 9)
    ('Hello fro… (2)', 'Hello (2)', 'Hello fr…')
    """
    number = found[0] if width(name) > cells and (found := _NUMBER.search(name)) else ""
    return clip(name.removesuffix(number), cells - len(number)) + number


def _subjects(entries: Sequence[Entry]) -> list[str]:
    """Of the first message and of the newest."""
    contents = [entry.event.content for entry in entries if isinstance(entry.event, Carried)]
    return [subject for content in (*contents[:1], *contents[-1:]) if (subject := subject_of(content).strip())]

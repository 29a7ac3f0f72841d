"""What a new session is called: by the real date, not by the lab's clock, and by what its first message is about."""

from datetime import datetime
from pathlib import Path

from maillab.client.decode import safe_name

ENDING = ".maillab"
SUBJECT = 40  # characters of it that are part of a name
MOST = 100  # sessions of one name


def new_path(folder: Path, now: datetime, subject: str = "") -> Path:
    """A name that nothing has: 2026-11-30 Hello from the lab, and before there is a subject the time of day.

    >>> from datetime import UTC
    >>> new_path(Path("/none"), datetime(2026, 11, 30, 9, 34, tzinfo=UTC), "Re: Hello/../x").name
    '2026-11-30 Re Hello .. x.maillab'
    >>> new_path(Path("/none"), datetime(2026, 11, 30, 9, 34, tzinfo=UTC)).name
    '2026-11-30 09.34.maillab'
    """
    words = " ".join("".join(char if char.isalnum() or char in " .,-_'()" else " " for char in subject).split())
    name = f"{now:%Y-%m-%d} {words[:SUBJECT].strip()}" if words else f"{now:%Y-%m-%d %H.%M}"
    stems = (name, *(f"{name} ({number})" for number in range(2, MOST)))
    paths = [folder / safe_name(f"{stem}{ENDING}") for stem in stems]
    return next((path for path in paths if not path.exists()), paths[-1])

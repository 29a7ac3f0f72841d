"""Reading a saved session, or having a story told, while the window goes on: what has come in so far can be shown.

Rules for this file: threads and loops of its own; a recording only ever grows, and says at the end that it is whole.
"""

import asyncio
from collections.abc import Callable
from pathlib import Path

from msgspec.structs import replace

from maillab.events import Carried, Entry
from maillab.folder import LabFolder
from maillab.mail.content import Content
from maillab.recording.session import Header, Reader, SessionError, Told, octets
from maillab.tui.playing.playback import Recording

CHUNK = 2_000  # entries, then the window is told how far it is


def read(path: Path, recording: Recording, wake: Callable[[], None], given_up: Callable[[], bool]) -> None:
    """Read all of it, in this thread; trouble is noted in the recording."""
    try:
        reader = Reader(octets(path))
        for item in reader:
            if isinstance(item, Entry):
                recording.entries.append(item)
                if len(recording.entries) % CHUNK == 0:
                    wake()
                    if given_up():
                        return
            elif not isinstance(item, Header):
                recording.notes.append(item)
        recording.trouble = reader.notice
    except (SessionError, OSError) as error:
        recording.trouble = str(error)
    recording.whole = True
    wake()


def first_look(path: Path) -> Header:
    """The header of a session. Raises `SessionError`, `OSError`."""
    header = next(iter(Reader(octets(path))))
    assert isinstance(header, Header)
    return header


def tell(name: str, lang: str) -> Recording:
    """Have a story told, on real sockets of a lab of its own, in this thread; what was said, with the narrator's words.

    What its steps are called is in one language.

    Raises `StoryError`, `OSError`, `TimeoutError`.
    """
    from maillab.config import without_passwords
    from maillab.lab import Lab
    from maillab.stories.script import Cue, Tell, Words, load
    from maillab.stories.teller import StoryTeller

    story = load(name)

    async def play() -> Recording:
        with LabFolder(None) as folder:
            async with Lab(story.config, folder.path, auto_ports=True) as lab:
                recording = Recording(Header(story.title.en, lab.clock.now(), lab=without_passwords(story.config)))

                def put(item: Entry | Words) -> None:
                    if isinstance(item, Entry):
                        recording.entries.append(_kept(item))
                    else:
                        last = recording.entries[-1].seq if recording.entries else 0
                        told = Told(item.en, item.vi, last, lab.clock.now())
                        recording.notes.append(told)
                        if isinstance(item, Tell | Cue) and item.short is not None:
                            recording.titles[told] = item.short.said(lang)

                await StoryTeller(story, lab, put).tell()
                recording.whole = True
                return recording

    return asyncio.run(play())


def _kept(entry: Entry) -> Entry:
    """The entry without its secret, and with a content that does not go with the lab's folder."""
    from maillab.recording.redact import redacted

    if isinstance(entry.event, Carried) and entry.event.content.path is not None:
        return replace(entry, event=replace(entry.event, content=Content(entry.event.content.whole())))
    return redacted(entry)

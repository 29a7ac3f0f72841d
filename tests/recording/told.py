"""Stories told once, for all tests that need a record of something."""

import tempfile
from functools import cache
from pathlib import Path

from msgspec.structs import replace

from maillab.events import Carried, Closed, Entry, Event, Leg, Opened, Said, Secured, Side
from maillab.folder import LabFolder
from maillab.lab import Lab
from maillab.mail.content import Content
from maillab.recording.talks import Talk, talks
from maillab.stories.script import load
from maillab.stories.teller import StoryTeller
from tests.support import run


@cache
def told(name: str) -> tuple[Entry, ...]:
    """All entries of a story."""

    async def story() -> tuple[Entry, ...]:
        with LabFolder(Path(tempfile.mkdtemp()) / "lab") as folder:
            async with Lab(load(name).config, folder.path, auto_ports=True, now=1_700_000_000.0) as lab:
                await StoryTeller(load(name), lab, lambda _: None).tell()
                return tuple(lab.logbook.since(0))

    return run(story())


def talk_of(name: str, talk: str) -> Talk:
    """One talk of a story."""
    return next(found for found in talks(told(name)) if found.name == talk)


def record(
    text: str, *, service: str = "smtp", server: str = "mx.recipient.test", name: str = "relay-1"
) -> list[Entry]:
    """A record written by hand: `S: line`, `C: line`, `C? line` for a secret line, `MESSAGE text`, `TLS`; one second each.

    A message's `|` is a line end. The talk is closed at the end.
    """
    leg = Leg.RETRIEVE if service.startswith("pop3") else Leg.RELAY
    secure = service in ("submissions", "pop3s")
    events: list[object] = [Opened(name, leg, service, server, secure)]
    for line in filter(None, (line.strip() for line in text.splitlines())):
        words = line[3:].encode() + b"\r\n"
        if line == "TLS":
            secure = True
            events.append(Secured(name, "TLSv1.3"))
        elif line.startswith("MESSAGE "):
            side = Side.SERVER if service.startswith("pop3") else Side.CLIENT
            content = Content(line.removeprefix("MESSAGE ").replace("|", "\r\n").encode() + b"\r\n")
            events.append(Carried(name, side, content, secure))
        elif line.startswith("C? "):
            events.append(Said(name, Side.CLIENT, words, secure, (0, len(words) - 2)))
        else:
            events.append(Said(name, Side.CLIENT if line[0] == "C" else Side.SERVER, words, secure))
    events.append(Closed(name, "quit"))
    return [Entry(number, 1_700_000_000.0 + number, event) for number, event in enumerate(events, 1)]  # type: ignore[arg-type]


def talk_from(text: str, **options: str) -> Talk:
    """The talk of a record written by hand."""
    [talk] = talks(record(text, **options))
    return talk


def typed(entries: list[Entry]) -> list[Entry]:
    """The same record, of a client that ended every line with LF alone, as a person's terminal does."""

    def with_lf(event: Event) -> Event:
        match event:
            case Said(side=Side.CLIENT):
                return replace(event, line=event.line.replace(b"\r\n", b"\n"))
            case Carried(side=Side.CLIENT):
                return replace(event, content=Content(event.content.whole().replace(b"\r\n", b"\n")))
        return event

    return [replace(entry, event=with_lf(entry.event)) for entry in entries]


def only(entries: tuple[Entry, ...], talk: str) -> list[Entry]:
    """The entries of one talk."""
    return [entry for entry in entries if getattr(entry.event, "talk", "") == talk]

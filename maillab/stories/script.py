"""A story as a value: read from its TOML file, checked, and nothing done yet.

Files: reads the stories of this package.
"""

import tomllib
from importlib import resources
from typing import Any

import msgspec

from maillab.config import Config
from maillab.config_file import from_table
from maillab.events import Carried, Entry, Event, Opened, Packet, Said
from maillab.protocols.dns.described import described
from maillab.protocols.services import IMAP, POP3, SUBMISSION

NAMES = (  # in the order in which they are best heard
    "seven-steps",
    "classic",
    "mx-failover",
    "greylist-then-retry",
    "bounce",
    "null-mx",
    "tls",
    "attachment",
    "answer",
    IMAP.name,  # a story of that service
    "pop3-and-imap",
    "tieng-viet",
)


class Words(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a narrator says, or a title, in both languages of the lab."""

    en: str
    vi: str

    def said(self, lang: str) -> str:
        """The text in "vi", or in English for every other language."""
        return self.vi if lang == "vi" else self.en


class Tell(Words, frozen=True, tag="tell", tag_field="do"):
    """The narrator speaks; `short` is what this step is called in a list."""

    short: Words | None = None


class StoryFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An attachment, its content given as text."""

    name: str
    type: str
    text: str


class Send(msgspec.Struct, frozen=True, tag="send", tag_field="do", forbid_unknown_fields=True):
    """Somebody writes a message and submits it at a door of their site."""

    sender: str
    to: tuple[str, ...]
    subject: str
    text: str
    html: str = ""
    attach: tuple[StoryFile, ...] = ()
    service: str = SUBMISSION.name


class ReplyStep(msgspec.Struct, frozen=True, tag="reply", tag_field="do", forbid_unknown_fields=True):
    """Somebody answers the message that they fetched last."""

    sender: str
    text: str
    service: str = SUBMISSION.name


class Forward(msgspec.Struct, frozen=True, tag="forward", tag_field="do", forbid_unknown_fields=True):
    """Somebody sends the message that they fetched last on to others, in the text or as an attachment."""

    sender: str
    to: tuple[str, ...]
    text: str
    attached: bool = False
    service: str = SUBMISSION.name


class Type(msgspec.Struct, frozen=True, tag="type", tag_field="do", forbid_unknown_fields=True):
    """Somebody types lines by hand at a plain door; each waits for its answer, whose codes are `answers`."""

    site: str
    service: str
    lines: tuple[str, ...]
    answers: tuple[str, ...]


class Fetch(msgspec.Struct, frozen=True, tag="fetch", tag_field="do", forbid_unknown_fields=True):
    """Somebody fetches their mail by POP3."""

    account: str
    messages: int = 1
    service: str = POP3.name
    tls: bool = False
    keep: bool = True


class Look(msgspec.Struct, frozen=True, tag="look", tag_field="do", forbid_unknown_fields=True):
    """Somebody looks into a folder by IMAP, in which there are so many messages; what they do, they do to the newest.

    `read`: they read it. `flags` are put on it. `move` is the folder that it is moved to, "" for none.
    """

    account: str
    messages: int = 1
    folder: str = "INBOX"
    read: bool = False
    flags: tuple[str, ...] = ()
    move: str = ""
    service: str = IMAP.name
    tls: bool = False


class Watch(msgspec.Struct, frozen=True, tag="watch", tag_field="do", forbid_unknown_fields=True):
    """Somebody's program watches their inbox by IMAP, from now on."""

    account: str
    service: str = IMAP.name
    tls: bool = False


class UntilTold(msgspec.Struct, frozen=True, tag="until-told", tag_field="do", forbid_unknown_fields=True):
    """Until a program that watches has been told of something; then it watches no longer."""

    account: str


class Wait(msgspec.Struct, frozen=True, tag="wait", tag_field="do", forbid_unknown_fields=True):
    """Until an event has happened: its kind, and fields that must be as given; `count` times."""

    event: str
    fields: dict[str, Any] = {}
    count: int = 1


class Advance(msgspec.Struct, frozen=True, tag="advance", tag_field="do", forbid_unknown_fields=True):
    """Turn the clock of the lab forward."""

    seconds: int


StoryStep = Tell | Send | ReplyStep | Forward | Type | Fetch | Look | Watch | UntilTold | Wait | Advance


class Cue(Words, frozen=True):
    """The narrator speaks before the first entry that fits: an event's kind, its talk's leg, a piece of its line.

    `short` is what this step is called in a list.
    """

    event: str
    leg: str = ""
    text: str = ""
    short: Words | None = None

    def fits(self, entry: Entry, legs: dict[str, str]) -> bool:
        """Is this the entry? `legs` tells the leg of each talk."""
        event = entry.event
        if type(event).__name__ != self.event or (self.leg and legs.get(getattr(event, "talk", "")) != self.leg):
            return False
        return not self.text or self.text.encode() in _octets(event)


def _octets(event: Event) -> bytes:
    """What was said in an event, as far as a cue looks for words in it."""
    match event:
        case Said():
            return event.line
        case Carried():
            return event.content.start
        case Packet():
            return "\n".join(described(event.octets)).encode()
        case _:
            return b""


class Story(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A whole story. `about` says in a sentence what is told; `lab` is its world, as a configuration file would
    describe it.
    """

    title: Words
    about: Words
    steps: tuple[StoryStep, ...]
    cues: tuple[Cue, ...] = ()
    lab: dict[str, Any] = {}

    @property
    def config(self) -> Config:
        """The world of the story. Raises `ConfigError`."""
        return from_table(self.lab, "the story's lab")


class Narrator:
    """Speaks the cues of a story at their moment: in their order, each once."""

    def __init__(self, cues: tuple[Cue, ...]) -> None:
        self._left = list(cues)
        self._legs: dict[str, str] = {}

    def before(self, entry: Entry) -> list[Cue]:
        """What is to be said before this entry."""
        if isinstance(entry.event, Opened):
            self._legs[entry.event.talk] = entry.event.leg
        due = []
        while self._left and self._left[0].fits(entry, self._legs):
            due.append(self._left.pop(0))
        return due


def load(name: str) -> Story:
    """The story of that name. Raises `LookupError` for one that is not told here."""
    if name not in NAMES:
        raise LookupError(name)
    text = resources.files("maillab.stories").joinpath(f"{name}.toml").read_text("utf-8")
    return msgspec.convert(tomllib.loads(text), Story)

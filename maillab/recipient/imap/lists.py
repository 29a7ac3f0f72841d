"""LIST and LSUB: which folders there are, and which their owner wants to see (RFC 9051 §6.3.9, RFC 3501 §6.3.9)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from maillab.protocols.imap import responses
from maillab.protocols.imap.commands import ListCommand, ListReturn, ListSelection, LsubCommand
from maillab.protocols.imap.names import SEPARATOR, NamePattern
from maillab.recipient.folders import FolderInfo, FolderRefusal
from maillab.recipient.imap.answers import Done, Obeying
from maillab.recipient.imap.folders import status_line
from maillab.recipient.imap.session import ImapSession, Inside
from maillab.recipient.imap.telling import say
from maillab.wire.turns import Answer, ask


@dataclass(frozen=True, slots=True)
class _Known:
    """A folder, and what is known of those below it."""

    info: FolderInfo
    has_children: bool
    has_subscribed: bool  # below it


def list_folders(session: ImapSession, inside: Inside, command: ListCommand) -> Obeying:
    """RFC 9051 §6.3.9; with RFC 5258, RFC 5819, RFC 6154."""
    if command.patterns == ("",) and not command.extended:
        yield Answer(responses.listing("LIST", "", ["\\Noselect"]))  # the separator was asked for
        return Done()
    known = _known((yield from ask(inside.account.folders)))
    patterns = [NamePattern(command.reference + pattern) for pattern in command.patterns if pattern]
    chosen = [one for one in known if any(pattern.matches(one.info.name) for pattern in patterns)]
    lines = [(one, line) for one in chosen if (line := _line(session, command, one))]
    if not command.status:
        yield from say(b"".join(line for _, line in lines))
        return Done()
    for one, line in lines:
        yield Answer(line)
        if one.info.exists:
            try:
                found = yield from ask(partial(inside.account.status, one.info.name))
            except FolderRefusal:
                continue  # somebody has deleted it meanwhile (RFC 5819 §2)
            yield Answer(status_line(session, one.info.name, found, command.status))
    return Done()


def list_subscribed(session: ImapSession, inside: Inside, command: LsubCommand) -> Obeying:
    """RFC 3501 §6.3.9: names that are subscribed to; with %, also the levels above them."""
    known = _known((yield from ask(inside.account.folders)))
    pattern = NamePattern(command.reference + command.pattern)
    lines = []
    for one in known:
        if not pattern.matches(one.info.name):
            continue
        if one.info.subscribed:
            lines.append(responses.listing("LSUB", one.info.name, [], utf8=session.utf8))
        elif one.has_subscribed and command.pattern.endswith("%"):
            lines.append(responses.listing("LSUB", one.info.name, ["\\Noselect"], utf8=session.utf8))
    yield from say(b"".join(lines))
    return Done()


def _known(folders: Sequence[FolderInfo]) -> list[_Known]:
    """All folders, the levels above them, and what lies below each."""
    by_name = {info.name: info for info in folders}
    parents: set[str] = set()
    parents_of_subscribed: set[str] = set()
    for info in folders:
        for above in _above(info.name):
            by_name.setdefault(above, FolderInfo(above, exists=False))
            if info.exists:
                parents.add(above)
            if info.subscribed:
                parents_of_subscribed.add(above)
    return [_Known(info, name in parents, name in parents_of_subscribed) for name, info in by_name.items()]


def _above(name: str) -> Iterator[str]:
    """The levels above a name, the nearest first."""
    while SEPARATOR in name:
        name = name.rpartition(SEPARATOR)[0]
        yield name


def _line(session: ImapSession, command: ListCommand, one: _Known) -> bytes:
    """What is told of a folder; b"" for one that is not chosen."""
    info, child_info = one.info, list[str]()
    if ListSelection.SUBSCRIBED in command.select:
        if ListSelection.RECURSIVEMATCH in command.select and one.has_subscribed:
            child_info.append("SUBSCRIBED")  # RFC 5258 §3.1
        if not info.subscribed and not child_info:
            return b""
    elif not info.exists and not one.has_children:
        return b""  # only subscribed to
    if ListSelection.SPECIAL_USE in command.select and info.special is None:
        return b""
    attributes = list(_attributes(command, one))
    return responses.listing("LIST", info.name, attributes, utf8=session.utf8, child_info=child_info)


def _attributes(command: ListCommand, one: _Known) -> Iterator[str]:
    if not one.info.exists:
        yield "\\NonExistent" if command.extended else "\\Noselect"
    yield "\\HasChildren" if one.has_children else "\\HasNoChildren"
    if one.info.subscribed and {ListSelection.SUBSCRIBED, ListReturn.SUBSCRIBED} & {*command.select, *command.returns}:
        yield "\\Subscribed"
    if one.info.special is not None:
        yield one.info.special

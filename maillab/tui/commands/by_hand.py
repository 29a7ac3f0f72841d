"""SMTP or POP3 typed by hand: a conversation with a service, which every pane that shows it follows."""

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

from maillab.events import Closed, Said, Side
from maillab.tui.commands.asking import pick
from maillab.tui.complaints import complaint
from maillab.tui.context import WindowContext
from maillab.tui.machines.machine_state import shown_service
from maillab.tui.machines.remarks import Remarks
from maillab.tui.questions import Choice
from maillab.tui.state.conversation import Connected, Unconnected

if TYPE_CHECKING:
    from maillab.client.by_hand import ByHand
    from maillab.events import Entry

GREETED_WITHIN = 3.0  # seconds after the connection


async def say_by_hand(at: WindowContext, line: str) -> None:
    """A line for the server; without a conversation, one begins."""
    async with at.conversation.typing:
        await _say(at, line)


async def _say(at: WindowContext, line: str) -> None:
    if not at.living():
        return
    talk = at.conversation
    if isinstance(talk.line, Unconnected):
        await _connect(at, *talk.last)
        if not line:  # Enter alone connects, and says nothing yet
            return
    if not isinstance(talk.line, Connected):
        return
    try:
        step = await talk.line.hand.say(line.encode("utf-8", "surrogateescape"))
    except OSError as error:  # the server has hung up just now
        _note(at, at.texts.trouble(complaint(error)))
        return
    if step.tell:
        _note(at, step.tell)
    if step.mark:
        at.host.mark(step.mark)
    if step.leave:
        await hang_up(at)


@dataclass(frozen=True, slots=True)
class TypingByHand:
    """Where one types by hand, to go to."""


def begin(at: WindowContext) -> None:
    """To where one types by hand."""
    at.ui.go("lab", "compose", TypingByHand())


async def service(at: WindowContext) -> None:
    """Choose the service to talk to."""
    lab = at.host.lab
    if lab is None:
        return
    doors = [door for door in lab.endpoints if door.site]
    choices = [Choice(str(n), f"{d.service} {d.site}", f"{d.host}:{d.port}") for n, d in enumerate(doors)]
    picked = await pick(at, at.texts("byhand.title"), choices)
    if picked is not None:
        door = doors[int(picked)]
        async with at.conversation.typing:
            await _connect(at, door.service, door.site)


async def _connect(at: WindowContext, service: str, site: str = "") -> None:
    """Begin a conversation with a service."""
    from maillab.client.by_hand import ByHand, ServiceAddress
    from maillab.logbook import Logbook
    from maillab.wire.tap import TypedEar
    from maillab.wire.tls import unverified

    await hang_up(at)
    lab = at.host.lab
    if lab is None:
        return
    at.conversation.last = service, site
    door = lab.endpoint(site or lab.config.sites[0].domain, service)
    place = ServiceAddress(door.host, door.port, service, door.tls == "implicit")
    book: Logbook = Logbook(lab.clock.now)
    hand = ByHand(place, book, unverified, at.texts.lang, TypedEar)
    where = at.texts("byhand.place", site=door.site, service=shown_service(service), where=place)
    at.conversation.begin(at.texts("byhand.connected", place=where), place.protocol)
    remarks = Remarks(lab.logbook.since, service)
    book.subscribe(lambda entry: _heard(at, entry, remarks))
    try:
        await hand.connect()
    except OSError as error:
        _note(at, f"{where}: {at.texts.trouble(complaint(error))}")
        return
    try:
        async with asyncio.timeout(GREETED_WITHIN):
            await hand.hear()  # the server speaks first (RFC 5321 §4.3.1)
    except TimeoutError:
        pass  # one that says nothing can be talked to all the same
    except OSError as error:  # one that never stops
        _note(at, at.texts.trouble(complaint(error)))
        await hand.close()
        return
    at.conversation.line = Connected(hand)
    at.ui.refresh()
    at.ui.attempt(_hear(at, hand), group="byhand")


async def _hear(at: WindowContext, hand: "ByHand") -> None:
    try:
        while not hand.lost:
            await hand.hear()
            if hand.console.tls_due:
                _note(at, at.texts("byhand.tls"))
                await hand.secure()
    except OSError as error:  # in the handshake, or where nothing has an end
        _note(at, at.texts.trouble(complaint(error)))
    finally:
        if at.conversation.line == Connected(hand):
            await hang_up(at)


async def hang_up(at: WindowContext) -> None:
    """End the conversation, without a word."""
    line, at.conversation.line = at.conversation.line, Unconnected()
    at.ui.refresh()
    if isinstance(line, Connected):
        await line.hand.close()


def _heard(at: WindowContext, entry: "Entry", remarks: Remarks) -> None:
    """Something was said. Before what the server says stands what the lab has to say about the command."""
    match entry.event:
        case Said(_, Side.CLIENT, line):
            remarks.typed.append(line)
        case Said() | Closed():
            for remark in remarks.new():
                at.conversation.heard(remark)
        case _:
            pass
    at.conversation.heard(entry)
    at.ui.refresh()


def _note(at: WindowContext, text: str) -> None:
    at.conversation.note(text)
    at.ui.refresh()

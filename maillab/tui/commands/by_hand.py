"""SMTP or POP3 typed by hand: a conversation with a door, heard by every pane that shows it."""

import asyncio
from typing import TYPE_CHECKING

from maillab.protocols.services import SMTP
from maillab.tui.commands.base import complaint
from maillab.tui.commands.general import General
from maillab.tui.dialogs.picker import Choice

if TYPE_CHECKING:
    from collections.abc import Iterator

    from maillab.client.by_hand import ByHand
    from maillab.events import Entry
    from maillab.logbook import Logbook
    from maillab.protocols.protocol import Protocol
    from maillab.tui.widgets.byhand import ByHandPane

GREETED_WITHIN = 3.0  # seconds after the connection


class ByHandCommands(General):
    """A part of the window."""

    typing: asyncio.Lock  # lines that are typed go one after the other
    last_hand: tuple[str, str] = (SMTP.name, "")  # the door that was talked to last: service and site
    hand_book: "tuple[str, Protocol, Logbook] | None" = None  # of the last conversation: where, protocol, all of it

    async def hand_typed(self, line: str) -> None:
        """A line for the server; without a conversation, one begins."""
        async with self.typing:
            await self._typed(line)

    async def _typed(self, line: str) -> None:
        if not self.living():
            return
        if self.hand is None:
            await self.hand_to(*self.last_hand)
        hand = self.hand
        if hand is None:
            return
        try:
            step = await hand.say(line.encode("utf-8", "surrogateescape"))
        except OSError as error:  # the server has hung up just now
            self.hand_note(complaint(error))
            return
        if step.tell:
            self.hand_note(step.tell)
        if step.mark:
            self.host.mark(step.mark)
        if step.leave:
            await self.hang_up()

    async def choose_hand(self) -> None:
        """Which door to talk to."""
        lab = self.host.lab
        if lab is None or not self.living():
            return
        doors = [door for door in lab.endpoints if door.site]
        choices = [Choice(str(n), f"{d.service} {d.site}", f"{d.host}:{d.port}") for n, d in enumerate(doors)]
        picked = await self.pick(self.texts("byhand.title"), choices)
        if picked is not None:
            door = doors[int(picked)]
            async with self.typing:
                await self.hand_to(door.service, door.site)

    async def hand_to(self, service: str, site: str = "") -> None:
        """Begin a conversation with a door."""
        from maillab.client.by_hand import ByHand, ServiceAddress
        from maillab.logbook import Logbook
        from maillab.wire.tls import unverified

        await self.hang_up()
        lab = self.host.lab
        if lab is None:
            return
        self.last_hand = service, site
        door = lab.endpoint(site or lab.config.sites[0].domain, service)
        place = ServiceAddress(door.host, door.port, service, door.tls == "implicit")
        book: Logbook = Logbook(lab.clock.now)
        hand = ByHand(place, book, unverified, self.texts.lang)
        self.hand_begins(
            self.texts("byhand.connected", where=f"{door.service} {door.site} {place}"), place.protocol, book
        )
        try:
            await hand.connect()
        except OSError as error:
            self.hand_note(complaint(error))
            return
        try:
            async with asyncio.timeout(GREETED_WITHIN):
                await hand.hear()  # the server speaks first (RFC 5321 §4.3.1)
        except TimeoutError:
            pass  # one that says nothing can be talked to all the same
        except OSError as error:  # one that never stops
            self.hand_note(complaint(error))
            await hand.close()
            return
        self.hand = hand
        self.attempt(self._hear(hand), group="byhand")

    async def _hear(self, hand: "ByHand") -> None:
        try:
            while not hand.lost:
                await hand.hear()
                if hand.console.tls_due:
                    self.hand_note(self.texts("byhand.tls"))
                    await hand.secure()
        except OSError as error:  # in the handshake, or where nothing has an end
            self.hand_note(complaint(error))
        finally:
            if self.hand is hand:
                await self.hang_up()

    async def hang_up(self) -> None:
        """End the conversation."""
        hand, self.hand = self.hand, None
        if hand is not None:
            await hand.close()

    def hand_begins(self, text: str, protocol: "Protocol", book: "Logbook") -> None:
        """A conversation begins: whoever shows it is told."""
        self.hand_book = text, protocol, book
        for pane in self._hand_panes():
            pane.begin(text, protocol)
        book.subscribe(self._hand_heard)

    def _hand_panes(self) -> "Iterator[ByHandPane]":
        """Where conversations are shown, also while somebody is elsewhere."""
        from maillab.tui.widgets.byhand import ByHandPane

        for screen in self.modes() if self.is_running else ():
            yield from screen.query(ByHandPane)

    def _hand_heard(self, entry: "Entry") -> None:
        for pane in self._hand_panes():
            pane.heard(entry)

    def hand_note(self, text: str) -> None:
        """A word about the conversation."""
        for pane in self._hand_panes():
            pane.note(text)

    def hand_again(self, pane: "ByHandPane") -> None:
        """A pane that was made anew shows what has been said so far."""
        if self.hand_book is not None and pane.is_empty:
            text, protocol, book = self.hand_book
            pane.begin(text, protocol)
            for entry in book.since(0):
                pane.heard(entry)

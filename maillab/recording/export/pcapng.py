"""A capture that Wireshark opens: each talk on its well-known port over TCP or UDP, all of it readable.

Addresses are those that stand in books (RFC 5737); the real ones were 127.0.0.1 throughout. What was said inside TLS
stands here decrypted, on the port of the protocol without TLS, as a connection of its own after STARTTLS or STLS.
What was decided stands as comments at the packet that follows.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count

from maillab.events import Closed, Entry, Leg, Opened, Secured, Side, Transport
from maillab.mail.content import Content
from maillab.protocols.services import in_clear
from maillab.recording.export.blocks import interface, names, packet, section
from maillab.recording.export.ladder import Ends, ends
from maillab.recording.export.packets import End, Stream, datagram
from maillab.recording.export.turns import ExportedTurn, moments, turns
from maillab.recording.session import Session
from maillab.views.safe import safe
from maillab.views.transcript import Transcript

_LEGS = {
    Leg.SUBMIT: (bytes([192, 0, 2]), "from a mail program to its server"),
    Leg.LOOKUP: (bytes([203, 0, 113]), "between a server and the name server"),
    Leg.RELAY: (bytes([198, 51, 100]), "from server to server"),
    Leg.RETRIEVE: (bytes([198, 51, 100]), "from a mailbox to its reader"),
}
_NUMBERS = {leg: number for number, leg in enumerate(_LEGS)}
_ASTERISKS = b"Kioq"  # *** in base64
_UNKNOWN = 0  # the port of a service that nobody knows: Wireshark shows its octets as they are
_LARGEST = 65_507  # octets of data in one datagram
_LONGEST = 65_535  # octets of a message of DNS over TCP
_AT_ONCE = 1_048_576  # octets of a message made into segments at a time


def export(session: Session) -> Iterator[bytes]:
    """The blocks of the file, one by one."""
    title = safe(session.header.title)
    yield section(f"maillab {session.header.maillab}", title)
    for leg, (_, description) in _LEGS.items():
        yield interface(leg, description)
    who = ends(session.entries)
    addresses = _addresses(who)
    yield names((address, name) for name, address in addresses.items())
    capture = _Capture(who, addresses)
    waiting = moments(session)
    for item in turns(session.entries):
        while waiting and waiting[0].after < item.seq:
            capture.remark("", waiting.pop(0).text)
        yield from capture.take(item)


def _addresses(who: dict[str, Ends]) -> dict[str, bytes]:
    """An address for every name, in the network of the leg on which it is first met."""
    addresses: dict[str, bytes] = {}
    hosts = count(10)
    for pair in who.values():
        for name in (pair.client, pair.server):
            if name not in addresses:
                network = _LEGS[pair.leg or Leg.RELAY][0]
                addresses[name] = network + bytes([min(next(hosts), 254)])
    return addresses


@dataclass(slots=True)
class _Cable:
    """One talk on its way: the leg's interface, its two ends, and the connection, if it is one."""

    interface: int
    client: End
    server: End
    stream: Stream | None


def _harmless(turn: ExportedTurn) -> list[bytes | Content]:
    """The parts; a secret that stood in base64 is made of base64 again, so that it can be decoded: into asterisks."""
    start, end = turn.secret
    line = turn.parts[0]
    if start >= end or not isinstance(line, bytes) or (end - start) % 4 or line[:4].upper() == b"PASS":
        return turn.parts
    return [line[:start] + _ASTERISKS * ((end - start) // 4) + line[end:], *turn.parts[1:]]


class _Capture:
    """Makes packets of turns, and keeps the comments that wait for one."""

    def __init__(self, who: dict[str, Ends], addresses: dict[str, bytes]) -> None:
        self._who, self._addresses = who, addresses
        self._view = Transcript()
        self._cables: dict[str, _Cable] = {}
        self._remarks: dict[str, list[str]] = {}  # by talk; under "" for whichever packet is next
        self._ports = count(49_152)

    def remark(self, talk: str, text: str) -> None:
        """A comment for the next packet of a talk, or of any."""
        self._remarks.setdefault(talk if talk in self._who else "", []).append(text)

    def take(self, item: ExportedTurn | Entry) -> Iterator[bytes]:
        """The packets of a turn, or of the beginning and the end of a talk."""
        if isinstance(item, ExportedTurn):
            if item.talk not in self._cables:
                yield from self._open(item.talk, item.at)
            yield from self._speak(self._cables[item.talk], item)
            return
        talk = item.talk
        if isinstance(item.event, Secured):
            yield from self._close(talk, item.at)
            version = safe(item.event.version)
            self.remark(talk, f"TLS began ({version}); it is shown decrypted, as a connection of its own")
            return
        for row in self._view.rows(item):
            self.remark(talk, f"{row.talk}: {row.text}" if row.talk else row.text)
        if isinstance(item.event, Opened):
            yield from self._open(talk, item.at)
        elif isinstance(item.event, Closed):
            yield from self._close(talk, item.at)

    def _open(self, talk: str, at: float) -> Iterator[bytes]:
        pair = self._who[talk]
        client = End(self._addresses[pair.client], next(self._ports) % 65_536)
        server = End(self._addresses[pair.server], in_clear(pair.service).port if pair.service else _UNKNOWN)
        stream = None if pair.transport is Transport.UDP else Stream(client, server)
        self._cables[talk] = cable = _Cable(_NUMBERS[pair.leg or Leg.RELAY], client, server, stream)
        for octets in stream.open() if stream else ():
            yield self._packet(cable, talk, at, octets)

    def _close(self, talk: str, at: float) -> Iterator[bytes]:
        cable = self._cables.pop(talk, None)
        if cable and cable.stream:
            yield from (self._packet(cable, talk, at, octets) for octets in cable.stream.close(by_client=False))

    def _speak(self, cable: _Cable, turn: ExportedTurn) -> Iterator[bytes]:
        if cable.stream is None:
            end, other = (cable.client, cable.server) if turn.side is Side.CLIENT else (cable.server, cable.client)
            if not turn.packet:
                self.remark(turn.talk, "; ".join(map(safe, turn.lines)))  # DNS of an old record, which is lines only
            octets = datagram(end, other, turn.packet[:_LARGEST])
            yield self._packet(cable, turn.talk, turn.at, octets)
            return
        for piece in self._octets(turn):
            for octets in cable.stream.send(turn.side is Side.CLIENT, piece):
                yield self._packet(cable, turn.talk, turn.at, octets)

    def _octets(self, turn: ExportedTurn) -> Iterator[bytes]:
        """What the turn put on the wire, in pieces; lines that belong together in one."""
        if turn.packet:  # RFC 1035 §4.2.2
            octets = turn.packet[:_LONGEST]
            yield struct.pack("!H", len(octets)) + octets
            return
        waiting = b""
        for part in _harmless(turn):
            try:
                if isinstance(part, Content) and waiting:  # the status of RETR, then the message: so Wireshark finds it
                    yield waiting
                    waiting = b""
                for block in part.blocks(_AT_ONCE) if isinstance(part, Content) else (part,):
                    waiting += block
                    if len(waiting) >= _AT_ONCE:
                        yield waiting
                        waiting = b""
            except OSError:
                self.remark(turn.talk, f"the content of {len(part)} octets was not kept")
        if waiting:
            yield waiting

    def _packet(self, cable: _Cable, talk: str, at: float, octets: bytes) -> bytes:
        comments = self._remarks.pop("", []) + self._remarks.pop(talk, [])
        return packet(cable.interface, round(at * 1e6) * 1000, octets, comments)

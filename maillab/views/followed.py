"""The talks of a stream of entries, each followed as its protocol is: what each entry is in its talk.

Rules for this file: entries come in their order; of a talk whose beginning was not heard its name tells what is spoken;
the oldest talks are forgotten.
"""

from dataclasses import dataclass, field
from typing import TypeVar

from maillab.events import Carried, Entry, Leg, Opened, Packet, Said, Secured, Side, Transport
from maillab.protocols.dns.described import described
from maillab.protocols.follower import Follower
from maillab.protocols.protocol import AnswerLine, Protocol, Request
from maillab.protocols.services import protocol_of
from maillab.views.jobs import trim
from maillab.views.legs import leg_of


@dataclass(slots=True)
class FollowedTalk:
    """One talk. `service` and `server` are "" where its beginning was not heard, `leg` is None where nothing tells."""

    leg: Leg | None
    service: str = ""
    server: str = ""
    joined: bool = False  # in its middle
    transport: Transport = Transport.TCP
    follower: Follower = field(init=False)

    def __post_init__(self) -> None:
        self.follower = Follower(protocol_of(self.service, self.leg), greeted=self.joined)

    @property
    def protocol(self) -> Protocol:
        """What is spoken."""
        return self.follower.protocol


T = TypeVar("T", bound=FollowedTalk)


class Followed(dict[str, T]):
    """Talks by their names; `make` makes one."""

    make: type[T]

    def __missing__(self, name: str) -> T:
        leg = leg_of(name)
        transport = Transport.UDP if leg is Leg.LOOKUP else Transport.TCP
        talk = self[name] = self.make(leg, joined=True, transport=transport)
        trim(self)
        return talk

    def hear(self, entry: Entry) -> Request | AnswerLine | None:
        """Take the next entry. Of a line, what it is; of content, the request that it belongs to; else `None`.

        The `mark` of a request is the number of its entry.
        """
        event = entry.event
        if isinstance(event, Said):
            follower = self[event.talk].follower
            if event.side is Side.CLIENT:
                return follower.client(event.line, event.secret, entry.seq)
            return follower.server(event.line)
        match event:
            case Carried(name, Side.CLIENT, content):
                return self[name].follower.client_content(len(content))
            case Carried(name):
                return self[name].follower.server_content()
            case Packet(name, Side.CLIENT, octets):
                return self[name].follower.client(described(octets)[0].encode(), mark=entry.seq)
            case Packet(name, _, octets):
                return self[name].follower.server_message(described(octets)[0].encode())
            case Opened(name, leg, service, server, _, transport):
                self[name] = self.make(leg, service, server, transport=transport)
                trim(self)
            case Secured(name):
                self[name].follower.secured()
            case _:
                pass
        return None


class FollowedTalks(Followed[FollowedTalk]):
    """Talks of which nobody wants to know more.

    >>> talks = FollowedTalks()
    >>> talks.hear(Entry(1, 0.0, Said("relay-1", Side.CLIENT, b"NOOP\\r\\n"))).verb
    'NOOP'
    >>> talks.hear(Entry(2, 0.0, Said("relay-1", Side.SERVER, b"250 ok\\r\\n"))).request.mark
    1
    """

    make = FollowedTalk

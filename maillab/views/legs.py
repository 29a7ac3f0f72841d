"""What the name of a service, or of a talk, tells: which protocol is spoken, on which leg of the journey."""

from maillab.events import Leg

_PROTOCOLS = {
    "smtp": "smtp",
    "submission": "smtp",
    "submissions": "smtp",
    "pop3": "pop3",
    "pop3s": "pop3",
    "imap": "imap",
    "imaps": "imap",
    "dns": "dns",
}
_SPOKEN_ON = {Leg.SUBMIT: "smtp", Leg.RELAY: "smtp", Leg.LOOKUP: "dns", Leg.RETRIEVE: "pop3"}
_LEGS = {leg.value: leg for leg in Leg}


def protocol_of(service: str, leg: Leg | None = None) -> str:
    """smtp, pop3, imap or dns; of a service nobody knows, what its leg speaks; or "".

    >>> protocol_of("submissions"), protocol_of("", Leg.RETRIEVE), protocol_of("")
    ('smtp', 'pop3', '')
    """
    return _PROTOCOLS.get(service) or (_SPOKEN_ON[leg] if leg else "")


def leg_of(talk: str) -> Leg | None:
    """The leg that the name of a talk tells, for talks whose beginning was not seen.

    >>> leg_of("relay-2"), leg_of("somewhere")
    (<Leg.RELAY: 'relay'>, None)
    """
    return _LEGS.get(talk.partition("-")[0])

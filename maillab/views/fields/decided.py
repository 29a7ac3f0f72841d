"""What an event means that is no line of a protocol: a connection begins or ends, a machine decides something."""

from maillab.events import (
    Adjusted,
    Attempted,
    Authenticated,
    Bounced,
    Closed,
    Deferred,
    Delivered,
    Dropped,
    Event,
    Failed,
    Opened,
    Queued,
    Read,
    Removed,
    Routed,
    RulePlayed,
    Secured,
    Stumbled,
    Submitted,
    Tolerated,
    Transport,
    Warned,
)
from maillab.views.gloss import Gloss
from maillab.views.language import Say

_MEANINGS: dict[type, tuple[str, str]] = {  # of each event: the sentence, and where to read more
    Authenticated: (
        "The server has checked who speaks. From here on the client may do what this user may do.",
        "4954 §6",
    ),
    Submitted: (
        "The server has stored the message and answers for it now: it delivers it, or it reports that it could not.",
        "5321 §4.2.5",
    ),
    Queued: ("A job: the message waits here for one domain. Each domain has a job of its own.", "5321 §4.5.4.1"),
    Routed: ("The hosts of the MX records, sorted: they are tried in this order until one answers.", "5321 §5.1"),
    Attempted: ("One host was tried; the number is its last word on the message.", "5321 §5.1"),
    Deferred: (
        "Not now. The message stays in the queue and is tried again later; its sender need do nothing.",
        "5321 §4.5.4.1",
    ),
    Failed: ("Never. It is not tried again; the sender gets a report.", "5321 §6.1"),
    Bounced: ("A message from the server to the sender: it tells what became of theirs.", "3464; 5321 §6.1"),
    Dropped: (
        "A report that cannot be delivered is dropped: a report about a report could go on for ever.",
        "5321 §4.5.5",
    ),
    Delivered: (
        "The message lies in its mailbox. SMTP ends here; the reader fetches it when they want.",
        "5321 §4.2.5",
    ),
    Read: ("The reader’s program has fetched the message. It stays in the mailbox until it is deleted.", "1939 §5"),
    Removed: ("What was marked with DELE is gone now, at QUIT, and not before.", "1939 §6"),
    Tolerated: (
        "This was wrong, and the lab took it all the same, for people type it. Other servers may refuse it.",
        "",
    ),
    RulePlayed: ("A rule of this lab made the server do so; otherwise it would not have.", ""),
    Warned: ("A remark of a machine: no reply told this.", ""),
    Adjusted: ("A person changed this while the lab was running; no machine decided it.", ""),
    Stumbled: ("A fault of the lab itself, not of what was said.", ""),
    Secured: ("From here on nobody on the way can read or change what is said.", "8446; 3207 §4"),
    Opened: ("A TCP connection stands: both sides can send bytes now. The server speaks first.", "5321 §3.1"),
}
_OVER_UDP = ("One packet asks, one packet answers: there is no connection.", "1035 §4.2.1")
_SECURE_AT_ONCE = ("A TCP connection stands, and TLS begins with its first byte.", "8314 §3")
_ENDS = {
    "quit": ("The connection was closed after QUIT, as it should be.", "5321 §4.1.1.10"),
    "lost": ("The connection is gone without a goodbye: what was not answered did not happen.", "5321 §3.8"),
    "timeout": ("Nobody spoke for too long, so one side hung up.", "5321 §4.5.3.2"),
    "answered": ("The question was answered, and nothing is left to say.", ""),
    "refused": ("Nobody listens at this address and port: the server is stopped, or the port is another one.", ""),
}
_END = ("The connection is closed.", "")


def meaning(event: Event, say: Say) -> Gloss | None:
    """The meaning of such an event; None for what was said on a wire.

    >>> meaning(Closed("relay-1", "refused"), Say("en", {})).text
    'Nobody listens at this address and port: the server is stopped, or the port is another one.'
    """
    match event:
        case Opened(transport=Transport.UDP):
            text, source = _OVER_UDP
        case Opened(secure=True):
            text, source = _SECURE_AT_ONCE
        case Closed(why=why):
            text, source = _ENDS.get(why, _END)
        case _ if type(event) in _MEANINGS:
            text, source = _MEANINGS[type(event)]
        case _:
            return None
    return Gloss("", "event", type(event).__name__, source, say(text))

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
        "The server has verified the user. From here on the client has this user's rights.",
        "4954 §6",
    ),
    Submitted: (
        "The server has stored the message and is responsible for it now: it delivers it or reports the failure.",
        "5321 §4.2.5",
    ),
    Queued: ("A job: the message is queued for one domain. Each domain has its own job.", "5321 §4.5.4.1"),
    Routed: ("The hosts of the MX records, sorted: they are tried in this order until one answers.", "5321 §5.1"),
    Attempted: ("One host was tried; the number is its last word on the message.", "5321 §5.1"),
    Deferred: (
        "Not now. The message stays in the queue and is tried again later; the sender need not do anything. Codes"
        " that begin with 4, and no answer at all, are retried; codes that begin with 5 bounce at once.",
        "5321 §4.2.1; 5321 §4.5.4.1",
    ),
    Failed: (
        "Given up: it is not tried again. The sender gets a report; nobody does where the sender is <>, as that of a"
        " report. Codes that begin with 5 fail at once; codes that begin with 4, and no answer at all, are retried"
        " until the queue gives up.",
        "5321 §4.2.1; 5321 §4.5.5; 5321 §6.1; 3464 §2.1.2",
    ),
    Bounced: ("A message from the server to the sender: it reports what happened to their message.", "3464; 5321 §6.1"),
    Dropped: (
        "A report that cannot be delivered is dropped: reports about reports would never end.",
        "5321 §4.5.5",
    ),
    Delivered: (
        "The message is in its mailbox. SMTP ends here; the recipient can fetch it any time.",
        "5321 §4.2.5",
    ),
    Read: ("The reader's program has fetched the message. It stays in the mailbox until it is deleted.", "1939 §5"),
    Removed: ("Messages marked with DELE are deleted now, at QUIT, not before.", "1939 §6"),
    Tolerated: (
        "This was wrong, but the lab accepted it because people type it. Other servers may refuse it.",
        "",
    ),
    RulePlayed: ("A rule of this lab made the server do this.", ""),
    Warned: ("A remark of a machine; it is in no reply.", ""),
    Adjusted: ("You changed this while the lab was running; no machine decided it.", ""),
    Stumbled: ("An internal error of the lab, not of the conversation.", ""),
    Secured: ("From here on nobody on the way can read or change the conversation.", "8446; 3207 §4"),
    Opened: ("The TCP connection is open: both sides can send bytes now. The server speaks first.", "5321 §3.1"),
}
_COMES_BACK = (
    "The message comes back: this report tells its sender why. Codes that begin with 5 bounce at once; codes that"
    " begin with 4, and no answer at all, are retried first.",
    "3464; 5321 §4.2.1",
)
_THROWN_AWAY = (
    "You removed it from the queue: it is not tried again, and the sender gets no report. A server that gives a message"
    " up by itself must send one.",
    "5321 §6.1",
)
_OVER_UDP = ("One packet asks, one packet answers: there is no connection.", "1035 §4.2.1")
_SECURE_AT_ONCE = ("The TCP connection is open, and TLS starts with its first byte.", "8314 §3")
_ENDS = {
    "quit": ("The connection was closed after QUIT, as it should be.", "5321 §4.1.1.10"),
    "lost": ("The connection was lost without QUIT: whatever was not answered did not happen.", "5321 §3.8"),
    "timeout": ("The connection was idle for too long, so one side closed it.", "5321 §4.5.3.2"),
    "answered": ("The question was answered, and nothing is left to say.", ""),
    "refused": ("The server closed the connection after its last reply: it refused to go on.", ""),
    "untrusted": (
        "The client does not accept the certificate: it knows nobody who vouches for it, or it is for another name, or"
        " too old. Clients that know the lab's authority (ca.pem in the lab folder) accept it.",
        "8446 §6.2",
    ),
    "no TLS": ("The TLS handshake failed, so nothing was said. Perhaps the client speaks no TLS here.", "8446 §4.1"),
    "closing": ("The server was stopped, and closed its connections.", "5321 §3.8"),
}
_UNREACHED = (
    "One host was tried, and nobody answered there: the next one is tried, or the message waits.",
    "5321 §5.1",
)
_LATER = (
    "The host said: not now. The next host is tried, or the message waits and is tried again.",
    "5321 §4.2.1",
)
_REFUSED = ("The host refused; the number is its last word on the message.", "5321 §4.2.1")
_NOT_ASKED = (
    "The sender gave up by itself: the answer to EHLO tells what the host can take. No server said a number.",
    "1870 §7; 5321 §2.2.1",
)
_END = ("The connection is closed.", "")


def meaning(event: Event, say: Say) -> Gloss | None:
    """The meaning of such an event; None for what was said on a wire.

    >>> meaning(Closed("relay-1", "refused"), Say("en", {})).text
    'The server closed the connection after its last reply: it refused to go on.'
    """
    kind = type(event).__name__
    match event:
        case Opened(transport=Transport.UDP):
            kind, (text, source) = "Opened udp", _OVER_UDP
        case Opened(secure=True):
            kind, (text, source) = "Opened secure", _SECURE_AT_ONCE
        case Closed(why=why) if why in _ENDS:
            kind, (text, source) = f"Closed {why}", _ENDS[why]
        case Closed():
            text, source = _END
        case Bounced(kind="failed"):
            text, source = _COMES_BACK
        case Failed() if event.removed:
            kind, (text, source) = "Failed removed", _THROWN_AWAY
        case Attempted(code=0):
            return Gloss("", "event", "Unreached", _UNREACHED[1], say(_UNREACHED[0]))
        case Attempted(why=why) if why:
            return Gloss("", "event", "NotAsked", _NOT_ASKED[1], say(_NOT_ASKED[0]))
        case Attempted(code=code) if 500 <= code < 600:
            return Gloss("", "event", "Refusing", _REFUSED[1], say(_REFUSED[0]))
        case Attempted(code=code) if not 200 <= code < 300:
            return Gloss("", "event", "PutOff", _LATER[1], say(_LATER[0]))
        case _ if type(event) in _MEANINGS:
            text, source = _MEANINGS[type(event)]
        case _:
            return None
    return Gloss("", "event", kind, source, say(text))

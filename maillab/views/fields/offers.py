"""What a server says that it can do: every extension of an answer to EHLO, every capability of one to CAPA."""

from collections.abc import Sequence

from maillab.protocols.protocol import Protocol
from maillab.views.fields.part import Block, Down, Part
from maillab.views.gloss import glosses_of
from maillab.views.language import Say
from maillab.views.units import size

LONGEST = 4_000  # octets of a line that holds all of them
MOST = 60  # lines of one answer that are explained
_LIMITS = {
    "MAILMAX": "messages in one connection",
    "RCPTMAX": "recipients of one message",
    "RCPTDOMAINMAX": "domains of one message's recipients",
}


def blocks(protocol: Protocol, lines: Sequence[bytes], say: Say) -> list[Block]:
    """The whole answer; its first line offers nothing.

    >>> from maillab.protocols.smtp import SMTP
    >>> block, = blocks(SMTP, [b"250-mx.test", b"250 SIZE 2000000"], Say("en", {}))
    >>> [part.text for part in block.parts], block.parts[1].meaning[:20]
    (['mx.test', 'SIZE'], 'At most 2.0 MB for a')
    """
    if protocol.all_offers:
        return block(protocol, lines[0], say)
    first, *others = (_words(protocol, line) for line in lines[:MOST])
    name, _, rest = first.partition(" ")
    parts = [Part(name, say("done") if name.startswith("+") else say("the server's own name"))]
    parts += [Part(rest, say("words for people"))] if rest else []
    return [Down((*parts, *(_part(protocol, words, say) for words in others if words not in ("", "."))))]


def block(protocol: Protocol, line: bytes, say: Say) -> list[Block]:
    """One line of the answer, behind its first; or the one line that holds all of it."""
    if protocol.all_offers:
        offered = protocol.offers([line[:LONGEST]])
        named = [f"{name}={value}".rstrip("=") for name, values in offered.items() for value in values or ("",)]
        return [Down(tuple(_part(protocol, one, say) for one in named[:MOST]))] if named else []
    words = _words(protocol, line)
    return [Down((_part(protocol, words, say),))] if words not in ("", ".") else []


def _words(protocol: Protocol, line: bytes) -> str:
    return protocol.text(line.strip()).decode("utf-8", "replace").strip()


def _part(protocol: Protocol, words: str, say: Say) -> Part:
    """What one of them is for, with its values in words; "" for what nobody knows."""
    name, *values = words.split()
    word = name.upper().partition("=")[0]
    glosses = glosses_of(protocol, say.lang)
    known = glosses.get((protocol.name, "keyword", name.upper())) or glosses.get((protocol.name, "keyword", word))
    if known is None:
        return Part(words, say("a private extension of this server") if word.startswith("X") else "")
    match word, values:
        case "SIZE", [number] if number.isdigit() and len(number) < 19 and int(number):
            meaning = say("At most {} for a message. MAIL FROM:<…> SIZE=n may announce one.", size(int(number)))
        case "LIMITS", _ if limits := [limit for value in values if (limit := _limit(value, say))]:
            meaning = say("At most {}", ", ".join(limits))
        case _:
            meaning = f"{known.text} ({', '.join(values)})" if values else known.text
    return Part(name, meaning)


def _limit(value: str, say: Say) -> str:
    """RCPTMAX=1000: RFC 9422 §4."""
    name, _, number = value.partition("=")
    words = _LIMITS.get(name.upper())
    return f"{number} {say(words)}" if words and number.isdigit() else ""

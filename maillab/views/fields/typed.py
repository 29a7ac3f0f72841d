"""A line that somebody pastes, by its fields: no talk stands around it, so it has to tell by itself what it is."""

import re

from maillab.protocols.follower import Follower
from maillab.protocols.protocol import Named
from maillab.protocols.smtp import SMTP
from maillab.views.fields import command, login, offers, received, reply, report
from maillab.views.fields.part import Block, Down
from maillab.views.fields.vietnamese import VIETNAMESE
from maillab.views.gloss import Lang, glosses_of
from maillab.views.language import Say
from maillab.views.report import ReportField, meaning

_MARK = re.compile(r"\A[CS]:\s+")  # who speaks, in a transcript
_OFFER = re.compile(r"250[ -]([A-Z0-9-]+)", re.IGNORECASE)
_FIELD = re.compile(r"([A-Za-z-]+):\s+(.+)\Z", re.DOTALL)


def fields_of_line(line: str, lang: Lang = "en") -> list[Block]:
    """The fields of a command, a reply, a header field that was pasted whole; [] for a word and for what is none.

    >>> [part.text for part in fields_of_line("C: RCPT TO:<bob@b.test>")[0].parts]
    ['RCPT TO:', '<bob@b.test>']
    """
    say, words = Say(lang, VIETNAMESE), _MARK.sub("", line.strip())
    if len(words.split()) < 2 and "-" not in words[3:4]:
        return []
    octets = words.encode("utf-8", "replace")
    if (field := _FIELD.match(words)) and (found := _header_field(field[1], field[2], say)):
        return found
    request = Follower(SMTP, greeted=True).client(octets)
    if request.row.login:
        return login.command(octets, True, say)
    if request.row.names is not Named.NOBODY or request.verb == "BDAT":
        return command.blocks(request, words, say)
    offer = _OFFER.match(words)
    if offer and (SMTP.name, "keyword", offer[1].upper()) in glosses_of(SMTP, lang):
        return offers.block(SMTP, octets, say)
    return reply.blocks(words, say)


def _header_field(name: str, value: str, say: Say) -> list[Block]:
    """A field that carriers write into a message, or into a report about one."""
    if name.lower() == "received":
        return received.blocks(f"{name}: {value}\r\n\r\n".encode(), say)
    field = ReportField(name, value)
    return [Down((report.part(field, say),))] if meaning(field, say.lang) is not None else []

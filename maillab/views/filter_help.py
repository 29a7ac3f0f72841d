"""The help of the filter language: an example of every term, and what it means, in the language of the reader."""

from maillab.views.gloss import LANGS, Lang
from maillab.views.language import Say
from maillab.views.vietnamese import VIETNAMESE

_MEANINGS = {  # an example of each term, and ways to join them
    "leg:relay": "part of the journey: submit, lookup, relay, retrieve",
    "proto:smtp": "protocol: smtp, pop3, imap, dns; as one of these words alone",
    "talk:submit-1": "one conversation, as its name alone does; * matches anything: talk:relay-*",
    "host:mx1.recipient.test": "all that is said with this server; a part of its name is enough: host:mx1",
    "side:server": "who speaks: client or server",
    "verb:rcpt": "a command, its content and the replies to it; in DNS the type that is asked for",
    "code:5xx": "replies with this code, and what was decided for it: 550, 5xx, +OK, -ERR, NXDOMAIN",
    "ecode:5.1.1": "replies with this enhanced code: 5.1.1, 5.1.x, 4",
    "is:error": "lines marked ! or ✗, as the word error alone; is:failure for ✗ only, is:warning for ! only",
    "from:alice": "the sender, of the envelope or in the header; from:<> is the empty one",
    "to:bob@recipient.test": "a recipient, of the envelope or in To, Cc, Bcc",
    "user:alice": "who is logged in",
    "tls:no": "encrypted or not: yes, no, 1.3",
    'subject:"your code"': "messages whose subject has these words, decoded",
    'header:"subject: hi"': "messages with such a header field, decoded",
    "body:invoice": "messages with this in a line of their text, decoded",
    "job:L1.1": "a message's route to one domain: all its conversations and decisions",
    "mark:crash": "from this mark of the session up to the next",
    "event:bounced": "a kind of event, as `--json` names it",
    "after:1.5s": "from so long after the beginning on: ms, s, min, h, d",
    "before:2min": "earlier than that",
    '"words"': "a word, or several in quotes: in a line, a message or the text of a decision",
    "/re+gex/": "a regular expression, in one line",
    "A B": "both",
    "A or B": "at least one",
    "-A": "not; also written: not A",
    "(A or B) C": "parentheses group",
}

HELP: dict[Lang, tuple[tuple[str, str], ...]] = {  # example and meaning
    lang: tuple((example, Say(lang, VIETNAMESE)(meaning)) for example, meaning in _MEANINGS.items()) for lang in LANGS
}


def table(lang: Lang = "en") -> str:
    """`HELP` as lines of text.

    >>> print(table().splitlines()[0])
      leg:relay                part of the journey: submit, lookup, relay, retrieve
    """
    width = max(len(example) for example, _ in HELP[lang])
    return "".join(f"  {example:<{width}}  {text}\n" for example, text in HELP[lang])

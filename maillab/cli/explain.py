"""`maillab explain 550`: what a code, a verb, a term, a port or a record means, in a sentence or two, with its RFC.

It answers at once: nothing of the network, the servers or the name service is imported here.
"""

import argparse
import sys
from typing import TYPE_CHECKING

from maillab.cli.options import add_language

if TYPE_CHECKING:
    from maillab.views.gloss import Gloss, Lang
    from maillab.views.language import Say

_KINDS = {  # of glosses, where people call them otherwise
    "verb": "command",
    "keyword": "offered capability",
    "class": "class of replies",
    "enhanced": "enhanced code",
    "code": "response code",
    "field": "header field",
    "mechanism": "login mechanism",
}
FIELDS = 92  # cells in which the fields of a line are laid out
_ROOMS = {"mail": "mail", "net": "network", "auth": "", "tls": "TLS"}


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Register the command."""
    parser = commands.add_parser(
        "explain",
        description="Explain words of mail in English or Vietnamese: 550, 5.1.1, RCPT, 250-PIPELINING, +OK, "
        "MX record, port 587, mail transfer agent, Bcc, base64, hộp thư. "
        "A word that begins with a hyphen goes after two hyphens: maillab explain -- -ERR",
    )
    parser.add_argument(
        "words", nargs="*", metavar="WORD", help="a code, a command, a term of one or more words, or a whole line"
    )
    parser.add_argument("--list", action="store_true", help="list every known word")
    parser.add_argument("--json", action="store_true", help="print one JSON array")
    add_language(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Print what the words mean: 0 when all are known, 1 when one is not, 2 when nothing is asked."""
    from maillab.cli.options import USAGE, fail, language
    from maillab.views.lookup import ask, listed

    lang = language(args)
    if not args.words and not args.list:
        return fail(USAGE, "which word? for example: maillab explain MX record")
    glosses, unknown = (listed(lang), []) if args.list else ask(args.words, lang)
    _put(glosses, lang, as_json=args.json, names_only=args.list)
    if not args.json and not args.list:
        _put_fields(" ".join(args.words), lang)
    for word in unknown:
        fail(1, _nothing(word, lang))
    return 1 if unknown or not glosses else 0


def _put(glosses: "list[Gloss]", lang: "Lang", *, as_json: bool, names_only: bool) -> None:
    from maillab.views.safe import speaks_unicode, unaccented

    unicode = speaks_unicode(sys.stdout.encoding)
    if as_json:
        import json

        rows = [{**gloss._asdict(), "source": gloss.source} for gloss in glosses]
        print(json.dumps(rows, ensure_ascii=not unicode, indent=1))
        return
    for gloss in glosses:
        text = _head(gloss, lang) if names_only else f"{_head(gloss, lang)}\n    {gloss.text}"
        print(text if unicode else "\n".join(map(unaccented, text.split("\n"))))


def _put_fields(line: str, lang: "Lang") -> None:
    """The fields of a whole line that was pasted."""
    if len(line.split()) < 2 and line[3:4] != "-":
        return  # a word: nothing has to be read for it
    from maillab.views.fields.layout import lines
    from maillab.views.fields.typed import fields_of_line
    from maillab.views.safe import speaks_unicode, unaccented

    unicode = speaks_unicode(sys.stdout.encoding)
    for pieces in lines(fields_of_line(line, lang), FIELDS):
        text = "    " + "".join(text for _, text in pieces)
        print((text if unicode else unaccented(text)).rstrip())


def _head(gloss: "Gloss", lang: "Lang") -> str:
    """The word with its kind and source: MX  (DNS record, RFC 5321 §5.1)."""
    say = _in(lang)
    kind, room = _KINDS.get(gloss.kind, gloss.kind), _ROOMS.get(gloss.protocol, gloss.protocol.upper())
    source = gloss.source.replace("no RFC", say("no RFC"))
    words = [say(kind), say(room) if room != "mail" else ""] if lang == "vi" else [room, kind]
    return f"{gloss.key}  ({' '.join(filter(None, words))}, {source})"


def _in(lang: "Lang") -> "Say":
    from maillab.views.language import Say

    if lang == "en":  # the sentences are their own translation, and need no table
        return Say(lang, {})
    from maillab.cli.vietnamese import SENTENCES

    return Say(lang, SENTENCES)


def _nothing(word: str, lang: "Lang") -> str:
    """That a word is not known, with the nearest names as commands that can be pasted."""
    import shlex

    from maillab.views.lookup import suggest
    from maillab.views.safe import clip, safe, speaks_unicode, unaccented

    plain = not speaks_unicode(getattr(sys.stderr, "encoding", ""))
    near = [unaccented(name) if plain else name for name in suggest(word, lang)]
    commands = [f"  maillab explain {'-- ' if name.startswith('-') else ''}{shlex.quote(name)}" for name in near]
    word, say = clip(safe(word), 60), _in(lang)
    if not near:
        return say("no entry for “{}”; all words: maillab explain --list", word)
    return "\n".join([say("no entry for “{}”; similar words:", word), *commands])

"""`maillab explain 550`: what a code, a verb, a keyword or a record means, in one sentence, with its RFC.

It answers at once: nothing of the network, the servers or the name service is imported here.
"""

import argparse
import sys
from typing import TYPE_CHECKING

from maillab.cli.options import add_language

if TYPE_CHECKING:
    from maillab.views.gloss import Gloss, Lang

_KINDS = {
    "verb": ("command", "lệnh"),
    "keyword": ("offered capability", "tính năng được nêu"),
    "parameter": ("parameter", "tham số"),
    "class": ("class of replies", "lớp mã trả lời"),
    "reply": ("reply", "trả lời"),
    "enhanced": ("enhanced code", "mã mở rộng"),
    "code": ("response code", "mã kết quả"),
    "record": ("record", "bản ghi"),
    "term": ("term", "khái niệm"),
    "line": ("line", "dòng"),
}
_UNKNOWN = ("nothing is known of “{word}”", "không có gì về “{word}”")
_NEAR = ("; near it: {near}", "; gần giống: {near}")


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Register the command."""
    parser = commands.add_parser(
        "explain",
        help="what a command, a reply code or a keyword means",
        description="Explain words of SMTP, POP3, IMAP and DNS: 550, 5.1.1, RCPT, 250-PIPELINING, +OK, MX. "
        "A word that begins with a hyphen goes after two hyphens: maillab explain -- -ERR",
    )
    parser.add_argument(
        "words", nargs="+", metavar="WORD", help="a code, a command, a keyword, or a whole line in quotes"
    )
    parser.add_argument("--json", action="store_true", help="print one JSON array")
    add_language(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Print what every word means: 0 when all are known, 1 when one is not."""
    from maillab.cli.options import fail, language
    from maillab.views.lookup import look_up, look_up_phrase
    from maillab.views.safe import speaks_unicode

    lang: Lang = "vi" if language(args) == "vi" else "en"
    unicode = speaks_unicode(sys.stdout.encoding)
    found = look_up_phrase(args.words, lang)
    unknown: list[str] = []
    for word in [] if found else args.words:
        meanings = look_up(word, lang)
        found += [one for one in meanings if one not in found]
        unknown += [] if meanings else [word]
    if args.json:
        import json

        print(json.dumps([_as_json(one) for one in found], ensure_ascii=not unicode, indent=1))
    else:
        for one in found:
            print(_shown(one, lang, unicode))
    for word in unknown:
        fail(1, _nothing(word, lang))
    return 1 if unknown else 0


def _as_json(gloss: "Gloss") -> dict[str, str]:
    return {**gloss._asdict(), "source": gloss.source}


def _shown(gloss: "Gloss", lang: "Lang", unicode: bool) -> str:
    """Two lines: the word with its kind and source, then the sentence."""
    from maillab.views.safe import unaccented

    kind = _KINDS[gloss.kind][lang == "vi"]
    name = f"{kind} {gloss.protocol.upper()}" if lang == "vi" else f"{gloss.protocol.upper()} {kind}"
    text = f"{gloss.key}  ({name}, {gloss.source})\n    {gloss.text}"
    return text if unicode else "\n".join(map(unaccented, text.split("\n")))


def _nothing(word: str, lang: "Lang") -> str:
    from maillab.views.lookup import suggest
    from maillab.views.safe import clip, safe

    near = suggest(word, lang)
    which = lang == "vi"
    return _UNKNOWN[which].format(word=clip(safe(word), 60)) + (
        _NEAR[which].format(near=", ".join(near)) if near else ""
    )

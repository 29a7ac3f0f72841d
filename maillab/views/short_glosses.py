"""What a line means, in a few words: where a column has no room for the sentence of `gloss`.

Files: reads short_glosses.csv beside this file. Its columns: protocol, kind, key, and one for each language.
"""

import csv
from functools import cache
from pathlib import Path

from maillab.views.gloss import Gloss, Lang

LONGEST = (
    26  # characters: the column of explanations has so many cells in a terminal of 120, and a few less in one of 80
)


def short(gloss: Gloss, lang: Lang, *, asked: bool = False) -> str:
    """The few words, or the whole sentence of a gloss that has none; `asked`: it is a question, not its answer.

    >>> short(Gloss("smtp", "verb", "EHLO", "5321", "Modern greeting."), "en")
    'hello; what can you do?'
    >>> short(Gloss("smtp", "reply", "450 4.7.1", "5321; 3463", "Mailbox not available. Refused by policy."), "en")
    'no access now; try later'
    """
    words = table(lang)
    code = gloss.key.partition(" ")[0] if gloss.kind == "reply" else gloss.key
    found = words.get((gloss.protocol, gloss.kind, f"{gloss.key}?")) if asked else None
    found = found or words.get((gloss.protocol, gloss.kind, gloss.key)) or words.get((gloss.protocol, gloss.kind, code))
    return found or gloss.text


@cache
def table(lang: Lang) -> dict[tuple[str, str, str], str]:
    """All of them in one language, by protocol, kind and key."""
    with Path(__file__).with_name("short_glosses.csv").open(encoding="utf-8", newline="") as file:
        return {(row["protocol"], row["kind"], row["key"]): row[lang] for row in csv.DictReader(file)}

"""The words of mail that no protocol says: terms, ports, header fields, types, files; the stock is `terms.csv`.

A word is found under its English and its Vietnamese name and under everything that stands in the column `also`,
whatever its case and hyphens, with accents in either Unicode form, or without them.
Columns of the table: protocol, kind, key, its Vietnamese name, other names, rfc, and one for each language.
"""

import csv
import re
import unicodedata
from functools import cache
from pathlib import Path
from typing import NamedTuple

from maillab.mail.normal import normal
from maillab.views.gloss import Gloss, Lang

_ENDS = " ?!,:“”‘’\"'`"  # what people type around a word
_OWN_NAME_FIRST = ("field", "type", "encoding", "mechanism", "file")  # kinds whose words are said in every language


class Term(NamedTuple):
    """One row of the table; `names` are all under which it is found, the first two being its own."""

    protocol: str
    kind: str
    names: tuple[str, ...]
    rfc: str
    en: str
    vi: str

    def gloss(self, lang: Lang) -> Gloss:
        """The explanation in one language, under the name in that language."""
        return Gloss(self.protocol, self.kind, self._title(lang), self.rfc, self.vi if lang == "vi" else self.en)

    def _title(self, lang: Lang) -> str:
        key, vi = self.names[:2]
        if self.kind == "port":
            return vi if lang == "vi" else f"port {key}"
        if lang == "en":
            return key
        if fold(key)[0] in fold(vi)[0]:
            return vi
        return f"{key} ({vi})" if self.kind in _OWN_NAME_FIRST else f"{vi} ({key})"


def fold(text: str) -> tuple[str, str]:
    """A word as it is compared: its letters, and its accents in order of their code, wherever they stand.

    >>> fold("Mã-hoá") == fold("mã hóa"), fold("Hộp  thư?")[0]
    (True, 'hop thu')
    """
    letters, accents = text.casefold(), ""
    if not letters.isascii():
        apart = normal("NFD", letters.replace("đ", "d\u0335"))
        letters = "".join(char for char in apart if not unicodedata.combining(char))
        accents = "".join(sorted(char for char in apart if unicodedata.combining(char)))
    letters = re.sub(r"[\s_-]+", " ", letters).replace("e mail", "email")
    return letters.strip(_ENDS), accents


def find(text: str, lang: Lang = "en") -> list[Gloss]:
    """What is known under this name, or under its singular; without accents, under every name of these letters.

    >>> [one.key for one in find("Mail Transfer Agents")], [one.key for one in find("hop thu", "vi")]
    (['MTA'], ['hộp thư (mailbox)'])
    """
    bare, accents = fold(text[:200])
    for letters in _singulars(bare):
        if rows := _by_name().get((letters, accents)):
            return [term.gloss(lang) for term in rows]
    return []


@cache
def terms() -> tuple[Term, ...]:
    """All rows, in the order of the table."""
    with Path(__file__).with_name("terms.csv").open(encoding="utf-8", newline="") as file:
        return tuple(_read(row) for row in csv.DictReader(file))


def _read(row: dict[str, str]) -> Term:
    key = row["key"]
    also = [name.strip() for name in row["also"].split(";")]
    ports = [f"port {key}", f"TCP {key}", f"{key}/tcp", f":{key}"] if row["kind"] == "port" else []
    names = dict.fromkeys((*(name for name in also if name), *ports))
    return Term(row["protocol"], row["kind"], (key, row["vi_key"], *names), row["rfc"], row["en"], row["vi"])


def _singulars(word: str) -> list[str]:
    """The word, and what it may be the plural of: relays, mailboxes, queries."""
    ends = (("s", ""), ("es", ""), ("ies", "y")) if len(word) > 4 else ()
    return [word, *(word.removesuffix(plural) + singular for plural, singular in ends if word.endswith(plural))]


@cache
def _by_name() -> dict[tuple[str, str], list[Term]]:
    """Every name with its accents, and "" in their place for the letters alone."""
    index: dict[tuple[str, str], list[Term]] = {}
    for term in terms():
        folded = [fold(name) for name in term.names]
        for key in dict.fromkeys([*folded, *((letters, "") for letters, _ in folded)]):
            index.setdefault(key, []).append(term)
    return index

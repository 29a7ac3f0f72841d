"""Sentences said in another language: an English one is recognised by the words around its values.

So an error can be made where it happens, in English, and be read at the edge in the reader's language.
Rules for this file: it knows no sentence itself. What no table knows stays as it is.
"""

import re
from collections.abc import Mapping
from functools import cached_property, partial

SHORT = 6  # letters: so few say little, and fit only around values of one word ("{} of {}")
DEPTH = 3  # a sentence in a sentence: "cannot read FILE: No such file or directory"


class Sentences:
    """A table of sentences, {} standing for a value, and how each is said.

    >>> said = Sentences({"cannot read {}: {}": "không đọc được {}: {}", "Permission denied": "không có quyền"})
    >>> said("cannot read a b.toml: Permission denied")
    'không đọc được a b.toml: không có quyền'
    """

    def __init__(self, table: Mapping[str, str]) -> None:
        self._table = table

    def __call__(self, text: str) -> str:
        """The text, line by line, as the table has it; values stay, unless they are sentences themselves."""
        return "\n".join(self._line(line, DEPTH) for line in text.split("\n"))

    def _line(self, text: str, depth: int) -> str:
        bare = text.strip()
        indent = text[: len(text) - len(text.lstrip())]
        if sentence := self._table.get(bare) or self._table.get(bare[:1].upper() + bare[1:]):
            return indent + sentence
        for start, end, holes, sentence in self._templates:
            if bare.startswith(start) and bare.endswith(end) and (values := re.fullmatch(holes, bare, re.DOTALL)):
                inner = partial(self._line, depth=depth - 1) if depth else str
                return indent + sentence.format(*(inner(value) if " " in value else value for value in values.groups()))
        head, colon, tail = bare.partition(": ")  # FILE: line 3: what is wrong there
        return indent + self._table.get(head, head) + colon + self._line(tail, depth) if colon else text

    @cached_property
    def _templates(self) -> list[tuple[str, str, str, str]]:
        """Start, end and pattern of each sentence with values in it, and how it is said; the wordiest first."""
        rows = []
        for template, said in sorted(self._table.items(), key=lambda row: -len(row[0])):
            if "{}" in template:
                pieces = template.split("{}")
                wordy = sum(map(str.isalpha, template)) > SHORT
                holes = ["(.+?)" if wordy or piece.endswith(": ") else r"(\S+)" for piece in pieces[:-1]]
                pattern = "".join(re.escape(piece) + hole for piece, hole in zip(pieces, [*holes, ""], strict=True))
                rows.append((pieces[0], pieces[-1], pattern, said))
        return rows

"""The shape of an explanation: parts of a line with what each means, in a row, a column or a table."""

from collections.abc import Collection
from typing import NamedTuple


class Part(NamedTuple):
    """What stands in the line, and what it means; `now` is the one that somebody looks at, of several."""

    text: str
    meaning: str
    now: bool = False


class Across(NamedTuple):
    """Rows of the same parts, each beside the other as on the line; what the columns mean stands below, once."""

    rows: tuple[tuple[str, ...], ...]
    meanings: tuple[str, ...]
    title: str = ""


class Down(NamedTuple):
    """Parts one below the other."""

    parts: tuple[Part, ...]
    title: str = ""


class Table(NamedTuple):
    """Rows of the same columns under their headings; `spare` are the columns that go first where there is no room."""

    rows: tuple[tuple[str, ...], ...]
    headings: tuple[str, ...]
    title: str = ""
    spare: tuple[int, ...] = ()

    def without(self, columns: Collection[int]) -> "Table":
        """The same without these columns."""
        kept = [n for n in range(len(self.headings)) if n not in columns]
        rows = tuple(tuple(row[n] for n in kept) for row in self.rows)
        return Table(rows, tuple(self.headings[n] for n in kept), self.title)


Block = Across | Down | Table


def parts_of(block: Block) -> tuple[Part, ...]:
    """The same one below the other, where there is no room for columns: each column's meaning with its first row.

    >>> parts_of(Across((("10", "mx"), ("20", "mx2")), ("preference", "host")))
    (Part(text='10', meaning='preference', now=False), Part(text='mx', meaning='host', now=False), \
Part(text='20  mx2', meaning='', now=False))
    """
    if isinstance(block, Down):
        return block.parts
    if isinstance(block, Table):
        return tuple(part for row in block.rows for part in map(Part, row, block.headings) if part.text)
    first, *others = block.rows or ((),)
    return (
        *(Part(text, meaning) for text, meaning in zip(first, block.meanings, strict=True)),
        *(Part("  ".join(row), "") for row in others),
    )

"""The documents, and the tables and files in them that are made from others: `python -m tests.papers` writes those anew.

A table stands between `<!-- NAME -->` and `<!-- end -->`; what belongs there is a row of `TABLES`.
"""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

from maillab.stories.script import NAMES, load
from maillab.tui.manual import keys_table
from maillab.tui.texts import Texts
from maillab.views.filter_help import HELP
from tests.house import HOUSE, ROOT

README = ROOT / "README.md"
MANUAL = HOUSE / "manual"
PAGES = sorted(MANUAL.rglob("*.md"))


def keys() -> Iterator[str]:
    """Every action of the window."""
    yield from keys_table(Texts("en"))


def filters() -> Iterator[str]:
    """Every term of the filter language."""
    yield from ("| term | matches |", "|---|---|")
    yield from (f"| `{example}` | {meaning} |" for example, meaning in HELP["en"])


def stories() -> Iterator[str]:
    """Every story of `maillab demo`."""
    yield from ("| story | what it tells |", "|---|---|")
    yield from (f"| `{name}` | {load(name).title.en} |" for name in NAMES)


def file(name: str, language: str) -> Iterator[str]:
    """A file of the examples, as code."""
    yield f"```{language}"
    yield from (ROOT / "examples" / name).read_text("utf-8").splitlines()
    yield "```"


TABLES: dict[str, Callable[[], Iterator[str]]] = {
    "keys": keys,
    "filters": filters,
    "stories": stories,
    "examples/docker/Dockerfile": lambda: file("docker/Dockerfile", "dockerfile"),
    "examples/docker/compose.yaml": lambda: file("docker/compose.yaml", "yaml"),
    "examples/ci/workflow.yaml": lambda: file("ci/workflow.yaml", "yaml"),
}
_MARKED = re.compile(rf"(<!-- ({'|'.join(TABLES)}) -->\n).*?(<!-- end -->)", re.DOTALL)


def renewed(text: str) -> str:
    """A document with its tables as the program makes them."""
    return _MARKED.sub(lambda table: table[1] + "".join(f"{line}\n" for line in TABLES[table[2]]()) + table[3], text)


def tables_of(text: str) -> list[str]:
    """The names of the tables that a document holds."""
    return [table[2] for table in _MARKED.finditer(text)]


def page(topic: str, language: str = "en") -> Path:
    """The file of a page of the manual."""
    return MANUAL / language / f"{topic}.md"


def manual() -> str:
    """Everything that the English manual and the README say."""
    return "\n".join(path.read_text("utf-8") for path in (README, *(MANUAL / "en").glob("*.md")))


def main() -> None:
    """Write the tables of all documents anew."""
    for path in (README, *PAGES):
        before = path.read_text("utf-8")
        if (after := renewed(before)) != before:
            path.write_text(after, "utf-8")
            print(path.relative_to(ROOT))


if __name__ == "__main__":
    main()

"""The documents, and the tables and files in them that are made from others: `python -m tests.papers` writes those anew.

A table stands between `<!-- NAME -->` and `<!-- end -->`; what belongs there is a row of `TABLES`.
"""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Literal, get_args

from msgspec import structs

from maillab import events
from maillab.config import default
from maillab.protocols.protocol import Protocol
from maillab.protocols.services import DNS, SERVICES
from maillab.rules.possible import spoken, stages, why_not
from maillab.rules.rule import Effect, Kind, Rule, Stage
from maillab.stories.script import NAMES, load
from maillab.tui.actions.keystable import keys_table
from maillab.tui.texts import Texts
from maillab.views.filter_help import HELP
from maillab.web.mailpit.routes import ROWS
from maillab.web.ours.routes import ROWS as OURS
from tests.house import HOUSE, ROOT
from tests.states import imap_states, pop3_states, smtp_states

README = ROOT / "README.md"
MANUAL = HOUSE / "manual"
PAGES = sorted(MANUAL.rglob("*.md"))


Language = Literal["en", "vi"]
HEADS = {  # of the tables below
    "filters": {"en": "| term | matches |", "vi": "| điều kiện | khớp với |"},
    "services": {
        "en": "| service | sender.test | recipient.test | |",
        "vi": "| dịch vụ | sender.test | recipient.test | |",
    },
    "rules": {"en": "| stage | effects |", "vi": "| giai đoạn | tác động |"},
    "http": {"en": "| | path | what it does |", "vi": "| | đường dẫn | làm gì |"},
    "stories": {"en": "| story | what it tells |", "vi": "| câu chuyện | kể về |"},
}


def keys(language: Language) -> Iterator[str]:
    """Every action of the window."""
    yield from keys_table(Texts(language))


def filters(language: Language) -> Iterator[str]:
    """Every term of the filter language."""
    yield from (HEADS["filters"][language], "|---|---|")
    yield from (f"| `{example}` | {meaning} |" for example, meaning in HELP[language])


def stories(language: Language) -> Iterator[str]:
    """Every story of `maillab demo`."""
    yield from (HEADS["stories"][language], "|---|---|")
    yield from (f"| `{name}` | {load(name).title.said(language)} |" for name in NAMES)


def services(language: Language) -> Iterator[str]:
    """Every service, with its standard port and those of the default lab."""
    yield from (HEADS["services"][language], "|---|---|---|---|")
    lab = default()
    for service in SERVICES.values():
        site_ports = [lab.port(site, service.name) for site in (0, 1)]
        ports = [lab.dns_port, ""] if service == DNS else site_ports
        cells = (f"{service.name} ({service.port})", *ports, service.purpose_in(language))
        yield f"| {' | '.join(map(str, cells))} |"


def said(_: Language) -> Iterator[str]:
    """What is heard on a wire."""
    yield from _events(events.SaidEvent)


def decided(_: Language) -> Iterator[str]:
    """What a machine made of it."""
    yield from _events(events.DecidedEvent)


def _events(union: object) -> Iterator[str]:
    """Events as `serve --json` names them, with the first sentence of their docstrings and their fields."""
    yield from ("| `kind` | what happened | fields |", "|---|---|---|")
    for kind in get_args(union):
        fields = " ".join(f"`{field.name}`" for field in structs.fields(kind))
        yield f"| `{kind.__name__.lower()}` | {' '.join(kind.__doc__.split())} | {fields} |"


def file(name: str, kind: str) -> Iterator[str]:
    """A file of the examples, as code."""
    yield f"```{kind}"
    yield from (ROOT / "examples" / name).read_text("utf-8").splitlines()
    yield "```"


def http(language: Language) -> Iterator[str]:
    """Every route that clients of Mailpit ask for."""
    yield from (HEADS["http"][language], "|---|---|---|")
    yield from (f"| {row.method} | `{row.path}` | {row.summary} |" for row in ROWS)


def lab_http(language: Language) -> Iterator[str]:
    """Every route of the lab's own."""
    yield from (HEADS["http"][language], "|---|---|---|")
    yield from (f"| {row.method} | `{row.path.replace(':int', '')}` | {row.summary} |" for row in OURS)


def rules(language: Language) -> Iterator[str]:
    """Which effects are possible at which stage, and in which protocols where it is not all that have the stage."""
    yield from (HEADS["rules"][language], "|---|---|")
    for stage in Stage:
        protocols = [protocol for protocol in spoken() if stage in stages(protocol)]
        rows = [(kind, [each for each in protocols if _is_possible(stage, kind, each)]) for kind in Kind]
        effects = (f"`{kind}`{_named(having) if having != protocols else ''}" for kind, having in rows if having)
        yield f"| `{stage}`{_named(protocols)} | {', '.join(effects)} |"


def _is_possible(stage: Stage, kind: Kind, protocol: Protocol) -> bool:
    return any(
        not why_not(Rule(stage, Effect(kind, code=code)), protocol) for code in ("451", "-ERR", "NO", "SERVFAIL")
    )


def _named(protocols: list[Protocol]) -> str:
    return f" ({', '.join(protocol.name.upper() for protocol in protocols)})"


TABLES: dict[str, Callable[[Language], Iterator[str]]] = {
    "keys": keys,
    "filters": filters,
    "services": services,
    "stories": stories,
    "rules": rules,
    "http": http,
    "lab http": lab_http,
    "said": said,
    "decided": decided,
    "smtp states": smtp_states,
    "pop3 states": pop3_states,
    "imap states": imap_states,
    "examples/docker/Dockerfile": lambda _: file("docker/Dockerfile", "dockerfile"),
    "examples/docker/compose.yaml": lambda _: file("docker/compose.yaml", "yaml"),
    "examples/docker/devcontainer.json": lambda _: file("docker/devcontainer.json", "json"),
    "examples/ci/gitlab.yaml": lambda _: file("ci/gitlab.yaml", "yaml"),
    "examples/ci/testcontainers.mjs": lambda _: file("ci/testcontainers.mjs", "js"),
    "examples/ci/workflow.yaml": lambda _: file("ci/workflow.yaml", "yaml"),
}
_MARKED = re.compile(rf"(<!-- ({'|'.join(TABLES)}) -->\n).*?(<!-- end -->)", re.DOTALL)


def renewed(path: Path) -> str:
    """A document with its tables as the program makes them, in the language of its folder."""
    language: Language = "vi" if path.parent.name == "vi" else "en"

    def made(table: re.Match[str]) -> str:
        return table[1] + "".join(f"{line}\n" for line in TABLES[table[2]](language)) + table[3]

    return _MARKED.sub(made, path.read_text("utf-8"))


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
        if (text := renewed(path)) != path.read_text("utf-8"):
            path.write_text(text, "utf-8")
            print(path.relative_to(ROOT))


if __name__ == "__main__":
    main()

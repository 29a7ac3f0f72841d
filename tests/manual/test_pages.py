"""The pages of the manual: which there are, and that what they print can be typed."""

import re
import shlex
import tomllib

import pytest

from maillab.cli.commands import COMMANDS
from maillab.cli.main import build
from maillab.cli.window import parse
from maillab.config_file import read as read_config
from maillab.manual.pages import TOPICS, is_translated, nearest, read, title
from tests.house import ROOT
from tests.papers import MANUAL, PAGES, README, page

DOCUMENTS = [README, *PAGES]
NAMES = [str(path.relative_to(ROOT)) for path in DOCUMENTS]
every_document = pytest.mark.parametrize("path", DOCUMENTS, ids=NAMES)


def fences(text, language):
    """The blocks of code of one language."""
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)


def typed(text):
    """The command lines of maillab in a document's blocks for the shell, as words."""
    for block in fences(text, "sh"):
        for line in re.split(r"\n|&&|[|;&]", block.replace("\\\n", " ")):
            words = shlex.split(line.partition(" > ")[0], comments=True)
            if words and words[0].rpartition("/")[2] == "maillab":
                yield words[1:]


def mentioned(text):
    """The command lines of maillab in running text, as words: some of them say FILE, some are not whole."""
    prose = re.sub(r"^```.*?^```$", "", text, flags=re.DOTALL | re.MULTILINE)
    for line in re.findall(r"`maillab ([^`\n]+)`", prose):
        yield re.findall(r"[^\s\[\]()|=]+", line)


def options_of(argv):
    """The options that a command has, or the window where the first word is no command."""
    parsers = build(argv[0])._subparsers._group_actions[0].choices if argv[0] in COMMANDS else {}
    return parsers[argv[0]]._option_string_actions if parsers else build()._option_string_actions


def test_topics_are_the_files():
    """Every English page is a topic; a translated page has its English one."""
    assert {path.stem for path in (MANUAL / "en").glob("*.md")} == set(TOPICS)
    assert {path.stem for path in (MANUAL / "vi").glob("*.md")} <= set(TOPICS)


@pytest.mark.parametrize("path", PAGES, ids=NAMES[1:])
def test_heading(path):
    """A page begins with the heading that the list of pages shows, and has no other of its rank."""
    text = re.sub(r"^```.*?^```$", "", path.read_text("utf-8"), flags=re.DOTALL | re.MULTILINE)
    assert re.findall("^# (.*)$", text, re.MULTILINE) == [title(path.stem, path.parent.name)]
    assert text.startswith("# ")


def test_read():
    """A page that is not translated is read in English; a topic that does not exist is an error."""
    assert read("keys", "en") == page("keys").read_text("utf-8")
    untranslated = next(topic for topic in TOPICS if not is_translated(topic, "vi"))
    assert read(untranslated, "vi") == read(untranslated, "en")
    with pytest.raises(LookupError):
        read("../en/keys", "en")


def test_nearest():
    """A mistyped topic, a part of one and a word of a heading lead to the page; nonsense leads nowhere."""
    assert nearest("sesions")[0] == "sessions"
    assert nearest("exit")[0] == "exit-codes"
    assert nearest("RFC") == ["standards"]
    assert nearest("xyzzy") == []


@every_document
def test_links_lead_somewhere(path):
    """Every link to a file leads to one, and to a heading that is there."""
    for target in re.findall(r"\]\(([^)]+)\)", path.read_text("utf-8")):
        if "://" not in target:
            file, _, anchor = target.partition("#")
            assert (path.parent / file).is_file(), target
            headings = re.findall("^#+ (.*)$", (path.parent / file).read_text("utf-8"), re.MULTILINE)
            assert anchor in ("", *(re.sub(r"[^\w -]", "", heading).lower().replace(" ", "-") for heading in headings))


@every_document
def test_commands_can_be_typed(path):
    """Every command line that a document prints for the shell is understood by the program."""
    for argv in typed(path.read_text("utf-8")):
        if argv and argv[0] in COMMANDS:
            assert build(argv[0]).parse_args(argv).command == argv[0]
        else:
            assert parse(argv)


@every_document
def test_mentioned_commands_exist(path):
    """A command that a document mentions exists, and so does every option."""
    for argv in mentioned(path.read_text("utf-8")):
        assert argv[0] in COMMANDS or argv[0].startswith("-") or argv[0] == "COMMAND", argv
        assert {word for word in argv if word.startswith("--") and word != "--"} <= set(options_of(argv)), argv


@every_document
def test_programs_can_be_read(path):
    """Python compiles, and a configuration in TOML is one."""
    text = path.read_text("utf-8")
    for block in fences(text, "python"):
        if ">>>" not in block:
            compile(block, str(path), "exec")
    for block in fences(text, "toml"):
        read_config(block.encode(), str(path))


@every_document
def test_what_topics_are_named(path):
    """`maillab help TOPIC` names a page that exists."""
    for topic in re.findall(r"maillab help ([a-z][a-z-]*)", path.read_text("utf-8")):
        assert topic in TOPICS


def test_the_readme_is_shown_anywhere():
    """The README holds no picture by an address that only the repository knows: a package index shows it whole."""
    pictures = re.findall(r"!\[[^\]]*\]\(([^)]*)\)|<img[^>]*src=\"([^\"]*)", README.read_text("utf-8"))
    assert [address for found in pictures for address in found if address and "://" not in address] == []


def test_the_metadata_is_true():
    """The authors are those of the licence, and every Python that is named is one that the package may be installed on."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    licence = (ROOT / "LICENSE").read_text("utf-8")
    assert all(author["name"] in licence for author in project["authors"])
    least = int(project["requires-python"].removeprefix(">=3."))
    pythons = re.findall(r"Python :: 3\.(\d+)", "\n".join(project["classifiers"]))
    assert min(map(int, pythons)) == least


def test_the_readme_leads_to_every_page():
    """The README links to every page."""
    linked = re.findall(r"\]\(maillab/manual/en/([\w-]+)\.md\)", README.read_text("utf-8"))
    assert sorted(linked) == sorted(TOPICS)

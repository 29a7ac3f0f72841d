"""What commands that start a lab have in common."""

import argparse
from pathlib import Path

import pytest

from maillab.cli.options import (
    add_lab_options,
    add_settings_options,
    fail,
    find_config,
    guarded,
    lab_path,
    language,
    takes_free_ports,
)
from maillab.cli.streams import OutputError
from maillab.config import ConfigError, default
from maillab.folder import FolderError

SITE = b"[[sites]]\ndomain = '%s.test'\npeople = [{ name = 'a', password = 'a' }]\n"


def parse(*argv):
    parser = argparse.ArgumentParser()
    add_lab_options(parser)
    add_settings_options(parser)
    return parser.parse_args(argv)


@pytest.fixture
def home(tmp_path, monkeypatch):
    """An empty home, and nothing of maillab in the environment."""
    for name in (
        "MAILLAB_LAB",
        "MAILLAB_CONFIG",
        "MAILLAB_LANG",
        "MAILLAB_PROFILE",
        "MAILLAB_RULES",
        "XDG_DATA_HOME",
        "XDG_CONFIG_HOME",
    ):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    return tmp_path


def test_nearer_places_win(home, monkeypatch):
    """Argument, environment, working folder, lab folder, XDG, default: the nearest configuration is in force."""
    lab = home / "lab"
    places = {
        "xdg": home / ".config/maillab/config.toml",
        "lab": lab / "lab.toml",
        "cwd": Path("maillab.toml"),
        "env": home / "env.toml",
        "argv": home / "argv.toml",
    }
    assert find_config(parse(), lab).config == default()
    for name, place in places.items():
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(SITE % name.encode())
        if name == "env":
            monkeypatch.setenv("MAILLAB_CONFIG", str(place))
        args = parse("--config", str(place)) if name == "argv" else parse()
        found = find_config(args, lab)
        assert found.config.sites[0].domain == f"{name}.test"
        assert found.source.endswith(place.name)


def test_the_command_line_wins_over_the_file(home, monkeypatch):
    """`--profile` and `--catch-all` hold with every configuration; MAILLAB_PROFILE where no argument says otherwise."""
    assert find_config(parse("--catch-all"), None).config.catch_all
    assert find_config(parse("--profile", "strict"), None).config.strictness == "strict"
    Path("maillab.toml").write_bytes(b"catch_all = false\n" + SITE % b"a")
    config = find_config(parse("--profile", "app"), None).config
    assert (config.sites[0].domain, config.profile, config.catch_all) == ("a.test", "app", False)
    assert find_config(parse("--catch-all"), None).config.catch_all
    monkeypatch.setenv("MAILLAB_PROFILE", "strict")
    assert find_config(parse(), None).config.strictness == "strict"
    assert find_config(parse("--profile", "classroom"), None).config.strictness == "classroom"
    with pytest.raises(ConfigError, match="unknown 'lax'; known: classroom"):
        find_config(parse("--profile", "lax"), None)


def test_a_named_file_must_be_there(home):
    """A configuration that was named and is missing or wrong is an error, never the default."""
    with pytest.raises(OSError, match="No such file"):
        find_config(parse("--config", "nothing.toml"), None)
    Path("maillab.toml").write_text("nonsense = 1")
    with pytest.raises(ConfigError, match=r"maillab\.toml:1: `nonsense`: unknown key"):
        find_config(parse(), None)


def test_the_lab_folder(home, monkeypatch):
    """Argument, environment, XDG data folder; none at all when ephemeral."""
    assert lab_path(parse()) == home / ".local/share/maillab/lab"
    monkeypatch.setenv("MAILLAB_LAB", str(home / "elsewhere"))
    assert lab_path(parse()) == home / "elsewhere"
    assert lab_path(parse("--lab", "~/mine")) == home / "mine"
    assert lab_path(parse("--ephemeral")) is None


def test_language(home, monkeypatch):
    """Argument, environment, English; an unknown language in the environment is English."""
    assert language(parse()) == "en"
    monkeypatch.setenv("MAILLAB_LANG", "vi")
    assert language(parse()) == "vi"
    assert language(parse("--lang", "en")) == "en"
    monkeypatch.setenv("MAILLAB_LANG", "tlh")
    assert language(parse()) == "en"


def test_failures_are_said_on_stderr_and_made_safe(capsys):
    """What failed is said on stderr, with our name, and no escape byte of a file name gets through (T262)."""
    assert fail(3, "cannot open \x1b]0;x\x07\n  try: this") == 3
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith("maillab: cannot open ")
    assert "\x1b" not in said.err
    assert "\n  try: this\n" in said.err


@pytest.mark.parametrize(
    ("error", "code", "words"),
    [
        (ConfigError("x.toml: bad"), 2, "x.toml: bad"),
        (FolderError("another maillab lives here"), 3, "another maillab"),
        (FileNotFoundError(2, "No such file or directory", "message.eml"), 2, "cannot read message.eml: No such file"),
    ],
)
def test_what_a_person_can_mend_is_a_sentence(capsys, error, code, words):
    """A wrong file, a folder that is taken, a file that is not there: a sentence and an exit code, no traceback."""

    def work():
        raise error

    assert guarded(work) == code
    assert words in capsys.readouterr().err


def test_a_reader_who_left_is_not_the_commands_business():
    """A broken pipe goes on to who knows what it means."""

    def work():
        raise OutputError(BrokenPipeError(32, "Broken pipe"))

    with pytest.raises(OutputError):
        guarded(work)
    assert guarded(lambda: 7) == 7


def test_rules_come_from_everywhere(home, monkeypatch):
    """Those of the file, of the environment, one a line, and of the command line hold together, in this order."""
    Path("maillab.toml").write_bytes(b"rules = ['at rcpt drop']\n")
    monkeypatch.setenv("MAILLAB_RULES", "at mail drop\n\n at data drop ")
    found = find_config(parse("--rule", "at rset drop", "--rule", "at noop drop once"), None)
    assert found.config.rules == ("at rcpt drop", "at mail drop", "at data drop", "at rset drop", "at noop drop once")


@pytest.mark.parametrize(
    ("rule", "complaint"),
    [
        ("at rcpt dorp", "--rule: no effect is called dorp; did you mean drop?\n  at rcpt dorp\n          ^"),
        ("at nosuch.test rcpt drop", "--rule: no site is called nosuch.test; there are sender.test, recipient.test"),
    ],
)
def test_what_is_no_rule_is_pointed_at(home, rule, complaint):
    """With what brought it, and the place in it."""
    with pytest.raises(ConfigError) as raised:
        find_config(parse("--rule", rule), None)
    assert str(raised.value).startswith(complaint)


@pytest.mark.parametrize(("words", "unasked", "free"), [
    ((), True, True), ((), False, False), (("--ports", "fixed"), True, False), (("--ports", "auto"), False, True),
])  # fmt: skip
def test_ports(words, unasked, free):
    """What was asked for is done, whatever the lab; free ports are taken unasked only where nothing was said."""
    assert takes_free_ports(parse("--ephemeral", *words), unasked=unasked) is free

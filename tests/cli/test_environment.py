"""Options that the environment sets."""

import pytest

from maillab.cli.environment import COMMANDS, BadVariable, said, variables
from maillab.cli.main import _parsed, build, command_of, run


def serve():
    return command_of(build("serve"), "serve")


def test_every_option_is_a_variable():
    """Also one that is added later; those that every command reads by itself are left to it."""
    assert {"MAILLAB_PORTS", "MAILLAB_HTTP", "MAILLAB_EPHEMERAL", "MAILLAB_CATCH_ALL", "MAILLAB_RECORD"} <= {
        *variables(serve())
    }
    assert not {"MAILLAB_LAB", "MAILLAB_LANG", "MAILLAB_HELP", "MAILLAB_HTTP_TOKEN"} & {*variables(serve())}


def test_what_it_says(monkeypatch):
    """Values, switches on and off; what is typed goes before it, and other commands do not hear of it."""
    for name, value in {"HTTP": "0", "PORTS": "auto", "EPHEMERAL": "Yes", "QUIET": "0", "FILTER": "leg:relay"}.items():
        monkeypatch.setenv(f"MAILLAB_{name}", value)

    args = _parsed(["serve", "--filter", "leg:submit"])
    assert (args.http, args.ports, args.ephemeral, args.quiet, args.filter) == (0, "auto", True, False, "leg:submit")
    assert not _parsed(["demo"]).ephemeral
    assert [*COMMANDS] == ["serve"]


@pytest.mark.parametrize(
    ("name", "value"), [("MAILLAB_PORTS", "some"), ("MAILLAB_QUIET", "perhaps"), ("MAILLAB_HTTP", "x")]
)
def test_what_cannot_be(monkeypatch, capsys, name, value):
    """It is a wrong use, and the variable is named where its option alone says nothing."""
    monkeypatch.setenv(name, value)

    with pytest.raises(SystemExit) as ended:
        run(["serve", "--ephemeral"])
    assert ended.value.code == 2
    assert (name if name != "MAILLAB_HTTP" else "--http") in capsys.readouterr().err
    with pytest.raises(BadVariable):
        said(serve(), {"MAILLAB_NOTATION": "smoke"})

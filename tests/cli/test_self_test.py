"""`maillab doctor --self-test` says for each capability whether it is as announced."""

import json

from maillab.cli.self_test import line, row
from maillab.selftest.claim import ClaimVerdict
from tests.cli.calling import call

SMALL = """
dns_port = 0
[[sites]]
domain = "a.test"
tls = false
ports = { submission = -1, imap = -1 }
people = [{ name = "ann", password = "ann" }]
services = { smtp = { without = ["DSN", "CHUNKING", "8BITMIME", "SMTPUTF8"] } }
"""


def test_a_small_lab(tmp_path, capsys):
    """Each row is a capability, the last line counts them; rules of the configuration disturb nothing here."""
    (tmp_path / "lab.toml").write_text(SMALL)
    wanted = ("doctor", "--self-test", "--config", str(tmp_path / "lab.toml"))
    assert call(*wanted, "--rule", "at rcpt answer 451") == 0
    *rows, last = capsys.readouterr().out.splitlines()
    assert last == f"{len(rows)} capabilities were used; 0 are not as announced"
    assert {tuple(told.split()[:4]) for told in rows} >= {
        ("ok", "a.test", "smtp", "LIMITS"),
        ("ok", "a.test", "pop3", "TOP"),
    }
    assert call(*wanted, "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert len(told) == len(rows)
    assert {
        "site": "a.test",
        "service": "smtp",
        "capability": "HELP",
        "when": ["in clear"],
        "proved": True,
        "why": "",
    } in told


def test_a_lie(monkeypatch, capsys):
    """It is a row that says why, and the exit code is 1."""
    lie = ClaimVerdict("a.test", "smtp", "ETRN", ("in clear", "inside TLS"), "it is \x1b[31mannounced", "inside TLS")
    assert line(lie).splitlines()[1] == "      inside TLS: it is ␛[31mannounced"
    assert row(lie)["proved"] is False
    monkeypatch.setattr("maillab.cli.self_test.everything", lambda config: iter([lie]))
    assert call("doctor", "--self-test", "--ephemeral") == 1
    assert "fail  a.test smtp" in capsys.readouterr().out

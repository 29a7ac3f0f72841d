"""`maillab ready`: does a lab run?"""

import json

from tests.cli.calling import beside, call


def test_a_running_lab(tmp_path, capsys):
    """A lab that runs is ready: a sentence, or an object with its services and without a password."""
    lab = tmp_path / "lab"
    ready = ["ready", "--lab", str(lab)]
    assert beside(lab, ready, [*ready, "--json"], [*ready, "--lang", "vi"]) == [0, 0, 0]
    english, shown, vietnamese = capsys.readouterr().out.splitlines()
    assert english.startswith(f"ready: the lab in {lab} (process ")
    assert vietnamese.startswith(f"sẵn sàng: lab ở {lab} ")
    told = json.loads(shown)
    assert {"smtp", "submission", "pop3", "dns"} <= {endpoint["service"] for endpoint in told["endpoints"]}
    assert "alice@sender.test" in told["accounts"]
    assert "password" not in shown
    assert call(*ready) == 1


def test_nobody(tmp_path, capsys):
    """Where no lab runs, the exit code is 1 at once, and 4 after waiting."""
    assert call("ready", "--lab", str(tmp_path)) == 1
    assert capsys.readouterr().err == f"maillab: no lab is ready in {tmp_path}\n  start one: maillab serve\n"
    assert call("ready", "--lab", str(tmp_path), "--timeout", "60ms") == 4
    assert "within 0.06 s" in capsys.readouterr().err

"""`maillab locate`."""

import json

from maillab.cli.main import run


def test_places_are_named(tmp_path, capsys):
    """Every place is named, whether it exists or not."""
    assert run(["locate", "--lab", str(tmp_path)]) == 0
    said = capsys.readouterr().out
    for word in ("lab", "mail", "queue", "sessions", "certificate", "configuration"):
        assert word in said
    assert str(tmp_path / "ca" / "ca.pem") in said


def test_as_json(tmp_path, capsys):
    """The same as one object."""
    assert run(["locate", "--lab", str(tmp_path), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["mail"] == str(tmp_path / "mail")

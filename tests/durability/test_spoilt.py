"""The kind: a suite that would find nothing, whatever was wrong. Each precaution is taken out, and its loss is found."""

from pathlib import Path

import pytest

from tests.durability import calls
from tests.durability.day import BOB, Day, prepare, record
from tests.durability.disk import read_tree
from tests.durability.power import Moment, cut
from tests.support import need


@pytest.mark.judge
@pytest.mark.parametrize(
    ("spoilt", "end", "lost"),
    [
        ("no_folder_sync", "nothing", "m000 at bob@recipient.test/INBOX: 0 instead of 1 (promised by accept)"),
        pytest.param(
            "no_file_sync", "lengths", "('bob@recipient.test', 'INBOX'): b'\\x00\\x00", marks=pytest.mark.slow
        ),
        ("normal", "nothing", "m001 at bob@recipient.test/INBOX: 0 instead of 1 (promised by deliver)"),
        ("name_first", "names", "('bob@recipient.test', 'INBOX'): b''"),
        pytest.param("", "nothing", "", marks=pytest.mark.slow),
    ],
    ids=["no folder sync", "no file sync", "synchronous=NORMAL", "name before octets", "nothing taken out"],
)
def test_what_a_precaution_is_for(tmp_path: Path, spoilt: str, end: str, lost: str) -> None:
    """Without it a message is lost or torn in one of the ways in which the power can go; with all of them none is."""
    need("strace")
    root, log = tmp_path / "root", tmp_path / "log"
    prepare(root)
    day, before = Day(root), read_tree(root)
    if spoilt:
        day.program = "tests.durability.spoilt"
    with day.lab(under=["env", f"SPOILT={spoilt}", *calls.command(log)]) as lab:
        day.mark(lab)
        day.send(lab, "accept", [BOB])
        day.send(lab, "deliver", [BOB], site="sender.test")
        lab.kill()

    def wanted(moment: Moment, _: str) -> bool:
        return moment.is_answered or (spoilt == "name_first" and moment.operation == "accept")

    outcome = cut(record(day, before, [log]), tmp_path, wanted, (end,))

    assert bool(outcome.wrong) == bool(spoilt), outcome.wrong
    assert any(lost in wrong for wrong in outcome.wrong) or not spoilt, outcome.wrong

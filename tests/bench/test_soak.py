"""The soak, for a moment: its ledger can tell what it must, and a few seconds of it lose nothing."""

from collections import Counter

from tests.bench.soak import CONFIG, RULES, Ledger, Settled, Soak
from tests.serving import Serving


def test_a_ledger_tells_what_was_lost():
    """Promised and nowhere is lost; delivered and never sent is told; a copy too many is counted, and no loss."""
    ledger = Ledger({b"kept", b"read", b"back", b"gone"}, {b"cut"}, Counter({b"read": 1}))
    told = ledger.settle([b"kept", b"kept", b"cut", b"whose"], [b"back"])
    assert told == Settled(promised=4, delivered=2, bounced=1, lost=1, twice=1, unasked=1)


def test_a_moment_of_trouble(tmp_path, monkeypatch):
    """Everybody at work among refusals and cut connections: all that was promised is delivered or has bounced."""
    config = tmp_path / "soak.toml"
    config.write_text(CONFIG)
    rules = [word for rule in RULES for word in ("--rule", rule.replace("1%", "10%").replace("delay 1s", "delay 1ms"))]
    monkeypatch.setenv("COUNTED", str(counted := tmp_path / "tasks"))
    with Serving("--quiet", "--config", str(config), *rules, keep=False, program="tests.bench.counted") as lab:
        soak = Soak(lab, counted, seconds=2, rate=40, senders=4)
        soak.run(lambda line: None)
        settled, tasks = soak.settle(), int(counted.read_text())
    assert settled.promised > 10
    assert tasks > 0
    assert (settled.lost, settled.unasked) == (0, 0), settled

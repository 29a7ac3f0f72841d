"""The kind: a write-ahead log with a wrong octet, which SQLite passes over in silence."""

import sqlite3
from pathlib import Path

import pytest

from maillab.journal import has_lost_transactions


@pytest.fixture
def log(tmp_path: Path) -> bytes:
    """Of five transactions, as a killed process leaves it, behind it the end of an older log."""
    database = sqlite3.connect(tmp_path / "x.db", isolation_level=None)
    database.execute("PRAGMA journal_mode = WAL")
    database.execute("CREATE TABLE word (text)")
    for round in range(2):
        for number in range(9 - 4 * round):
            database.execute("INSERT INTO word VALUES (?)", [f"{number}" * 3000])
        octets = (tmp_path / "x.db-wal").read_bytes()
        database.execute("PRAGMA wal_checkpoint(RESTART)")
    database.close()
    return octets


def found(folder: Path, log: bytes) -> int:
    """How many transactions of the log SQLite finds."""
    folder.mkdir()
    (folder / "x.db").write_bytes(EMPTY)
    (folder / "x.db-wal").write_bytes(log)
    database = sqlite3.connect(folder / "x.db")
    _, frames, _ = database.execute("PRAGMA wal_checkpoint").fetchone()
    database.close()
    return int(frames)


def _empty() -> bytes:
    database = sqlite3.connect(":memory:", isolation_level=None)
    database.execute("PRAGMA page_size = 4096")
    database.execute("CREATE TABLE word (text)")
    octets = bytearray(database.serialize())
    octets[18:20] = b"\x02\x02"  # it has a write-ahead log
    database.close()
    return bytes(octets)


EMPTY = _empty()


def test_a_whole_log(log: bytes) -> None:
    """Nothing is missing, wherever a killed process stopped to write it, and whatever an older log has left behind."""
    assert len(log) > 40_000
    for end in (*range(0, len(log), 997), len(log)):
        assert not has_lost_transactions(log[:end])
    assert not has_lost_transactions(bytes(len(log)))


def test_a_wrong_octet(tmp_path: Path, log: bytes) -> None:
    """SQLite stops at it; that is noticed wherever the end of a transaction is behind it. The last frame may be torn."""
    whole = found(tmp_path / "whole", log)
    ends = [n for n in range(whole) if any(log[32 + n * 4120 + 4 : 32 + n * 4120 + 8])]  # frames that end a transaction
    noticed = 0
    for place in range(3, 32 + whole * 4120, 467):
        octets = bytearray(log)
        octets[place] ^= 4
        frames = found(tmp_path / f"{place}", bytes(octets))
        lost = has_lost_transactions(bytes(octets))
        noticed += lost
        assert frames < whole
        assert lost == (place < 32 or (place - 32) // 4120 < ends[-1]), place
    assert noticed > 20


@pytest.mark.parametrize("change", [7, 1, 4120, -1, -7, -512])
def test_what_is_behind_has_moved(tmp_path: Path, log: bytes, change: int) -> None:
    """Octets that came in between, or are missing, move all frames behind them: SQLite finds none of these."""
    whole = found(tmp_path / "whole", log)
    places = range(32 + 50, 32 + (whole - 2) * 4120, 1009)
    for place in places:
        moved = log[:place] + bytes(change) + log[place:] if change > 0 else log[:place] + log[place - change :]
        assert found(tmp_path / f"{place}", moved) < whole
        assert has_lost_transactions(moved), place
    assert len(places) > 10

"""A queue that was filled before its lab begins."""

from maillab.sender.store import QueueStore
from tests.bench.growth import LONG, defer


def test_deferred_jobs_wait(tmp_path):
    """Each is a job for a domain, due later, as the lab would have left it."""
    QueueStore(tmp_path).close()
    defer(tmp_path, 3)
    defer(tmp_path, 2)

    store = QueueStore(tmp_path)
    loaded = store.load()
    store.close()
    assert [job.ident for job in loaded.jobs] == ["L1.1", "L2.1", "L3.1", "L4.1", "L5.1"]
    assert {job.domain for job in loaded.jobs} == {"elsewhere.test"}
    assert all(job.due - job.born == LONG for job in loaded.jobs)

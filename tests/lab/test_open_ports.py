"""The ports at which a lab listens."""

from maillab.lab.open_ports import with_open_ports
from maillab.testing import RunningLab


def test_what_listens_now():
    """A site that runs has the ports that are open, one that does not keeps its own; what is no site is left alone."""
    sites = [{"domain": "recipient.test", "ports": {"smtp": 9}}, {"domain": "gone.test", "ports": {"smtp": 9}}, "?"]
    with RunningLab() as running:
        there, gone, odd = with_open_ports({"sites": sites}, running.lab)["sites"]
        assert there["ports"]["smtp"] == running.lab.endpoint("recipient.test", "smtp").port
        assert with_open_ports({"sites": 7}, running.lab) == {"sites": 7}
    assert (gone, odd) == (sites[1], "?")
    assert sites[0]["ports"] == {"smtp": 9}

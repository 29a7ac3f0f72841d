"""The crowd, a hundredth of it."""

import asyncio

from tests.bench.crowd import measure
from tests.serving import Serving


def test_a_small_crowd(capsys):
    """Ten, three and two are served at once, and thirty look in; each line counts them."""
    with Serving("--quiet", keep=False) as lab:
        assert asyncio.run(measure(lab, share=0.01, connects=30))
    told = capsys.readouterr().out
    for line in ("10 of 10 served at smtp", "3 of 3 served at imap", "2 of 2 served at pop3", "30 of 30 looked in"):
        assert line in told

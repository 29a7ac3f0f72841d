"""Line ends, looked at in a whole block at once."""

import itertools
import re

from maillab.mail.line_ends import all_crlf

ALONE = re.compile(rb"\r(?!\n)|(?<!\r)\n")


def test_every_short_text():
    """Whatever of CR, LF and other octets stands in a text, what stands alone is seen."""
    for length in range(8):
        for octets in map(bytes, itertools.product(b"\r\n\0", repeat=length)):
            assert all_crlf(octets) == (ALONE.search(octets) is None), octets
